"""What this room does every so often."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from network import audit, notify, tasks
from profiles import onlookers
from profiles.actions import (
    changes,
    introductions,
    invitations,
    reminding,
    reviews,
    standing,
    volunteers,
    vouching,
)
from profiles.models import (
    Application,
    ApplicationState,
    Audience,
    Ban,
    MemberReview,
    Profile,
    ProfileView,
    Referee,
    Standing,
)

REVIEWS_KEPT = timedelta(days=730)
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


@tasks.periodic("labels over", timedelta(hours=1))
def hide_labels() -> None:
    over = Profile.objects.filter(kind_until__lt=timezone.localdate())
    for key in over.values_list("pk", flat=True):
        hide_label(key)


def hide_label(key: UUID) -> None:
    """Nobody sees it since midnight: that comes to stand in the row, and is told; if
    its owner has not put it off at this moment."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=key)
        if not row.is_label_over:
            return
        row.audience = {**row.audience, "kind": Audience.PRIVATE}
        row.kind_until = None
        row.save(update_fields=["audience", "kind_until"])
        audit.record(action="label over", by=None, subject=row)
        notify.notify(
            person=row.user, kind="label_over", url=reverse("profiles:profile_edit")
        )


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


@tasks.periodic("yearly question", timedelta(hours=6))
def ask_yearly() -> None:
    reviews.ask_to_confirm()
    reviews.remind_to_confirm()
    reviews.mark_overdue()


@tasks.periodic("forget reviews", timedelta(days=1))
def forget_reviews() -> None:
    """Two years after the end, like what the log says of it."""
    before = timezone.now() - REVIEWS_KEPT
    MemberReview.objects.filter(closed_at__lte=before).delete()


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


@tasks.periodic("forget who looked", timedelta(days=1))
def forget_looks() -> None:
    """The list of who saw one reaches back as far, and the budget one day."""
    ProfileView.objects.filter(day__lt=onlookers.first_day()).delete()


@tasks.periodic("forget introductions", timedelta(days=1))
def forget_introductions() -> None:
    introductions.forget_old()


@tasks.periodic("forget lifted bans", timedelta(days=1))
def forget_lifted() -> None:
    """Six months after it was lifted nothing tells that an address was turned away."""
    before = timezone.now() - DECLINED_KEPT
    for row in Ban.objects.filter(lifted_at__lte=before):
        with transaction.atomic():
            audit.record(action="ban forgotten", by=None, subject=row)
            row.delete()
