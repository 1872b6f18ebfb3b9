"""Which reports are whose."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from cms.access import told_pages
from moderation.access.staff import moderator
from moderation.access.things import Thing
from moderation.models import (
    Report,
    ReportQuerySet,
)
from network.access import (
    NotFound,
    Viewer,
    is_signed_in,
)
from network.parts import Reportable, reportables

NAMELESS = frozenset({"story"})


def reports_for(viewer: Viewer) -> ReportQuerySet:
    """What a moderator handles: neither about them, or a story of theirs, nor made by
    them. A report on a story does not say whose it is, so the moderator's rows do."""
    person = moderator(viewer)
    rows = Report.objects.apart_from(person.pk)
    return rows.exclude(kind__in=NAMELESS, object_key__in=told_pages(person))


def report_for_moderator(viewer: Viewer, report_id: UUID) -> Report:
    rows = reports_for(viewer).select_related("taken_by__profile", "about__profile")
    found = rows.filter(pk=report_id).first()
    if found is None:
        raise NotFound
    return found


def reported_thing(report: Report) -> Thing | None:
    """What was reported, for the decision on it; None when it is gone."""
    part = reportables.get(report.kind)
    if part is None:
        return None
    key = report.object_key
    if part.load is not None:
        return _first_found(part, key, [part.load])
    eyes: list[Viewer] = [report.reporter or AnonymousUser(), AnonymousUser()]
    return _first_found(part, key, [partial(part.find, viewer) for viewer in eyes])


def _first_found(
    part: Reportable, key: str, ways: list[Callable[[str], Any]]
) -> Thing | None:
    for find in ways:
        try:
            return Thing(part, find(key), key)
        except NotFound:
            continue
    return None


def own_reports(viewer: Viewer) -> ReportQuerySet:
    if not is_signed_in(viewer):
        raise NotFound
    return Report.objects.filter(reporter=viewer).order_by("-created_at")
