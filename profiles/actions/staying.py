"""Vetters' words on whether a member stays, and what comes of them."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit, notify
from network.access import Refused
from network.models import User
from profiles import access
from profiles.actions import standing
from profiles.actions.admission import VOICES
from profiles.actions.reviews import close, review_brought_in
from profiles.models import (
    MemberReview,
    Profile,
    ReviewReason,
    ReviewState,
    ReviewVoice,
)


def say_on_review(
    *, review: MemberReview, by: User, is_stay: bool, reason: str, told: str = ""
) -> MemberReview:
    """`reason` is for vetters, what is `told` the member reads if the membership ends.

    The same word a second time changes nothing. Raises `NotFound` for who is no vetter,
    `Refused` for one's own membership and for another word than one has said.
    """
    access.check_may_review(review, by)
    with transaction.atomic():
        row: MemberReview = MemberReview.objects.select_for_update().get(pk=review.pk)
        said = row.voices.filter(vetter=by).first()
        if said is not None and said.is_stay == is_stay:
            return row
        if said is not None:
            raise Refused(_("You have said your word already."))
        check_waits(row)
        ReviewVoice.objects.create(
            review=row, vetter=by, is_stay=is_stay, reason=reason, told=told
        )
        word = "stay" if is_stay else "end"
        audit.record(action=f"review {word}", by=by, subject=row, reason=reason)
        conclude(row, by)
    return row


def check_waits(row: MemberReview) -> None:
    """Raises `Refused` once it is decided."""
    if row.state != ReviewState.WAITING:
        raise Refused(_("This has been decided."))


def conclude(row: MemberReview, by: User) -> None:
    """Ending a membership, and giving one back, take two; so does staying where one
    said that it should end."""
    words = list(row.voices.values_list("is_stay", flat=True))
    stays, ends = words.count(True), words.count(False)
    needed = VOICES if ends or row.reason == ReviewReason.SUSPENDED else 1
    if ends >= VOICES:
        close(row, ReviewState.ENDED)
        end_membership(row, by)
    elif stays >= needed:
        close(row, ReviewState.STAYS)
        go_on(row, by)


def end_membership(row: MemberReview, by: User) -> None:
    profile = Profile.objects.select_related("user").get(user=row.person_id)
    standing.remove_member(profile=profile, by=by)
    review_brought_in(profile.user)
    notify.notify(
        person=profile.user, kind="membership_ended", url=reverse("profiles:me")
    )


def go_on(row: MemberReview, by: User) -> None:
    profile = Profile.objects.get(user=row.person_id)
    if row.reason == ReviewReason.YEARLY:
        Profile.objects.filter(pk=profile.pk).update(confirmed_at=timezone.now())
    if row.reason == ReviewReason.SUSPENDED:
        standing.reinstate_member(profile=profile, by=by, reason="")
        notify.notify(
            person=row.person, kind="membership_back", url=reverse("profiles:me")
        )
