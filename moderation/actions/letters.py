"""Mails about a new way into an account. They carry a link and nothing of a person."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import translation

from moderation.access import LOST_ACCESS, STOP_RECOVERY
from moderation.models import AccessRecovery
from network import mailed_links, notify
from network.models import User

WAIT = timedelta(hours=72)  # between the second yes and the new way in
LINK_KEPT = timedelta(days=7)
STOP_KEPT = timedelta(days=45)  # longer than a request can be under way


def addresses_of(person: User) -> list[str]:
    """All that stand on the account, confirmed or not."""
    known = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return sorted({person.email, *known})


def reach_of(row: AccessRecovery) -> str:
    if row.reach or row.person is None:
        return row.reach
    return row.person.email


def mail_way_in(
    row: AccessRecovery, template: str, *, lifetime: timedelta = LINK_KEPT
) -> None:
    """To whoever asks, with a fresh link to their page."""
    token = mailed_links.issue(purpose=LOST_ACCESS, subject=row.pk, lifetime=lifetime)
    with translation.override(row.language):
        url = reverse("moderation:lost_access_open", args=[token])
    mail_asker(row, template, url)


def mail_closed(row: AccessRecovery) -> None:
    with translation.override(row.language):
        url = reverse("moderation:lost_access")
    mail_asker(row, "recovery_closed", url)


def mail_asker(row: AccessRecovery, template: str, url: str) -> None:
    # in the language of the form: the account's would show that there is one
    notify.send_mail(
        to=reach_of(row),
        template=template,
        context={"link": notify.absolute(url), "hours": hours(WAIT)},
        language=row.language,
    )


def warn_addresses(row: AccessRecovery, template: str) -> None:
    """To every address of the account, each with a link of its own to stop it."""
    if row.person is None:
        return
    for address in addresses_of(row.person):
        token = mailed_links.issue(
            purpose=STOP_RECOVERY, subject=row.pk, lifetime=STOP_KEPT
        )
        with translation.override(row.person.language):
            url = reverse("moderation:recovery_stop_open", args=[token])
        tell_address(row.person, address, template, url)


def tell_address(person: User, address: str, template: str, url: str) -> None:
    notify.send_mail(
        to=address,
        template=template,
        context={"link": notify.absolute(url), "hours": hours(WAIT)},
        language=person.language,
    )


def hours(length: timedelta) -> int:
    return int(length.total_seconds() // 3600)
