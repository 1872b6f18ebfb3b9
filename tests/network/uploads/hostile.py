"""Hostile and telltale files, made on the spot. Each carries `SECRET` where it can."""

import io
import struct
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import numpy as np
import pikepdf
from av.bitstream import BitStreamFilterContext
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, PngImagePlugin, TiffImagePlugin

SECRET = "SEEDED-Halle-52.5163N"
PLACE = (52.0, 30.0, 58.7)
SECONDS = 2
SEI_ID = UUID("086f3693-b7b3-4f2c-9653-21492feee5b8").hex


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Left half dark, right half light, so that its orientation shows."""
    canvas = Image.new(mode, (width, height))
    canvas.paste(Image.new(mode, (width // 2, height), "white"), (width // 2, 0))
    return canvas


def brightness(image: Image.Image, x: int, y: int) -> int:
    return int(np.asarray(image.convert("L"))[y, x])


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def camera_jpeg() -> bytes:
    """On its side, with place, owner, comment, preview and profile."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    exif[0x013B] = exif[0x010E] = SECRET
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", tuple(TiffImagePlugin.IFDRational(part) for part in PLACE)
    gps[29] = SECRET
    xmp = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    profile = b"\x00" * 128 + SECRET.encode()
    return encoded(
        picture(), "JPEG", exif=exif, comment=SECRET, icc_profile=profile, xmp=xmp
    )


def talkative_png() -> bytes:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Author", SECRET)
    chunks.add_text("Comment", SECRET, zip=True)
    chunks.add_itxt("Place", SECRET)
    chunks.add(b"prVt", SECRET.encode())
    return encoded(picture(), "PNG", pnginfo=chunks) + SECRET.encode()


def talkative_webp() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = SECRET
    return encoded(picture(), "WEBP", exif=exif, xmp=SECRET.encode())


def gif_that_is_also_a_script() -> bytes:
    """Valid as both: the width in the header opens a comment of JavaScript."""
    frames = [picture(), picture(mode="L").convert("RGB")]
    plain = encoded(
        frames[0], "GIF", save_all=True, append_images=frames[1:], comment=SECRET
    )
    return plain + f"*/=1;alert('{SECRET}')//".encode()


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Says that it is huge; a decoder that believes it asks for 10 GB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Comment", "A" * 200_000_000, zip=True)
    return encoded(picture(), "PNG", pnginfo=chunks)


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def program() -> bytes:
    return b"MZ\x90\x00\x03" + b"\x00" * 200 + b"This program cannot be run in DOS mode"


def document_with_macro() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("word/vbaProject.bin", SECRET)
    return out.getvalue()


