"""Members who are looked at again: the queue, one of them, what vetters say."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from moderation import access, dossier, queries, wording
from moderation.forms.reviews import ReviewForm
from moderation.views.opening import reason_to_open
from network import audit
from network.access import Refused, require_login
from network.http import MemberRequest, require_post
from profiles.actions import staying
from profiles.models import MemberReview, ReviewState


@require_safe
@require_login
def review_queue(request: MemberRequest) -> HttpResponse:
    is_past = request.GET.get("show") == "decided"
    rows = queries.reviews_over if is_past else queries.reviews_waiting
    pages = Paginator(rows(request.user), queries.PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "is_past": is_past}
    context["rows"] = [(row, queries.name_of(row.person)) for row in page.object_list]
    return render(request, "moderation/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def review_detail(request: MemberRequest, review_id: UUID) -> HttpResponse:
    row = access.review_for_vetter(request.user, review_id)
    waits = row.closed_at is None
    why = reason_to_open(request, waits=waits, back="moderation:reviews")
    if isinstance(why, HttpResponse):
        return why
    return page_of(request, row, ReviewForm(), why=why)


@require_post
@require_login
def review_decide(request: MemberRequest, review_id: UUID) -> HttpResponse:
    row = access.review_for_vetter(request.user, review_id)
    form = ReviewForm(request.POST)
    try:
        staying.check_waits(row)
        if not form.is_valid():
            return page_of(request, row, form, why=wording.WAITS, status=422)
        data = form.cleaned_data
        row = staying.say_on_review(
            review=row,
            by=request.user,
            is_stay=data["answer"] == "stay",
            reason=data["reason"],
            told=data["told"],
        )
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("moderation:review", review_id)
    messages.success(request, outcome_of(row))
    return redirect("moderation:reviews")


def outcome_of(row: MemberReview) -> str:
    if row.state == ReviewState.STAYS:
        return _("They stay a member.")
    if row.state == ReviewState.ENDED:
        return _("The membership has ended, said by two people. The person is told.")
    return _("Your word is kept. A second person has to say so too.")


def page_of(
    request: MemberRequest,
    row: MemberReview,
    form: ReviewForm,
    *,
    why: str,
    status: int = 200,
) -> HttpResponse:
    """Whatever shows the words is on record."""
    audit.record_view(by=request.user, subject=row, reason=why)
    context = {
        "review": row,
        "member": dossier.member_line(row.person),
        "removed": dossier.member_line(row.because_of),
        "inviters": list(dossier.brought_in_by(row.person)),
        **dossier.said_of(row.voices.all(), dossier.review_voice, request.user),
        "history": queries.history(row),
        "form": form,
    }
    return render(request, "moderation/review.html", context, status=status)
