"""What goes in and comes out: caps, kinds, the rebuilt file and the refusal."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
CHUNK = 256 * 1024

Upload = Any  # an uploaded file, a stored file or an open one: all read and seek


class Rejected(Exception):
    """`message` says, in the language of the request, why and what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Kind(StrEnum):
    IMAGE = "image"
    PDF = "pdf"
    AUDIO = "audio"
    VIDEO = "video"
    CAPTIONS = "captions"


@dataclass(frozen=True)
class Limits:
    """Caps on what comes in: bytes, pixels of one picture, pages, seconds."""

    image_bytes: int = 15 * MEGABYTE
    pdf_bytes: int = 25 * MEGABYTE
    media_bytes: int = 300 * MEGABYTE
    captions_bytes: int = 1 * MEGABYTE
    image_pixels: int = 50_000_000
    video_pixels: int = 3840 * 2160
    pages: int = 400
    seconds: int = 2 * 60 * 60
    cues: int = 10_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class RebuiltFile:
    """A file made anew from what was sent. Sizes are in pixels, `duration` in seconds.

    `name` is random: the sender's name for a file says too much.
    """

    content: File[bytes]
    kind: Kind
    content_type: str
    extension: str
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    pages: int | None = None

    @property
    def name(self) -> str:
        return str(self.content.name)

    def as_file(self) -> File[bytes]:
        """From its beginning, for a file field's `save`."""
        self.content.seek(0)
        return self.content

    def read(self) -> bytes:
        content: bytes = self.as_file().read()
        return content


def rebuilt(
    content: bytes | IO[bytes],
    *,
    kind: Kind,
    content_type: str,
    extension: str,
    **facts: Any,
) -> RebuiltFile:
    name = f"{secrets.token_hex(16)}.{extension}"
    if isinstance(content, bytes):
        file: File[bytes] = ContentFile(content, name=name)
    else:
        file = File(content, name=name)
    return RebuiltFile(
        content=file,
        kind=kind,
        content_type=content_type,
        extension=extension,
        sha256=_sha256(file),
        size=size_of(file),
        **facts,
    )


def _sha256(file: File[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def size_of(file: Upload) -> int:
    file.seek(0, os.SEEK_END)
    size: int = file.tell()
    file.seek(0)
    return size


def refuse_too_large(file: Upload, limit: int) -> None:
    if size_of(file) > limit:
        raise Rejected(
            _("This file is larger than %(limit)s. Make it smaller and send it again.")
            % {"limit": filesizeformat(limit)}
        )


def whole(file: Upload, limit: int) -> io.BytesIO:
    """The file in memory, refused beyond `limit` bytes."""
    refuse_too_large(file, limit)
    return io.BytesIO(file.read())
