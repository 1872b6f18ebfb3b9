"""The type of a file by its content. The name and the type that came along may lie."""

from enum import StrEnum

import puremagic
from puremagic import PureError

from network.uploads.files import Upload

HEAD_BYTES = 8192
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Format(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    PDF = "pdf"
    MP3 = "mp3"
    AAC = "aac"
    OGG = "ogg"
    MP4 = "mp4"
    WEBM = "webm"
    VTT = "vtt"


BY_EXTENSION = {
    ".jpg": Format.JPEG,
    ".jpeg": Format.JPEG,
    ".jfif": Format.JPEG,
    ".png": Format.PNG,
    ".webp": Format.WEBP,
    ".gif": Format.GIF,
    ".pdf": Format.PDF,
    ".mp3": Format.MP3,
    ".mpga": Format.MP3,
    ".aac": Format.AAC,
    ".ogg": Format.OGG,
    ".oga": Format.OGG,
    ".opus": Format.OGG,
    ".mp4": Format.MP4,
    ".m4a": Format.MP4,
    ".m4v": Format.MP4,
    ".mov": Format.MP4,
    ".webm": Format.WEBM,
    ".vtt": Format.VTT,
}


def format_of(file: Upload) -> Format | None:
    """`None` for whatever we do not take. That it matches proves nothing yet: each
    rebuilder opens the file as this one format and as no other."""
    file.seek(0)
    head = file.read(HEAD_BYTES).removeprefix(BYTE_ORDER_MARK)
    file.seek(0)
    try:
        matches = puremagic.magic_string(head)
    except (PureError, ValueError):
        return None
    found = (BY_EXTENSION.get(match.extension) for match in matches)
    return next((each for each in found if each), None)
