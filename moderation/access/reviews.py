"""Whose membership is whose to look at."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from moderation.access.staff import vetter
from network.access import NotFound, Viewer
from network.models import User
from profiles.models import Invitation, MemberReview, Referee, ReviewState
from profiles.models.review import ReviewQuerySet


def reviews_for(viewer: Viewer) -> ReviewQuerySet:
    """All that vetters have or had to decide, but for their own, and those of whom they
    invited or spoke for themselves."""
    person = vetter(viewer)
    sent = MemberReview.objects.exclude(state=ReviewState.ASKED)
    rows: ReviewQuerySet = sent.exclude(person__in=people_close_to(person))
    return rows.select_related("person__profile", "because_of__profile")


def people_close_to(vetter: User) -> QuerySet[User]:
    """Themselves, and those whom they invited or spoke for: not theirs to decide on."""
    invited = Invitation.objects.filter(inviter=vetter)
    spoken_for = Referee.objects.filter(member=vetter)
    return User.objects.filter(
        Q(pk=vetter.pk)
        | Q(applications__in=invited.values("application"))
        | Q(applications__in=spoken_for.values("application"))
    )


def review_for_vetter(viewer: Viewer, review_id: UUID) -> MemberReview:
    """Raises `NotFound`."""
    found: MemberReview | None = reviews_for(viewer).filter(pk=review_id).first()
    if found is None:
        raise NotFound
    return found
