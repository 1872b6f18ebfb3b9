import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from network import uploads
from tests.network.uploads import hostile
from tests.network.uploads.hostile import SECRET


def rebuilt(content: bytes) -> uploads.RebuiltFile:
    return uploads.rebuild_image(SimpleUploadedFile("photo.jpg", content))


def opened(result: uploads.RebuiltFile) -> Image.Image:
    return Image.open(io.BytesIO(result.read()))


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (hostile.camera_jpeg(), "image/jpeg"),
        (hostile.talkative_png(), "image/png"),
        (hostile.talkative_webp(), "image/webp"),
        (hostile.gif_that_is_also_a_script(), "image/png"),
    ],
)
def test_no_seeded_string_survives(content: bytes, content_type: str) -> None:
    assert SECRET.encode() in content
    result = rebuilt(content)
    clean = opened(result)
    clean.load()
    assert SECRET.encode() not in result.read()
    assert result.content_type == content_type
    assert not clean.getexif()
    assert not {"icc_profile", "exif", "xmp", "comment"} & set(clean.info)
    assert b"Exif" not in result.read()
    assert b"alert" not in result.read()


def test_photo_stands_upright() -> None:
    result = rebuilt(hostile.camera_jpeg())
    assert (result.width, result.height) == (40, 60)
    clean = opened(result)
    # what was left and dark is above after the quarter turn
    assert hostile.brightness(clean, 20, 10) < 60
    assert hostile.brightness(clean, 20, 50) > 200


def test_moving_picture_becomes_its_first_frame() -> None:
    clean = opened(rebuilt(hostile.gif_that_is_also_a_script()))
    assert getattr(clean, "n_frames", 1) == 1
    assert clean.format == "PNG"


def test_transparency_stays() -> None:
    ghost = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    clean = opened(rebuilt(hostile.encoded(ghost, "PNG")))
    assert hostile.brightness(clean.getchannel("A"), 5, 5) == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixels_passes(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    plain = Image.new("L", (8, 8), 200)
    source = (
        Image.new(mode, (8, 8), 200 * 256) if mode == "I;16" else plain.convert(mode)
    )
    clean = opened(rebuilt(hostile.encoded(source, form)))
    assert clean.mode in {"L", "RGB", "RGBA"}
    assert abs(hostile.brightness(clean, 4, 4) - 200) < 60


def test_huge_photo_is_made_smaller() -> None:
    result = rebuilt(hostile.encoded(Image.new("L", (6000, 3000)), "JPEG"))
    assert (result.width, result.height) == (4096, 2048)


def test_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(uploads.Rejected, match="million pixels"):
        rebuilt(hostile.png_bomb())


def test_picture_over_the_cap_is_refused_though_pillow_would_take_it() -> None:
    with pytest.raises(uploads.Rejected, match="50 million pixels"):
        rebuilt(hostile.png_bomb(8000, 7000))


def test_bomb_in_a_text_chunk_is_refused() -> None:
    with pytest.raises(uploads.Rejected):
        rebuilt(hostile.png_text_bomb())


@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_truncated_picture_is_refused(form: str, part: float) -> None:
    noise = Image.effect_noise((200, 200), 60)
    whole = hostile.encoded(noise, form)
    with pytest.raises(uploads.Rejected, match="incomplete"):
        rebuilt(whole[: int(len(whole) * part)])


@pytest.mark.parametrize(
    "content", [hostile.svg(), hostile.program(), hostile.document_with_macro(), b""]
)
def test_what_is_no_picture_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(uploads.Rejected, match="JPEG"):
        rebuilt(content)


def test_picture_of_too_many_bytes_is_refused_unread() -> None:
    limits = uploads.Limits(image_bytes=1000)
    content = hostile.camera_jpeg() + b"\x00" * 1000
    with pytest.raises(uploads.Rejected, match="larger than"):
        uploads.rebuild_image(SimpleUploadedFile("a.jpg", content), limits=limits)
