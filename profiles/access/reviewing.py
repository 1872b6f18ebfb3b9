"""Whose it is to confirm a membership, and to decide about one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from network.access import NotFound, Refused, Role, has_role
from network.models import User
from profiles.models import MemberReview, ReviewState


def review_to_confirm(person: User) -> MemberReview:
    """The yearly one that waits for this member. Raises `NotFound`."""
    asked = MemberReview.objects.filter(state=ReviewState.ASKED, person=person)
    found: MemberReview | None = asked.first()
    if found is None:
        raise NotFound
    return found


def check_may_review(review: MemberReview, by: User) -> None:
    """Raises `NotFound` for all but vetters, `Refused` for one's own membership."""
    if not has_role(by, Role.VETTER):
        raise NotFound
    if review.person_id == by.pk:
        raise Refused(_("You cannot decide on your own membership."))
