"""What waits is read because it waits; of what is over a reader says why."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from moderation import wording
from moderation.forms.desk import WhyForm
from network.http import MemberRequest, posted


def reason_to_open(
    request: MemberRequest, *, waits: bool, back: str, reason: str = wording.WAITS
) -> str | HttpResponse:
    """For the access log: `reason` where it waits; else what the reader says, and until
    then the page that asks for it, with the way `back` to a list."""
    if waits:
        return reason
    form = WhyForm(posted(request))
    if form.is_valid():
        return str(form.cleaned_data["why"])
    status = 422 if form.is_bound else 200
    context = {"form": form, "back": back}
    return render(request, "moderation/why.html", context, status=status)
