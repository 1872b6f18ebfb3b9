"""The desk's overview, and the list of reports."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from moderation import access, breaks, queries
from moderation.models import ReportQuerySet
from network.access import Role, has_role, require_login
from network.http import MemberRequest, require_post
from search import health as search_health


@require_safe
@require_login
def desk(request: MemberRequest) -> HttpResponse:
    person = access.person_on_staff(request.user)
    context = {
        "queues": queries.desk_queues(person),
        "is_editor": has_role(person, Role.EDITOR, Role.ADMIN),
        "is_search_away": search_health.is_away(),
        "is_overseer": has_role(person, Role.DPO, Role.ADMIN),
    }
    return render(request, "moderation/desk.html", context)


@require_safe
@require_login
def danger_queue(request: MemberRequest) -> HttpResponse:
    person = access.moderator(request.user)
    context = {"on_call": queries.people_on_call(), "is_danger_only": True}
    return listed(request, queries.danger_waiting(person), context)


@require_safe
@require_login
def reports(request: MemberRequest) -> HttpResponse:
    person = access.moderator(request.user)
    is_past = request.GET.get("show") == "decided"
    rows = queries.reports_decided if is_past else queries.reports_waiting
    return listed(request, rows(person), {"is_past": is_past})


@require_post
@require_login
def break_taken(request: MemberRequest) -> HttpResponse:
    access.moderator(request.user)
    breaks.start_anew(request)
    return redirect("moderation:reports")


def listed(
    request: MemberRequest, found: ReportQuerySet, context: dict[str, object]
) -> HttpResponse:
    page = Paginator(found, queries.PAGE).get_page(request.GET.get("page"))
    context |= {
        "page": page,
        "rows": [(row, queries.kind_title(row.kind)) for row in page.object_list],
        "is_break_due": breaks.is_due(request),
    }
    return render(request, "moderation/reports.html", context)
