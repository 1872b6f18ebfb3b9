import io
import zlib
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Name, Pdf
from PIL import Image

from network import uploads
from network.uploads import segments
from tests.network.uploads import hostile
from tests.network.uploads.hostile import SECRET


def rebuilt(content: bytes) -> bytes:
    return uploads.rebuild_pdf(io.BytesIO(content)).read()


def spelled_out(content: bytes) -> bytes:
    """All objects and streams uncompressed, so that a search in them is honest."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        out = io.BytesIO()
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def test_corpus_really_carries_the_secret() -> None:
    assert spelled_out(hostile.telltale_pdf()).count(SECRET.encode()) >= 15


def test_no_seeded_string_survives() -> None:
    clean = rebuilt(hostile.telltale_pdf())
    for view in (clean, spelled_out(clean)):
        assert SECRET.encode() not in view
        assert SECRET.encode("utf-16-be") not in view


@pytest.mark.parametrize(
    "word",
    ["/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/EmbeddedFile", "/XFA",
     "/AcroForm", "/Annots", "/Metadata", "/PieceInfo", "/Info", "/Names", "/Producer"],
)  # fmt: skip
def test_nothing_acts_and_nothing_tells(word: str) -> None:
    clean = spelled_out(rebuilt(hostile.telltale_pdf()))
    assert word.encode() not in clean


def test_what_is_drawn_stays() -> None:
    with Pdf.open(io.BytesIO(rebuilt(hostile.telltale_pdf()))) as pdf:
        page = pdf.pages[0]
        assert b"visible words" in page.Contents.read_bytes()
        assert [float(side) for side in page.mediabox] == [0, 0, 200, 100]
        assert str(pdf.Root.Lang) == "en-GB"
        photo = page.Resources.XObject.Photo
        assert Image.open(io.BytesIO(photo.read_raw_bytes())).size == (60, 40)
        shown = Image.open(io.BytesIO(photo.read_raw_bytes()))
        assert hostile.brightness(shown, 55, 20) > 200


def test_photo_packed_twice_is_cleaned_too() -> None:
    with Pdf.open(io.BytesIO(hostile.telltale_pdf())) as pdf:
        photo = pdf.pages[0].Resources.XObject.Photo
        photo.write(
            zlib.compress(hostile.camera_jpeg()),
            filter=Array([Name.FlateDecode, Name.DCTDecode]),
        )
        out = io.BytesIO()
        pdf.save(out)
    with Pdf.open(io.BytesIO(rebuilt(out.getvalue()))) as clean:
        photo = clean.pages[0].Resources.XObject.Photo
        assert photo.Filter == Name.DCTDecode
        assert SECRET.encode() not in photo.read_raw_bytes()


def test_inherited_page_size_is_kept() -> None:
    with Pdf.open(io.BytesIO(hostile.pdf_of_pages(2))) as pdf:
        pdf.Root.Pages.MediaBox = Array([0, 0, 300, 400])
        for page in pdf.pages:
            del page.obj["/MediaBox"]
        out = io.BytesIO()
        pdf.save(out)
    with Pdf.open(io.BytesIO(rebuilt(out.getvalue()))) as clean:
        assert [float(s) for s in clean.pages[1].mediabox] == [0, 0, 300, 400]


def test_pages_are_counted() -> None:
    result = uploads.rebuild_pdf(io.BytesIO(hostile.pdf_of_pages(3)))
    assert result.pages == 3
    limits = uploads.Limits(pages=2)
    with pytest.raises(uploads.Rejected, match="more than 2 pages"):
        uploads.rebuild_pdf(io.BytesIO(hostile.pdf_of_pages(3)), limits=limits)


@pytest.mark.parametrize("password", ["", "open sesame"])
def test_locked_pdf_is_refused(password: str) -> None:
    with pytest.raises(uploads.Rejected, match="password"):
        rebuilt(hostile.locked_pdf(password))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_truncated_pdf_is_refused(part: float) -> None:
    whole = hostile.telltale_pdf()
    with pytest.raises(uploads.Rejected, match="damaged"):
        rebuilt(whole[: int(len(whole) * part)])


@pytest.mark.parametrize(
    "content",
    [hostile.program(), hostile.document_with_macro(), b"<script>%PDF-1.7</script>"],
)
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(uploads.Rejected, match="not a PDF"):
        rebuilt(content)


def test_bare_jpeg_shows_the_same_pixels() -> None:
    for options in ({}, {"progressive": True}, {"restart_marker_blocks": 2}):
        source = hostile.encoded(Image.effect_noise((64, 64), 50), "JPEG", **options)
        bare = segments.bare_jpeg(source + SECRET.encode())
        pixels = [Image.open(io.BytesIO(data)).tobytes() for data in (source, bare)]
        assert pixels[0] == pixels[1]
        assert SECRET.encode() not in bare


def test_bare_jpeg_2000_shows_the_same_pixels() -> None:
    image = Image.effect_noise((64, 64), 50)
    source: Any = hostile.encoded(image, "JPEG2000", comment=SECRET)
    box = len(SECRET) + 8
    tail = box.to_bytes(4) + b"xml " + SECRET.encode()
    bare = segments.bare_jp2(source + tail)
    assert (source + tail).count(SECRET.encode()) == 2
    assert SECRET.encode() not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == image.tobytes()


@pytest.mark.parametrize("cut", [1, 3, 30, 300])
def test_broken_pictures_are_noticed(cut: int) -> None:
    noise = Image.effect_noise((64, 64), 50)
    with pytest.raises(ValueError, match="JPEG"):
        segments.bare_jpeg(hostile.encoded(noise, "JPEG")[:-cut])
