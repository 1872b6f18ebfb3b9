"""Pictures in a PDF are often whole JPEG files, with the camera's data and all."""

import binascii
import zlib
from base64 import a85decode
from collections.abc import Callable

import pikepdf
from pikepdf import Name

from network.uploads.files import MEGABYTE
from network.uploads.segments import bare_jp2, bare_jpeg

LARGEST_PICTURE = 60 * MEGABYTE
CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "/DCTDecode": bare_jpeg,
    "/JPXDecode": bare_jp2,
}


def clean_picture(picture: pikepdf.Stream) -> None:
    """Raises `ValueError` for a JPEG or JPEG 2000 that cannot be taken apart."""
    filters = _filters(picture)
    if not filters or filters[-1] not in CLEANERS:
        return
    data = picture.read_raw_bytes()
    for outer in filters[:-1]:
        data = _unpacked(data, outer)
    parameters = _last_parameters(picture)
    picture.write(
        CLEANERS[filters[-1]](data),
        filter=Name(filters[-1]),
        decode_parms=parameters,
    )


def _filters(picture: pikepdf.Stream) -> list[str]:
    value = picture.get(Name.Filter)
    if value is None:
        return []
    return [str(each) for each in value] if _is_array(value) else [str(value)]


def _last_parameters(picture: pikepdf.Stream) -> pikepdf.Dictionary | None:
    value = picture.get(Name.DecodeParms)
    last = value[-1] if value is not None and _is_array(value) and len(value) else value
    return last if isinstance(last, pikepdf.Dictionary) else None


def _is_array(value: object) -> bool:
    return isinstance(value, pikepdf.Array)


def _unpacked(data: bytes, packing: str) -> bytes:
    if packing == "/FlateDecode":
        # qpdf would unpack without end
        return zlib.decompressobj().decompress(data, LARGEST_PICTURE)
    if packing == "/ASCII85Decode":
        return a85decode(data.strip().removesuffix(b"~>"))
    if packing == "/ASCIIHexDecode":
        return binascii.unhexlify(b"".join(data.split()).removesuffix(b">"))
    raise ValueError(f"a picture packed by {packing}")
