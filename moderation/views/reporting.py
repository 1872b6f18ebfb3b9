"""For everybody: report something, tell that someone may be in danger."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import StandardPage
from cms.text import Block, blocks
from moderation import access, queries
from moderation.actions import reports
from moderation.forms.reporting import DangerForm, ReportForm
from moderation.models import Report
from network.access import is_signed_in, require_login
from network.http import MemberRequest, Request, slow_down

# of one address, which a whole school may share: slower beyond, never refused
LIMIT, PER, LONGEST_DELAY = 10, timedelta(minutes=10), 3.0


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, kind: str, key: str) -> HttpResponse:
    thing = access.thing_for_reader(request, kind, key)
    author = access.blockable_author(request.user, thing)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4()},
        can_block=author is not None,
        is_known=is_signed_in(request.user),
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        is_gone = access.has_blocked(request.user, thing)
        back = reverse("profiles:connections") if is_gone else thing.url
        context = {"form": form, "thing": thing, "back": back}
        return render(request, "moderation/report.html", context, status=status)
    slow_down(request, "report", limit=LIMIT, per=PER, longest=LONGEST_DELAY)
    given = form.cleaned_data
    reports.report_something(
        thing=thing,
        reason=given["reason"],
        words=given["words"],
        contact=given.get("contact", ""),
        by=request.user,
        report_id=given["uuid"],
        block=author if given.get("block") else None,
    )
    return thanks_for(given["reason"])


@require_http_methods(["GET", "HEAD", "POST"])
def danger(request: Request) -> HttpResponse:
    """Helplines at once; what we do and do not do; a form to tell the team."""
    form = DangerForm(
        request.POST if request.method == "POST" else None, initial={"uuid": uuid4()}
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"form": form, "blocks": text_of_editors(request)}
        return render(request, "moderation/danger.html", context, status=status)
    slow_down(request, "report", limit=LIMIT, per=PER, longest=LONGEST_DELAY)
    given = form.cleaned_data
    reports.tell_of_danger(
        words=given["words"],
        contact=given["contact"],
        by=request.user,
        report_id=given["uuid"],
    )
    return thanks_for(Report.Reason.DANGER)


@require_safe
def thanks(request: Request) -> HttpResponse:
    is_danger = request.GET.get("about") == Report.Reason.DANGER
    return render(request, "moderation/thanks.html", {"is_danger": is_danger})


@require_safe
@require_login
def my_reports(request: MemberRequest) -> HttpResponse:
    pages = Paginator(access.own_reports(request.user), queries.PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = [(row, queries.kind_title(row.kind)) for row in page.object_list]
    return render(request, "moderation/my_reports.html", {"rows": rows, "page": page})


def thanks_for(reason: str) -> HttpResponse:
    about = "?about=danger" if reason == Report.Reason.DANGER else ""
    return redirect(f"{reverse('moderation:thanks')}{about}")


def text_of_editors(request: Request) -> list[Block]:
    """What editors wrote on their page of the same name, in the reader's language."""
    pages = StandardPage.objects.live().filter(slug="in-danger")
    page = pages.filter(locale__language_code=request.LANGUAGE_CODE).first()
    return blocks(page.body) if page is not None else []
