"""Everything that is held about a person: a page, and two files."""

from __future__ import annotations

import json

from allauth.account.decorators import reauthentication_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from network.access import require_login
from network.http import MemberRequest
from profiles import queries
from profiles.queries import ExportSection


@require_safe
@require_login
@reauthentication_required
def export(request: MemberRequest) -> HttpResponse:
    """To read; `?format=html` to keep and print, `?format=json` for programs."""
    sections = queries.export_sections(request.user)
    match request.GET.get("format"):
        case "json":
            return as_json(sections)
        case "html":
            return as_page(request, sections)
    context = {"sections": sections, "made_at": timezone.now()}
    return render(request, "profiles/export.html", context)


def as_json(sections: list[ExportSection]) -> HttpResponse:
    """With the names and marks of the tables, and titles in the reader's language."""
    stored = [{"title": one.title, "rows": one.rows} for one in sections]
    text = json.dumps(
        {"made_at": timezone.now().isoformat(), "sections": stored},
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
        indent=2,
    )
    return to_keep(text, "my-data.json", "application/json; charset=utf-8")


def as_page(request: MemberRequest, sections: list[ExportSection]) -> HttpResponse:
    """One file that loads nothing: it opens without a network, and tells no server."""
    context = {"sections": sections, "made_at": timezone.now()}
    text = render_to_string("profiles/export_file.html", context, request)
    return to_keep(text, "my-data.html", "text/html; charset=utf-8")


def to_keep(text: str, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
