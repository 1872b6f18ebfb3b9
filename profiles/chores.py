"""What this room does every so often."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from network import audit, notify, tasks
from profiles.actions import (
    changes,
    invitations,
    reminding,
    standing,
    volunteers,
    vouching,
)
from profiles.models import (
    Application,
    ApplicationState,
    Ban,
    Profile,
    Referee,
    Standing,
)

DECLINED_KEPT = REFEREES_KEPT = timedelta(days=182)


@tasks.periodic("expire registrations", timedelta(hours=1))
def expire_registrations() -> None:
    volunteers.expire_registrations()


@tasks.periodic("mails left out", timedelta(hours=1))
def mail_left_out() -> None:
    volunteers.mail_left_out()


@tasks.periodic("remind registrations", timedelta(hours=12))
def remind_registrations() -> None:
    reminding.remind_registrations()


@tasks.periodic("end pauses", timedelta(minutes=10))
def end_pauses() -> None:
    """Who is back must be told to the index: time alone changes no row."""
    for profile in Profile.objects.filter(hidden_until__lte=timezone.now()):
        with transaction.atomic():
            profile.hidden_until = None
            profile.save(update_fields=["hidden_until"])
            audit.record(action="pause ended", by=None, subject=profile)
            changes.tell_person(profile)


@tasks.periodic("finish probation", timedelta(hours=6))
def finish_probation() -> None:
    since = timezone.now() - standing.PROBATION
    over = Profile.objects.filter(
        standing=Standing.PROBATION, standing_since__lte=since
    )
    for profile in over.select_related("user"):
        with transaction.atomic():
            standing.finish_probation(profile=profile)
            notify.notify(
                person=profile.user,
                kind="probation_over",
                url=reverse("profiles:me"),
            )


@tasks.periodic("forget declined applications", timedelta(days=1))
def forget_declined() -> None:
    """Six months after the answer what was written is deleted, and the reasons."""
    before = timezone.now() - DECLINED_KEPT
    for row in Application.objects.filter(
        state=ApplicationState.DECLINED, decided_at__lte=before
    ):
        with transaction.atomic():
            audit.record(action="application forgotten", by=None, subject=row)
            row.delete()


@tasks.periodic("remind referees", timedelta(hours=12))
def remind_referees() -> None:
    vouching.remind_referees()


@tasks.periodic("blank referees", timedelta(days=1))
def blank_referees() -> None:
    """Six months after the answer to those for whom they spoke."""
    over = Referee.objects.filter(
        application__decided_at__lte=timezone.now() - REFEREES_KEPT
    )
    for referee in [one for one in over if one.email]:
        with transaction.atomic():
            vouching.blank_referee(referee)
            audit.record(action="referee blanked", by=None, subject=referee)


@tasks.periodic("forget invitations", timedelta(days=1))
def forget_invitations() -> None:
    invitations.forget_spent()


@tasks.periodic("forget lifted bans", timedelta(days=1))
def forget_lifted() -> None:
    """Six months after it was lifted nothing tells that an address was turned away."""
    before = timezone.now() - DECLINED_KEPT
    for row in Ban.objects.filter(lifted_at__lte=before):
        with transaction.atomic():
            audit.record(action="ban forgotten", by=None, subject=row)
            row.delete()