def telltale_pdf() -> bytes:
    """Every place of a PDF that acts, hides or tells."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 100)).obj
        _draw(pdf, page)
        _act(pdf, page)
        _tell(pdf, page)
        out = io.BytesIO()
        pdf.save(out)
        return _revised(out.getvalue())


def _draw(pdf: Pdf, page: Any) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    photo = Stream(pdf, camera_jpeg())
    photo.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40,
            ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
            Metadata=pdf.make_stream(SECRET.encode()),
        )
    )  # fmt: skip
    page.Resources = Dictionary(
        Font=Dictionary(F1=font),
        XObject=Dictionary(Photo=photo),
        Properties=Dictionary(P0=Dictionary(Note=String(SECRET))),
    )
    page.Contents = pdf.make_stream(
        b"q 60 0 0 40 100 30 cm /Photo Do Q BT /F1 12 Tf 10 50 Td (visible words) Tj ET"
    )
    page.Contents.Note = String(SECRET)


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{SECRET}')"))


def _act(pdf: Pdf, page: Any) -> None:
    launch = Dictionary(S=Name.Launch, F=String(SECRET))
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=launch,
        T=String(SECRET), Contents=String(SECRET),
    )  # fmt: skip
    page.Annots = Array([pdf.make_indirect(link)])
    page.AA = Dictionary(O=_script())
    pdf.Root.OpenAction = _script()
    pdf.Root.AA = Dictionary(WC=_script())
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("run"), _script()]))
    )
    field = Dictionary(FT=Name.Tx, T=String(SECRET), V=String(SECRET))
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([pdf.make_indirect(field)]), XFA=pdf.make_stream(SECRET.encode())
    )


def _tell(pdf: Pdf, page: Any) -> None:
    pdf.attachments["secret.txt"] = SECRET.encode()
    pdf.docinfo.Author = String(SECRET)
    pdf.docinfo.Producer = String(SECRET)
    pdf.Root.Metadata = pdf.make_stream(f"<xmp>{SECRET}</xmp>".encode())
    pdf.Root.Lang = String("en-GB")
    pdf.Root.StructTreeRoot = Dictionary(T=String(SECRET), ActualText=String(SECRET))
    page.PieceInfo = Dictionary(Editor=Dictionary(Private=String(SECRET)))
    page.LastModified = String(SECRET)
    page.Metadata = pdf.make_stream(SECRET.encode())


def _revised(content: bytes) -> bytes:
    """As an editor leaves it that appends: old words stand before the new table."""
    at = content.rindex(b"startxref")
    return content[:at] + f"% {SECRET}\n".encode() + content[at:]


def pdf_of_pages(count: int) -> bytes:
    with Pdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def locked_pdf(password: str = "") -> bytes:
    """Also one that opens without a password forbids what we must do."""
    with Pdf.open(io.BytesIO(pdf_of_pages(1))) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=password))
        return out.getvalue()


def sound(path: Path, codec: str, **options: Any) -> bytes:
    """Two seconds of a tone, with every tag that the format takes."""
    with av.open(str(path), "w", **options) as out:
        out.metadata.update(title=SECRET, artist=SECRET, comment=SECRET)
        _write_tone(out, _sound_stream(out, codec))
    return path.read_bytes()


def _sound_stream(out: Any, codec: str) -> Any:
    rate = 48000 if codec == "libopus" else 44100
    stream = out.add_stream(codec, rate=rate, layout="mono")
    stream.metadata["title"] = SECRET
    return stream


def _write_tone(out: Any, stream: Any) -> None:
    times = np.arange(stream.rate * SECONDS) / stream.rate
    samples = (np.sin(times * 440 * 2 * np.pi) * 8000).astype(np.int16)[None, :]
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate, frame.pts = stream.rate, 0
    out.start_encoding()
    size = stream.codec_context.frame_size
    resampler = av.AudioResampler(stream.format, "mono", stream.rate, size)
    for part in (*resampler.resample(frame), *resampler.resample(None)):
        out.mux(stream.encode(part))
    out.mux(stream.encode(None))


def film(path: Path, *, video: str = "libx264", audio: str = "aac") -> bytes:
    """Two seconds that grow lighter, with place and names in the container."""
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata.update(title=SECRET, location="+52.5163+013.3777/")
        out.metadata["com.apple.quicktime.location.ISO6709"] = SECRET
        stream: Any = out.add_stream(video, rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.metadata["handler_name"] = SECRET
        tone = _sound_stream(out, audio)
        _write_pictures(out, stream)
        _write_tone(out, tone)
    return path.read_bytes()


def _write_pictures(out: Any, stream: Any) -> None:
    for number in range(20):
        pixels = np.full((120, 160, 3), number * 10, np.uint8)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, 10)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def film_with_camera_remark(folder: Path) -> bytes:
    """H.264 whose own stream carries the remark, as some cameras write the place."""
    film(folder / "plain.mp4")
    target = folder / "remark.mp4"
    with av.open(str(folder / "plain.mp4")) as source, av.open(str(target), "w") as out:
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        remark = f"h264_metadata=sei_user_data={SEI_ID}+{SECRET}"
        annotate = BitStreamFilterContext(remark, stream, copy)
        for packet in source.demux(stream):
            for changed in annotate.filter(packet if packet.size else None):
                changed.stream = copy
                out.mux(changed)
    return target.read_bytes()
