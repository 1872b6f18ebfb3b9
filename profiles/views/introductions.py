"""Introducing two connections to each other, and what the two say to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.access import NotFound, Refused, require_login
from network.http import MemberRequest, posted, require_post
from network.models import User
from profiles import access
from profiles.actions import introductions as actions
from profiles.forms.people import IntroduceForm
from profiles.models import Profile


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def introduce(request: MemberRequest, user_id: UUID) -> HttpResponse:
    one = access.introducible(request.user, user_id)
    people = access.people_to_introduce(request.user)
    others = [each for each in people if each.user_id != user_id]
    form = IntroduceForm(posted(request), people=others)
    if form.is_valid() and propose(form, request.user, one):
        sentence = _("Proposed. Each of them is asked, as far as they let us ask.")
        messages.success(request, sentence)
        return redirect("profiles:connections")
    context = {"form": form, "one": one, "others": others}
    status = 422 if form.errors else 200
    return render(request, "profiles/introduce.html", context, status=status)


def propose(form: IntroduceForm, by: User, one: Profile) -> bool:
    try:
        other = access.introducible(by, form.cleaned_data["person"])
        actions.introduce(by=by, one=one, other=other, note=form.cleaned_data["note"])
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return False
    return True


@require_post
@require_login
def introduction_answer(request: MemberRequest, introduction_id: UUID) -> HttpResponse:
    """`answer` is yes or no."""
    row = access.introduction_for(request.user, introduction_id)
    if request.POST.get("answer") == "yes":
        is_made = actions.say_yes(introduction=row, by=request.user)
        sentence = _(
            "Thank you. If the other says yes too, you can write to each other."
        )
        if is_made:
            sentence = _("You are connected and can write to each other.")
    elif request.POST.get("answer") == "no":
        actions.say_no(introduction=row, by=request.user)
        sentence = _("Declined. Nobody is told.")
    else:
        raise NotFound
    messages.success(request, sentence)
    return redirect("profiles:connections")


@require_post
@require_login
def introduction_withdraw(
    request: MemberRequest, introduction_id: UUID
) -> HttpResponse:
    row = access.own_introduction(request.user, introduction_id)
    actions.withdraw_introduction(introduction=row, by=request.user)
    messages.success(request, _("Taken back."))
    return redirect("profiles:connections")
