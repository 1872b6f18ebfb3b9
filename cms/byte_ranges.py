"""Serving a stored file whole or in part (RFC 9110, section 14).

Django's `FileResponse` knows no Range, and Safari plays no film without it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import IO

from asgiref.sync import sync_to_async
from django.core.files import File
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

CHUNK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


@dataclass(frozen=True)
class Stored:
    """A file as it is given out. `sha256` is of its bytes and makes its ETag."""

    file: File[bytes]
    content_type: str
    size: int
    sha256: str
    download_name: str = ""  # empty: shown in the page

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'


class Unsatisfiable(Exception):
    """The range begins behind the end."""


def serve(request: HttpRequest, stored: Stored) -> HttpResponseBase:
    """200, 206, 304 or 416. Kept by browsers but asked for anew each time
    (`no-cache`), so that a withdrawn file is gone for them too."""
    if matches(request.headers.get("If-None-Match", ""), stored.etag):
        return described(HttpResponse(status=304), stored)
    try:
        part = wanted_part(request, stored)
    except Unsatisfiable:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{stored.size}"
        return described(response, stored)
    start, end = part or (0, stored.size - 1)
    response_body = body_of(request, stored, start, end)
    response_body.status_code = 206 if part else 200
    if part:
        response_body["Content-Range"] = f"bytes {start}-{end}/{stored.size}"
    response_body["Content-Length"] = str(end - start + 1)
    return described(response_body, stored)


def matches(header: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return header.strip() == "*" or etag in tags


def wanted_part(request: HttpRequest, stored: Stored) -> tuple[int, int] | None:
    """First and last byte; None for the whole file, also when several ranges or
    something unreadable are asked for, or the file is another one by now."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or request.method not in {"GET", "HEAD"}:
        return None
    if request.headers.get("If-Range", stored.etag) != stored.etag:
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    return bounds(first, last, stored.size)


def bounds(first: str, last: str, size: int) -> tuple[int, int] | None:
    if not first:  # the last so many bytes
        if int(last) == 0:
            raise Unsatisfiable
        return max(0, size - int(last)), size - 1
    if int(first) >= size:
        raise Unsatisfiable
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) <= end else None


def body_of(
    request: HttpRequest, stored: Stored, start: int, end: int
) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse()
    opened = stored.file.open("rb")
    opened.seek(start)
    length = end - start + 1
    # an asynchronous server would read an ordinary iterator into memory first
    if isinstance(request, ASGIRequest):
        return StreamingHttpResponse(later_pieces(opened, length))
    return StreamingHttpResponse(pieces(opened, length))


def pieces(opened: IO[bytes], length: int) -> Iterator[bytes]:
    with opened:
        while length > 0 and (piece := opened.read(min(CHUNK, length))):
            length -= len(piece)
            yield piece


async def later_pieces(opened: IO[bytes], length: int) -> AsyncIterator[bytes]:
    try:
        while length > 0:
            piece = await sync_to_async(opened.read)(min(CHUNK, length))
            if not piece:
                break
            length -= len(piece)
            yield piece
    finally:
        opened.close()


def described(response: HttpResponseBase, stored: Stored) -> HttpResponseBase:
    response["Content-Type"] = stored.content_type
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = stored.etag
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    disposition = content_disposition_header(
        bool(stored.download_name), stored.download_name
    )
    response["Content-Disposition"] = disposition or "inline"
    return response
