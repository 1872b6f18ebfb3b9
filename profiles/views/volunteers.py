"""The page behind a volunteer's mailed link. Opening it changes nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import mailed_links
from network.http import Request, posted, require_post
from profiles import access
from profiles.actions import volunteers
from profiles.forms.volunteers import RegistrationForm


@require_safe
def volunteer_link(request: Request, token: str) -> HttpResponse:
    mailed_links.open(request, access.LINK_PURPOSE, token)
    return redirect("profiles:volunteer_edit")


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_edit(request: Request) -> HttpResponse:
    """Everything they said, to read, confirm and change."""
    row = access.registration_for(request)
    if request.method == "POST" and "confirm" in request.POST:
        volunteers.confirm_registration(registration=row)
        messages.success(request, _("Confirmed. Projects that fit may now ask you."))
        return redirect("profiles:volunteer_edit")
    form = RegistrationForm(posted(request), registration=row)
    if request.method == "POST" and form.is_valid():
        volunteers.edit_registration(registration=row, offer=form.offer())
        messages.success(request, _("Saved."))
        return redirect("profiles:volunteer_edit")
    status = 422 if form.errors else 200
    context = {"form": form, "registration": row}
    return render(request, "profiles/volunteer_edit.html", context, status=status)


@require_post
def volunteer_erase(request: Request) -> HttpResponse:
    row = access.registration_for(request)
    volunteers.erase_address(registration=row)
    mailed_links.close(request, access.LINK_PURPOSE)
    return render(request, "profiles/volunteer_erased.html")
