"""What a person may do here, taken away and given back; and leaving for good."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from network import audit, notify
from network.models import User
from network.revocation import end_sessions
from profiles.actions import changes, reviews
from profiles.actions.connections import end_grants
from profiles.actions.invitations import end_invitations
from profiles.actions.safeguarding import clear
from profiles.models import (
    Connection,
    ContactGrant,
    Introduction,
    Profile,
    ReviewReason,
    Standing,
)
from profiles.models.profile import ACTIVE

PROBATION = timedelta(days=90)


def suspend_member(*, profile: Profile, by: User | None, reason: str) -> Profile:
    """Ends sessions, open lines, contact and visibility. They may still sign in, to
    read why, to export and to erase."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=profile.pk)
        if row.standing == Standing.SUSPENDED:
            return row
        take_away(row, Standing.SUSPENDED)
        audit.record(action="suspended", by=by, subject=row, reason=reason)
        notify.notify(person=row.user, kind="suspended", url=reverse("profiles:me"))
        reviews.lapse_reviews(row.user, ReviewReason.YEARLY, ReviewReason.REFERRAL)
        reviews.open_review(person=row.user, reason=ReviewReason.SUSPENDED)
    return row


def leave_network(*, profile: Profile, by: User) -> Profile:
    """A membership ends at the member's wish; the account stays until it is erased."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=profile.pk)
        end_standing(row)
        audit.record(action="left", by=by, subject=row)
        reviews.lapse_reviews(row.user, *ReviewReason)
    return row


def remove_member(*, profile: Profile, by: User) -> Profile:
    """Two vetters said that the membership ends; `staying` counts them."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=profile.pk)
        end_standing(row)
        audit.record(action="removed", by=by, subject=row)
        reviews.lapse_reviews(row.user, *ReviewReason)
    return row


def end_standing(row: Profile) -> None:
    take_away(row, Standing.LEFT)
    row.is_listed = row.is_matched = row.is_open_to_contact = False
    row.save()


def take_away(row: Profile, standing: Standing) -> None:
    row.standing, row.standing_since = standing, timezone.now()
    row.is_overdue = False  # whoever comes back is asked anew
    row.save(update_fields=["standing", "standing_since", "is_overdue"])
    clear(row)  # nobody meets people who need protection on an old word
    end_grants(Q(person=row.user_id) | Q(other_person=row.user_id))
    end_invitations(row.user)
    Introduction.objects.of(row.user_id).end()
    row.user.groups.clear()  # whoever is no member holds no role, and gets none back
    changes.tell_person(row, withdrawn=True)
    end_sessions(person=row.user_id, reason=standing.value)


def reinstate_member(*, profile: Profile, by: User, reason: str) -> Profile:
    """Back to probation, or to membership where that was over; accepted connections
    carry again, what was blocked or ended meanwhile does not."""
    with transaction.atomic():
        row = Profile.objects.select_for_update().get(pk=profile.pk)
        if row.standing != Standing.SUSPENDED:
            return row
        row.standing = standing_by_time(row)
        row.standing_since = timezone.now()
        row.save(update_fields=["standing", "standing_since"])
        reopen_grants(row.user)
        audit.record(action="reinstated", by=by, subject=row, reason=reason)
        changes.tell_person(row)
    return row


def standing_by_time(profile: Profile) -> Standing:
    if profile.vetted_at is None:
        return Standing.APPLICANT
    is_over = profile.vetted_at < timezone.now() - PROBATION
    return Standing.MEMBER if is_over else Standing.PROBATION


def reopen_grants(person: User) -> None:
    mine = Q(requester=person) | Q(recipient=person)
    live = Connection.objects.filter(mine, state=Connection.State.ACCEPTED)
    others = live.filter(
        requester__profile__standing__in=ACTIVE,
        recipient__profile__standing__in=ACTIVE,
    )
    for grant in ContactGrant.objects.filter(
        kind=ContactGrant.Kind.CONNECTION,
        source__in=others.values("pk"),
        ended_at__isnull=False,
    ):
        grant.ended_at = None
        grant.save(update_fields=["ended_at"])
        changes.tell_grant(grant)


def finish_probation(*, profile: Profile) -> None:
    with transaction.atomic():
        changed = Profile.objects.filter(
            pk=profile.pk, standing=Standing.PROBATION
        ).update(standing=Standing.MEMBER, standing_since=timezone.now())
        if changed:
            profile.refresh_from_db()
            audit.record(action="probation over", by=None, subject=profile)
            changes.tell_person(profile)
