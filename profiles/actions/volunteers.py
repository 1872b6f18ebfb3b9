"""Registrations of members of the public: no account, a mailed link instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation

from network import (
    audit,
    crypto,
    mailed_links,
    notify,
    places,
    ratelimit,
    tombstones,
)
from network.models import MailedLink
from profiles import access
from profiles.actions import changes
from profiles.actions.connections import end_grants
from profiles.actions.consent import give_consent, mark_withdrawn
from profiles.actions.profile import cell_of
from profiles.models import ConsentRecord, Purpose, VolunteerRegistration
from profiles.models.volunteer import SAID, address_index

KEPT = timedelta(days=365)  # without activity
KEPT_UNCONFIRMED = timedelta(days=30)
REMINDED = timedelta(days=30)  # before it ends
MAILS_A_DAY = 5  # to one address, so that nobody can be flooded through us
LEFT_OUT_AT_ONCE = 500
REMINDER = "volunteer_reminder"
REGISTRATION = "registration"


@dataclass(frozen=True)
class Offer:
    """What a registration says. `skills` are ids and levels 8, 9 or 10."""

    skills: Mapping[str, int]
    causes: Sequence[str]
    languages: Sequence[str]
    town: places.City | None
    slots: Sequence[str] = field(default_factory=list)
    travel_km: int = 25
    is_remote_ok: bool = True
    experience_years: int = 0


def key_of_form(token: str) -> UUID:
    """The registration's key, out of the form's token: the same form is the same row,
    and nobody finds a row without its form."""
    return UUID(hex=crypto.blind_index(token, purpose="registration form")[:32])


def register_volunteer(
    *, token: str, email: str, offer: Offer, language: str
) -> VolunteerRegistration:
    """Stores an offer of help and mails its link. `token` is the form's own.

    Sent twice it is one registration and one mail. With an address that is registered
    already it waits beside the first: see `confirm_registration`.
    """
    key = key_of_form(token)
    try:
        with transaction.atomic():
            row = VolunteerRegistration(
                id=key,
                email=email.strip(),
                email_index=address_index(email),
                language=language,
                expires_at=timezone.now() + KEPT_UNCONFIRMED,
            )
            fill(row, offer)
            row.save(force_insert=True)
            give_consent(
                purpose=Purpose.VOLUNTEER,
                language=language,
                by=None,
                registration=row,
            )
            audit.record(action="volunteer registered", by=None, subject=row)
            changes.tell_volunteer(row)
            mail_link(row)
    except IntegrityError:
        return VolunteerRegistration.objects.get(pk=key)
    return row


def correct_address(*, registration: VolunteerRegistration, email: str) -> None:
    """A slip of the pen, noticed while nobody has confirmed: the link goes to the right
    address, and the one that went to the wrong address opens nothing any more."""
    with transaction.atomic():
        row = VolunteerRegistration.objects.select_for_update().get(pk=registration.pk)
        if row.confirmed_at is not None or row.email == email.strip():
            return
        row.email, row.email_index = email.strip(), address_index(email)
        row.created_at = timezone.now()  # the newest of those with this address
        row.save()
        mailed_links.withdraw(subject=row.pk)
        audit.record(action="volunteer address corrected", by=None, subject=row)
        mail_link(row)


def fill(row: VolunteerRegistration, offer: Offer) -> None:
    row.skills, row.causes = dict(offer.skills), list(offer.causes)
    row.languages, row.slots = list(offer.languages), list(offer.slots)
    row.place = cell_of(offer.town)
    row.travel_km, row.is_remote_ok = offer.travel_km, offer.is_remote_ok
    row.experience_years = offer.experience_years
    row.last_active_on = timezone.localdate()


def mail_link(
    row: VolunteerRegistration, template: str = "volunteer_registered"
) -> bool:
    """The way in to see, change and erase it. At most a few mails a day go to one
    address, whoever asks; what is left out is sent later, see `mail_left_out`."""
    decision = ratelimit.hit(
        "registration mail",
        key=row.email_index,
        limit=MAILS_A_DAY,
        per=timedelta(days=1),
    )
    if not decision.allowed:
        return False
    token = mailed_links.issue(
        purpose=access.LINK_PURPOSE, subject=row.pk, lifetime=KEPT + REMINDED
    )
    with translation.override(row.language):
        url = notify.absolute(reverse("profiles:volunteer_link", args=[token]))
    notify.send_mail(
        to=row.email,
        template=template,
        # nobody has just asked for a reminder: a mail client may show the way out
        context={"link": url, **({"manage_url": url} if template == REMINDER else {})},
        language=row.language,
    )
    return True


def mail_left_out() -> int:
    """Links that the day's limit held back; returns how many went out. Of one address
    only the newest is sent: it replaces the earlier ones when it is confirmed."""
    linked = MailedLink.objects.filter(
        purpose=access.LINK_PURPOSE, subject=OuterRef("pk")
    )
    live = VolunteerRegistration.objects.live()
    newer = live.filter(
        email_index=OuterRef("email_index"), created_at__gt=OuterRef("created_at")
    )
    left_out = live.filter(
        ~Exists(linked), ~Exists(newer), confirmed_at__isnull=True
    ).order_by("created_at")
    sent = 0
    for row in left_out[:LEFT_OUT_AT_ONCE]:
        with transaction.atomic():
            sent += mail_link(row)
    return sent


def confirm_registration(
    *, registration: VolunteerRegistration
) -> VolunteerRegistration:
    """The mailed link was opened and its button pressed: leads may be told from now.

    A second registration with the same address replaces what the first one said, and
    becomes one with it. Returns the one that stays.
    """
    with transaction.atomic():
        row = VolunteerRegistration.objects.select_for_update().get(pk=registration.pk)
        first = earlier_one(row)
        if first is not None:
            row = merge(row, into=first)
        if row.confirmed_at is None:
            row.confirmed_at = timezone.now()
            audit.record(action="volunteer confirmed", by=None, subject=row)
        keep_alive(row)
        row.save()
        changes.tell_volunteer(row)
    return row


def earlier_one(row: VolunteerRegistration) -> VolunteerRegistration | None:
    same = VolunteerRegistration.objects.live().filter(email_index=row.email_index)
    earlier = same.filter(created_at__lt=row.created_at).order_by("created_at", "pk")
    return earlier.select_for_update().first()


def merge(
    row: VolunteerRegistration, *, into: VolunteerRegistration
) -> VolunteerRegistration:
    for name in ("language", *SAID):
        setattr(into, name, getattr(row, name))
    ConsentRecord.objects.filter(registration=row).update(registration=into)
    blank(row)
    row.merged_into = into
    row.save()
    audit.record(action="volunteer merged", by=None, subject=row)
    changes.tell_volunteer(row, withdrawn=True)
    return into


def keep_alive(row: VolunteerRegistration) -> None:
    row.last_active_on = timezone.localdate()
    row.expires_at = timezone.now() + KEPT


def edit_registration(
    *, registration: VolunteerRegistration, offer: Offer
) -> VolunteerRegistration:
    """Whoever saves through the link has opened it: that confirms too."""
    with transaction.atomic():
        row = confirm_registration(registration=registration)
        fill(row, offer)
        keep_alive(row)
        row.save()
        audit.record(action="volunteer edited", by=None, subject=row)
        changes.tell_volunteer(row)
    return row


def erase_registration(*, registration: VolunteerRegistration) -> None:
    """Blanks everything at once, of those that were merged into it too; the row stays
    as a stone without an inscription, for what refers to it."""
    with transaction.atomic():
        rows = list(
            VolunteerRegistration.objects.filter(
                Q(pk=registration.pk) | Q(merged_into=registration), erased_at=None
            ).select_for_update()
        )
        with tombstones.erasing(kind=REGISTRATION, keys=[row.pk for row in rows]):
            for row in rows:
                erase_row(row)


def erase_row(row: VolunteerRegistration) -> None:
    for record in ConsentRecord.objects.filter(registration=row, withdrawn_at=None):
        mark_withdrawn(record, by=None)
    notify.forget_mails(to=row.email)
    blank(row)
    row.erased_at = timezone.now()
    row.save()
    mailed_links.withdraw(subject=row.pk)
    end_grants(Q(other_registration=row))
    audit.record(action="volunteer erased", by=None, subject=row)
    changes.tell_volunteer(row, withdrawn=True)


def erase_address(*, registration: VolunteerRegistration) -> None:
    """As its owner wishes, who opened the mailed link: nothing of it is left, nor of
    registrations with the same address that still wait for a link of their own."""
    waiting = VolunteerRegistration.objects.filter(
        email_index=registration.email_index, confirmed_at=None, erased_at=None
    ).exclude(pk=registration.pk)
    with tombstones.erasing(kind=REGISTRATION, keys=()):  # all of them or none
        for row in [*waiting, registration]:
            erase_registration(registration=row)


def blank(row: VolunteerRegistration) -> None:
    row.email, row.email_index, row.place = "", "", {}
    row.skills, row.causes, row.languages, row.slots = {}, [], [], []
    row.experience_years = row.safeguarding_tier = 0
    row.travel_km, row.is_remote_ok, row.confirmed_at = 25, True, None


def expire_registrations() -> int:
    """Erases those that nobody touched for a year; returns how many."""
    over = VolunteerRegistration.objects.filter(
        erased_at=None, merged_into=None, expires_at__lte=timezone.now()
    )
    rows = list(over)
    for row in rows:
        erase_registration(registration=row)
    return len(rows)
