"""What this room lends to the base and the rooms above: see `network.parts`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.access import NotFound, is_signed_in
from network.models import User
from network.parts import (
    Erasable,
    Eraser,
    HomePanel,
    NoticeKind,
    Reportable,
    erasables,
    erasers,
    exporters,
    home_panels,
    notice_kinds,
    reportables,
    tab_counts,
)
from profiles import access, queries
from profiles.actions import again, erasing, moderating, volunteers
from profiles.exporters import EXPORTERS
from profiles.shown import ShownProfile

NOTICES = {
    "application": NoticeKind(_("An application waits for a vetter"), "badge-check"),
    "application_approved": NoticeKind(_("Your application was approved"), "check"),
    "application_declined": NoticeKind(
        _("There is an answer to your application"), "info"
    ),
    "connection_request": NoticeKind(
        _("A member asks you for contact"), "user-round", mails=True
    ),
    "connection_accepted": NoticeKind(
        _("A member said yes to contact with you"), "message-circle", mails=True
    ),
    "reconfirm": NoticeKind(_("Do you stay a member? Please answer"), "calendar"),
    "overdue": NoticeKind(
        _("You cannot write to anybody until you say whether you stay"), "shield-alert"
    ),
    "membership_ended": NoticeKind(_("Your membership was ended"), "info"),
    "suspended": NoticeKind(
        _("Your membership is suspended"), "shield-alert", mails=True, is_urgent=True
    ),
    "membership_back": NoticeKind(_("Your membership is given back"), "check"),
    "label_over": NoticeKind(
        _("What you came to the network as is shown to nobody any more"), "eye-off"
    ),
    "introduction": NoticeKind(
        _("A member would like to introduce you to somebody"), "users", mails=True
    ),
    "probation_over": NoticeKind(_("Your first 90 days are over"), "badge-check"),
}


def register() -> None:
    for kind, part in NOTICES.items():
        notice_kinds.register(kind, part)
    for name, exporter in EXPORTERS.items():
        exporters.register(name, exporter)
    erasables.register(
        erasing.ACCOUNT,
        Erasable(again.accounts_standing, again.erase_account_again),
    )
    erasables.register(
        volunteers.REGISTRATION,
        Erasable(again.registrations_standing, again.erase_registration_again),
    )
    erasers.register("profiles", Eraser(erasing.MODELS, erasing.erase_person))
    home_panels.register(
        "connections", HomePanel("profiles/_panel_connections.html", connections_panel)
    )
    home_panels.register(
        "registration",
        HomePanel("profiles/_panel_registration.html", registration_panel),
    )
    tab_counts.register("profiles:me", queries.unread_notices)
    reportables.register("profile", PROFILE)


def connections_panel(request: HttpRequest) -> dict[str, Any] | None:
    person = request.user
    if not is_signed_in(person) or not access.is_active_member(person):
        return None
    return {
        "waiting": queries.requests_waiting(person),
        "viewers": queries.viewers_lately(person),
    }


def registration_panel(request: HttpRequest) -> dict[str, Any] | None:
    person = request.user
    if not is_signed_in(person) or not access.is_active_member(person):
        return None
    return {} if access.registrations_of(person).exists() else None


def find_profile(viewer: Any, key: str) -> ShownProfile:
    """Only what the reporter sees, or blocked, can be reported. Raises `NotFound`."""
    try:
        return access.reportable_profile(viewer, UUID(key))
    except ValueError as error:
        raise NotFound from error


def any_profile(key: str) -> ShownProfile:
    """Whose it is and nothing more, to act on a report. Raises `NotFound`."""
    try:
        return ShownProfile(user_id=access.find_profile(UUID(key)).user_id)
    except ValueError as error:
        raise NotFound from error


def excerpt(shown: ShownProfile) -> str:
    return "\n".join(filter(None, [shown.pseudonym, shown.way]))


def person_of(shown: ShownProfile) -> User | None:
    return User.objects.filter(pk=shown.user_id).first()


def hide(shown: ShownProfile, by: User) -> None:
    moderating.hide_profile(user_id=shown.user_id, by=by)


def url_of(shown: ShownProfile) -> str:
    return reverse("profiles:profile_detail", args=[shown.user_id])


PROFILE = Reportable(
    kind="profile",
    title=_("A profile"),
    find=find_profile,
    excerpt=excerpt,
    person_of=person_of,
    hide=hide,
    url=url_of,
    load=any_profile,
)
