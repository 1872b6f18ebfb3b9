"""Whether a member goes on being one: when it is asked, and the member's own answer.
What vetters say is in `staying`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation

from network import audit, notify
from network.access import Role
from network.models import User
from profiles import access
from profiles.actions.consent import give_consent
from profiles.models import (
    ApplicationState,
    Invitation,
    MemberReview,
    Profile,
    Purpose,
    Referee,
    ReviewReason,
    ReviewState,
)
from profiles.models.profile import ACTIVE
from profiles.models.review import ASKED_BEFORE, YEAR

REMINDED_BEFORE = timedelta(days=7)


def open_review(
    *, person: User, reason: ReviewReason, because_of: User | None = None
) -> MemberReview:
    """For vetters to say a word on. One that is open already stays as it is."""
    with transaction.atomic():
        row, is_new = MemberReview.objects.open().get_or_create(
            person=person, reason=reason, defaults={"because_of": because_of}
        )
        if is_new:
            audit.record(action=f"review {reason.value}", by=None, subject=row)
            tell_vetters(row)
    found: MemberReview = row
    return found


def tell_vetters(row: MemberReview) -> None:
    for vetter in access.people_in(Role.VETTER):
        if vetter.pk != row.person_id:
            notify.notify(person=vetter, kind="review", url=reverse("profiles:notices"))


def lapse_reviews(person: User, *reasons: ReviewReason) -> None:
    """Something else has settled it."""
    for row in MemberReview.objects.open().filter(person=person, reason__in=reasons):
        close(row, ReviewState.LAPSED)
        audit.record(action="review lapsed", by=None, subject=row)


def close(row: MemberReview, state: ReviewState) -> None:
    row.state, row.closed_at = state, timezone.now()
    row.save(update_fields=["state", "closed_at"])


def review_brought_in(removed: User) -> None:
    """Everybody who came by the word of a member who was removed, and by the words of
    those in turn."""
    for person in brought_in_by(removed):
        open_review(person=person, reason=ReviewReason.REFERRAL, because_of=removed)


def brought_in_by(root: User) -> Iterator[User]:
    """Members invited by this one or spoken for, at any remove; each once."""
    seen, layer = {root.pk}, [root.pk]
    while layer:
        invited = Invitation.objects.filter(
            inviter__in=layer, application__state=ApplicationState.APPROVED
        )
        spoken_for = Referee.objects.filter(
            member__in=layer, application__state=ApplicationState.APPROVED
        )
        keys = {
            *invited.values_list("application__applicant", flat=True),
            *spoken_for.values_list("application__applicant", flat=True),
        }
        found = User.objects.filter(pk__in=keys - seen).select_related("profile")
        layer = []
        for person in found.order_by("pk"):
            seen.add(person.pk)
            layer.append(person.pk)
            if access.is_active_member(person):
                yield person


def ask_to_confirm() -> None:
    """Members whose year is over in a month. An account that no letter reaches is
    nobody's, and is not asked."""
    now = timezone.now()
    last = Coalesce("confirmed_at", "vetted_at")
    reached = EmailAddress.objects.filter(verified=True).values("user")
    due = Profile.objects.filter(standing__in=ACTIVE, user__is_active=True)
    due = due.filter(user__in=reached)
    asked = MemberReview.objects.open().filter(reason=ReviewReason.YEARLY)
    rows = due.annotate(last=last).filter(last__lte=now - YEAR + ASKED_BEFORE)
    rows = rows.exclude(user__in=asked.values("person")).select_related("user")
    for profile in rows:
        last_said = profile.confirmed_at or profile.vetted_at
        with transaction.atomic():
            row = MemberReview.objects.create(
                person=profile.user,
                reason=ReviewReason.YEARLY,
                state=ReviewState.ASKED,
                # whoever was not asked in time has the month all the same
                due_at=max((last_said or now) + YEAR, now + ASKED_BEFORE),
            )
            audit.record(action="review yearly", by=None, subject=row)
            tell_member(row, "reconfirm")


def remind_to_confirm() -> None:
    soon = timezone.now() + REMINDED_BEFORE
    rows = MemberReview.objects.filter(state=ReviewState.ASKED, due_at__lte=soon)
    for row in rows.filter(reminded_at=None).select_related("person"):
        with transaction.atomic():
            row.reminded_at = timezone.now()
            row.save(update_fields=["reminded_at"])
            tell_member(row, "reconfirm")


def mark_overdue() -> None:
    """Whoever has not confirmed by then can write to nobody until they do."""
    asked = MemberReview.objects.filter(state=ReviewState.ASKED)
    late = asked.filter(due_at__lte=timezone.now(), person__profile__is_overdue=False)
    for key in late.values_list("pk", flat=True):
        mark_late(key)


def mark_late(key: UUID) -> None:
    """Whoever answers at this moment is on time: the answer locks the same row."""
    with transaction.atomic():
        row = MemberReview.objects.select_for_update().get(pk=key)
        if row.state != ReviewState.ASKED:
            return
        Profile.objects.filter(user=row.person_id).update(is_overdue=True)
        audit.record(action="reconfirmation overdue", by=None, subject=row)
        notify.notify(
            person=row.person, kind="overdue", url=reverse("profiles:reconfirm")
        )


def confirm_membership(
    *, review: MemberReview, by: User, words: str, language: str
) -> MemberReview:
    """The member's own word, and their yes to the community agreement as it stands, in
    the language in which it was shown; from now on they may write again. A second time
    changes nothing."""
    with transaction.atomic():
        row = MemberReview.objects.select_for_update().get(pk=review.pk, person=by)
        if row.state != ReviewState.ASKED:
            found: MemberReview = row
            return found
        row.state, row.words = ReviewState.WAITING, words
        row.save()
        Profile.objects.filter(user=by).update(is_overdue=False)
        give_consent(purpose=Purpose.COMMUNITY, language=language, by=by)
        audit.record(action="membership confirmed", by=by, subject=row)
        tell_vetters(row)
    return row


def days_left(row: MemberReview) -> int:
    left = row.due_at - timezone.now() if row.due_at is not None else ASKED_BEFORE
    return max(left.days, 1)


def tell_member(row: MemberReview, kind: str) -> None:
    person = row.person
    notify.notify(person=person, kind=kind, url=reverse("profiles:reconfirm"))
    with translation.override(person.language):
        url = notify.absolute(reverse("profiles:reconfirm"))
    notify.send_mail(
        to=person.email,
        template="reconfirm",
        context={"url": url, "days": days_left(row)},
        language=person.language,
    )
