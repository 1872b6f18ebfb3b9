"""Once a year a member says that they stay."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.access import NotFound, require_login
from network.http import MemberRequest, posted
from profiles import access, queries
from profiles.actions import reviews
from profiles.forms.reviews import ReconfirmForm


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def reconfirm(request: MemberRequest) -> HttpResponse:
    """Where nothing is asked (any more), the way back to one's own page."""
    access.member_profile(request.user)
    try:
        review = access.review_to_confirm(request.user)
    except NotFound:
        return redirect("profiles:me")
    form = ReconfirmForm(posted(request))
    if form.is_valid():
        reviews.confirm_membership(
            review=review,
            by=request.user,
            words=form.cleaned_data["words"],
            language=get_language() or "en",
        )
        messages.success(request, _("Thank you. You stay a member."))
        return redirect("profiles:me")
    context = {
        "form": form,
        "review": review,
        "is_overdue": access.is_overdue(request.user),
        "membership": queries.live_membership_consent(request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "profiles/reconfirm.html", context, status=status)
