"""Compressed pictures inside other files, without what is written beside the pixels."""

from collections.abc import Iterator

JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
SCAN, ADOBE, COMMENT = 0xDA, 0xEE, 0xFE
APPLICATION_DATA = range(0xE0, 0xF0)
ADOBE_BYTES = 16  # marker, length, "Adobe", version, flags, transform

JP2_START = b"\x00\x00\x00\x0cjP  "
JP2_BOXES = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
CODESTREAM_START = b"\xff\x4f\xff\x51"
TILE, CODESTREAM_COMMENT = b"\xff\x90", b"\xff\x64"


def bare_jpeg(data: bytes) -> bytes:
    """Without Exif, profiles, comments, previews and whatever follows the end.

    Adobe's segment stays, cut to its twelve bytes: without it colours are wrong.
    Raises `ValueError` for what is no JPEG.
    """
    if not data.startswith(JPEG_START):
        raise ValueError("no JPEG")
    kept = [JPEG_START]
    for marker, segment in _segments(data):
        if marker == ADOBE:
            kept.append(b"\xff\xee\x00\x0e" + segment[4:ADOBE_BYTES])
        elif marker not in APPLICATION_DATA and marker != COMMENT:
            kept.append(segment)
    return b"".join([*kept, JPEG_END])


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers with their bytes; that of a scan holds its compressed pixels too."""
    at = len(JPEG_START)
    while data[at : at + 2] != JPEG_END:
        if at + 4 > len(data) or data[at] != 0xFF:
            raise ValueError("broken JPEG")
        marker = data[at + 1]
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if marker == SCAN:
            end = _end_of_scan(data, end)
        if end > len(data) or end < at + 4:
            raise ValueError("broken JPEG")
        yield marker, data[at:end]
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    while (at := data.find(b"\xff", at)) != -1:
        following = data[at + 1 : at + 2]
        # an escaped 0xFF, a restart or filling is part of the scan
        if following == b"\xff":
            at += 1
        elif following == b"\x00" or b"\xd0" <= following <= b"\xd7":
            at += 2
        else:
            return at
    raise ValueError("JPEG without an end")


def bare_jp2(data: bytes) -> bytes:
    """JPEG 2000 without XML, UUID and comment boxes. Raises `ValueError`."""
    if data.startswith(CODESTREAM_START):
        return _bare_codestream(data)
    if not data.startswith(JP2_START):
        raise ValueError("no JPEG 2000")
    kept = []
    for kind, body in _boxes(data):
        if kind in JP2_BOXES:
            clean = _bare_codestream(body) if kind == b"jp2c" else body
            kept.append((len(clean) + 8).to_bytes(4) + kind + clean)
    return b"".join(kept)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        elif size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise ValueError("broken JPEG 2000")
        yield kind, data[at + head : at + size]
        at += size


def _bare_codestream(data: bytes) -> bytes:
    at, kept = 2, [data[:2]]
    while data[at : at + 2] != TILE:
        size = int.from_bytes(data[at + 2 : at + 4])
        if size < 2 or at + 2 + size > len(data):
            raise ValueError("broken JPEG 2000")
        if data[at : at + 2] != CODESTREAM_COMMENT:
            kept.append(data[at : at + 2 + size])
        at += 2 + size
    return b"".join([*kept, data[at:]])
