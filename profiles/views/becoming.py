"""From a volunteer's registration to an account: the wish, and its letter's page."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import mailed_links
from network.access import Refused, is_signed_in, require_login
from network.http import MemberRequest, Request, require_post
from profiles import access
from profiles.actions import becoming


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_account(request: Request) -> HttpResponse:
    """What an account would be, and the wish for one. `take-back` ends the wish."""
    row = access.registration_for(request)
    if request.method != "POST":
        context = {"is_wished": becoming.is_wished(row), "hours": becoming.hours()}
        return render(request, "profiles/volunteer_account.html", context)
    if "take-back" in request.POST:
        becoming.take_wish_back(registration=row)
        messages.success(request, _("Taken back. The link opens nothing any more."))
    else:
        becoming.wish_for_account(registration=row)
        messages.success(request, _("A letter is on its way to your address."))
    return redirect("profiles:volunteer_account")


@require_safe
def volunteer_account_open(request: Request, token: str) -> HttpResponse:
    mailed_links.open(request, access.ACCOUNT_WISH, token)
    return redirect("profiles:volunteer_account_begin")


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_account_begin(request: Request) -> HttpResponse:
    """The button leads to the sign-up, which then asks for no second letter: whoever
    holds this link has just read the first."""
    row = access.wished_registration(request)
    if request.method == "POST" and not is_signed_in(request.user):
        get_adapter(request).stash_verified_email(request, row.email)
        here = reverse("profiles:volunteer_account_begin")
        return redirect(f"{reverse('account_signup')}?next={here}")
    person = request.user
    context: dict[str, object] = {}
    if is_signed_in(person):
        context |= {
            "is_mine": access.is_same_person(person, row),
            "may_apply": access.may_apply(person),
        }
    return render(request, "profiles/volunteer_account_begin.html", context)


@require_post
@require_login
def volunteer_take_along(request: MemberRequest) -> HttpResponse:
    row = access.registration_to_take_along(request, request.user)
    if not access.may_apply(request.user):
        return redirect("profiles:volunteer_account_begin")
    becoming.take_along(registration=row, by=request.user)
    messages.success(request, _("Taken along. Your application is begun."))
    return redirect("profiles:apply")


@require_http_methods(["GET", "HEAD", "POST"])
@require_login
def own_registration(request: MemberRequest) -> HttpResponse:
    """A member who is registered as a volunteer too; the button makes one of both."""
    access.member_profile(request.user)
    if not access.registrations_of(request.user).exists():
        return redirect("profiles:me")
    if request.method == "POST":
        try:
            becoming.merge_registrations(by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
            return redirect("profiles:own_registration")
        messages.success(request, _("You are found by your profile only. Look at it."))
        return redirect("profiles:profile_edit")
    context = {"goes_on": becoming.goes_on_alone(request.user)}
    return render(request, "profiles/own_registration.html", context)
