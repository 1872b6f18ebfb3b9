"""Files, each behind a check of what it belongs to (SAFETY, trap 12)."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms import access, byte_ranges
from cms.models import PackBuild, SiteDocument, SiteImage, SiteMedia, SiteRendition
from network.access import NotFound, Role, require_role
from network.http import MemberRequest

KEPT_BY: dict[str, Any] = {
    "images": SiteRendition,
    "original_images": SiteImage,
    "documents": SiteDocument,
    "media": SiteMedia,
}


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/gone.html", status=410)


@require_safe
def story_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    try:
        row = access.story_file(file_id)
    except access.Gone:
        return gone(request)
    stored = byte_ranges.Stored(row.file, row.content_type, row.size, row.sha256)
    return byte_ranges.serve(request, stored)


@require_safe
def pack_file(request: HttpRequest, pack_key: UUID) -> HttpResponseBase:
    try:
        build = access.pack_build(pack_key)
    except access.NotReady:
        response = render(request, "cms/pack_not_ready.html", status=503)
        response["Retry-After"] = "60"
        return response
    if request.method == "GET" and "Range" not in request.headers:
        PackBuild.objects.filter(pk=build.pk).update(downloads=F("downloads") + 1)
    name = f"{build.pack.slug}-{build.number}.zip"
    stored = byte_ranges.Stored(
        build.file, "application/zip", build.size, build.sha256, name
    )
    return byte_ranges.serve(request, stored)


@require_safe
@require_role(Role.EDITOR, Role.ADMIN)
def editors_file(request: MemberRequest, kind: str, name: str) -> HttpResponseBase:
    """What Wagtail's own pages show: pictures, documents, media. Editors only."""
    path = f"{kind}/{name}"
    row = KEPT_BY[kind].objects.filter(file=path).first()
    if row is None or not default_storage.exists(path):
        raise NotFound
    return _served(request, path)


@require_safe
@require_role(Role.EDITOR, Role.ADMIN)
def document(request: MemberRequest, document_id: int, name: str) -> HttpResponseBase:
    row = SiteDocument.objects.filter(pk=document_id).first()
    if row is None or row.filename != name:
        raise NotFound
    return _served(request, row.file.name)


def _served(request: HttpRequest, path: str) -> HttpResponseBase:
    """A stored name is never used for other bytes: it can stand for them."""
    file = default_storage.open(path)
    name = path.rsplit("/", 1)[-1]
    mark = hashlib.sha256(path.encode()).hexdigest()
    stored = byte_ranges.Stored(file, content_type(name), file.size, mark, name)
    return byte_ranges.serve(request, stored)


def content_type(name: str) -> str:
    """Of the kinds that `network.uploads` makes; pictures alone are shown in place."""
    known = {
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "png": "image/png",
        "webp": "image/webp",
        "gif": "image/gif",
        "pdf": "application/pdf",
    }
    return known.get(name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
