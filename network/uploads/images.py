"""Pictures, drawn anew: only pixels pass, nothing that was written beside them."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from network.uploads.files import (
    DEFAULT_LIMITS,
    Kind,
    Limits,
    RebuiltFile,
    Rejected,
    Upload,
    rebuilt,
    whole,
)
from network.uploads.sniff import Format, format_of

LONGEST_SIDE = 4096
INPUTS = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.GIF})
# a moving GIF becomes a still PNG of its first frame
OUTPUTS = {Format.GIF: Format.PNG}
ENCODING: dict[Format, dict[str, Any]] = {
    Format.JPEG: {"quality": 86, "optimize": True, "progressive": True},
    Format.PNG: {"optimize": False},
    Format.WEBP: {"quality": 86, "method": 4},
}
EXTENSION = {Format.JPEG: "jpg", Format.PNG: "png", Format.WEBP: "webp"}
DEEP_GREY = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})


def rebuild_image(file: Upload, *, limits: Limits = DEFAULT_LIMITS) -> RebuiltFile:
    """Upright, without metadata or colour profile, at most 4096 pixels to a side."""
    found = format_of(file)
    if found not in INPUTS:
        raise Rejected(
            _("This is not a picture that we can take. Save it as JPEG, PNG or WebP.")
        )
    source = whole(file, limits.image_bytes)
    with _refusals():
        with Image.open(source, formats=[found]) as picture:
            _refuse_too_many_pixels(picture, limits)
            clean = _redrawn(picture)
        return _encoded(clean, OUTPUTS.get(found, found))


@contextmanager
def _refusals() -> Iterator[None]:
    damaged = _("This picture is damaged or incomplete. Save it again and send it.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(DEFAULT_LIMITS) from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
    ) as error:
        raise Rejected(damaged) from error


def _too_many_pixels(limits: Limits) -> Rejected:
    millions = limits.image_pixels // 1_000_000
    return Rejected(
        _("This picture has more than %(millions)d million pixels. Make it smaller.")
        % {"millions": millions}
    )


def _refuse_too_many_pixels(picture: Image.Image, limits: Limits) -> None:
    # the header alone is read so far; decoding is what a bomb waits for
    if picture.width * picture.height > limits.image_pixels:
        raise _too_many_pixels(limits)


def _redrawn(picture: Image.Image) -> Image.Image:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.seek(0)
    upright = _plain_mode(ImageOps.exif_transpose(picture))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # a new canvas: Pillow would carry text, profile and Exif of the old one along
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def _plain_mode(picture: Image.Image) -> Image.Image:
    """Grey or colour, each with transparency where there is some. A colour profile is
    dropped unread: its parser is no place for strangers' bytes."""
    if picture.mode in DEEP_GREY:
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")


def _encoded(picture: Image.Image, target: Format) -> RebuiltFile:
    out = io.BytesIO()
    if target is Format.JPEG and picture.mode == "RGBA":
        picture = picture.convert("RGB")
    picture.save(out, target, **ENCODING[target])
    return rebuilt(
        out.getvalue(),
        kind=Kind.IMAGE,
        content_type=f"image/{target}",
        extension=EXTENSION[target],
        width=picture.width,
        height=picture.height,
    )
