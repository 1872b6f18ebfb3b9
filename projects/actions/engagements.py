"""What begins with the second yes, and how it ends. Called inside a transaction."""

from __future__ import annotations

from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from network.access import Refused
from network.models import User
from profiles.actions import changes
from profiles.models import ContactGrant, Profile
from projects.actions import needs
from projects.models import Answer, Engagement, Need


def begin(*, answer: Answer, lead: User) -> Engagement:
    """Takes a seat and opens contact. Raises `Refused` when no seat is left."""
    need = take_seat(answer.need)
    engagement = Engagement.objects.create(answer=answer, lead=lead)
    grant = ContactGrant.objects.create(
        kind=ContactGrant.Kind.ENGAGEMENT,
        source=engagement.pk,
        person=lead,
        other_person=answer.person,
        other_registration=answer.registration,
    )
    changes.tell_grant(grant)
    if answer.person is not None:
        add_load(answer.person, 1)
    if need.state == Need.State.FILLED:
        needs.release_waiting(need)
    return engagement


def end(*, engagement: Engagement, frees_seat: bool) -> bool:
    """Closes contact and lightens the load; False when it had ended before."""
    now = timezone.now()
    running = Engagement.objects.filter(pk=engagement.pk, ended_at=None)
    if not running.update(ended_at=now):
        return False
    for grant in ContactGrant.objects.filter(
        kind=ContactGrant.Kind.ENGAGEMENT, source=engagement.pk, ended_at=None
    ):
        grant.ended_at = now
        grant.save(update_fields=["ended_at"])
        changes.tell_grant(grant)
    answer = engagement.answer
    if answer.person is not None:
        add_load(answer.person, -1)
    if frees_seat:
        free_seat(answer.need)
    return True


def take_seat(need: Need) -> Need:
    """One conditional statement, so that two at once cannot both take the last one."""
    free = Need.objects.unfilled().filter(pk=need.pk, seats_filled__lt=F("seats"))
    taken = free.update(
        seats_filled=F("seats_filled") + 1,
        state=Case(
            When(seats_filled__gte=F("seats") - 1, then=Value(Need.State.FILLED)),
            default=Value(Need.State.PART_FILLED),
        ),
    )
    if not taken:
        raise Refused(_("The last place in this task was taken a moment ago."))
    need.refresh_from_db()
    needs.tell_index(need)
    return need


def free_seat(need: Need) -> None:
    Need.objects.filter(pk=need.pk, seats_filled__gt=0).update(
        seats_filled=F("seats_filled") - 1,
        state=Case(
            When(state__in=[Need.State.CLOSED, Need.State.EXPIRED], then=F("state")),
            When(seats_filled=1, then=Value(Need.State.OPEN)),
            default=Value(Need.State.PART_FILLED),
        ),
    )
    need.refresh_from_db()
    needs.tell_index(need)


def add_load(person: User, step: int) -> None:
    """How much somebody has taken on; the index learns of it."""
    profiles = Profile.objects.filter(user=person)
    profiles.update(load=Greatest(F("load") + step, Value(0)))
    for profile in profiles:
        changes.tell_person(profile)
