"""Whose membership is whose to look at."""

from __future__ import annotations

from uuid import UUID

from moderation.access.staff import vetter
from network.access import NotFound, Viewer
from profiles.models import Invitation, MemberReview, Referee, ReviewState
from profiles.models.review import ReviewQuerySet


def reviews_for(viewer: Viewer) -> ReviewQuerySet:
    """All that vetters have or had to decide, but for their own, and those of whom they
    invited or spoke for themselves."""
    person = vetter(viewer)
    # one without an application would leave everybody out: nothing is "not in" null
    invited = Invitation.objects.filter(inviter=person, application__isnull=False)
    spoken_for = Referee.objects.filter(member=person)
    sent = MemberReview.objects.exclude(state=ReviewState.ASKED).exclude(person=person)
    rows: ReviewQuerySet = sent.exclude(
        person__in=invited.values("application__applicant")
    ).exclude(person__in=spoken_for.values("application__applicant"))
    return rows.select_related("person__profile", "because_of__profile")


def review_for_vetter(viewer: Viewer, review_id: UUID) -> MemberReview:
    """Raises `NotFound`."""
    found: MemberReview | None = reviews_for(viewer).filter(pk=review_id).first()
    if found is None:
        raise NotFound
    return found
