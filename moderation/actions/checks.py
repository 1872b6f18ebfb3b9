"""A member asks to be found safe for meeting people; two vetters say yes or no; and
what was granted ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moderation import access
from moderation.models import CheckState, CheckVoice, SafeguardingCheck
from network import audit, notify
from network.access import Refused, Role
from network.models import User
from profiles.access import (
    is_active_member,
    is_blocked_between,
    is_kept_from,
    people_in,
)
from profiles.actions.admission import VOICES
from profiles.actions.changes import tell_grant
from profiles.actions.connections import end_grants
from profiles.actions.safeguarding import end_tier, grant_tier
from profiles.models import ContactGrant, Meets, Profile
from profiles.models.profile import ACTIVE
from projects.actions.telling import check_is_less

LONGEST = timedelta(days=3 * 365)
TOLD_BEFORE = timedelta(days=30)  # the end
ASKED_AGAIN_AFTER = timedelta(days=30)  # a no


@dataclass(frozen=True, kw_only=True)
class Word:
    """What one vetter says. `until` is the last day of a yes, `reason` for vetters;
    what is `told` the member reads after a no."""

    is_yes: bool
    ground: str
    reason: str
    until: date | None = None
    told: str = ""


def ask_for_check(*, by: User, tier: int, words: str) -> SafeguardingCheck:
    """One waits at a time, and the form sent twice asks once. Raises `Refused` soon
    after a no, and where what is asked for counts for a while yet."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        found: SafeguardingCheck | None = access.own_checks(by).waiting().first()
        if found is not None:
            return found
        check_may_ask(by, tier)
        row = SafeguardingCheck.objects.create(person=by, tier=tier, words=words)
        audit.record(action="check asked for", by=by, subject=row)
        for vetter in people_in(Role.VETTER):
            if vetter.pk != by.pk:
                url = reverse("profiles:notices")
                notify.notify(person=vetter, kind="check", url=url)
    made: SafeguardingCheck = row
    return made


def check_may_ask(person: User, tier: int) -> None:
    since = timezone.now() - ASKED_AGAIN_AFTER
    mine = access.own_checks(person)
    refused = mine.filter(state=CheckState.REFUSED, closed_at__gt=since).first()
    if refused is not None and refused.closed_at is not None:
        day = date_format(refused.closed_at + ASKED_AGAIN_AFTER, "DATE_FORMAT")
        raise Refused(_("You can ask again from %(day)s on.") % {"day": day})
    profile = person.profile
    if profile.tier_today >= tier and not ends_soon(profile):
        raise Refused(_("You have had this check already."))


def ends_soon(profile: Profile) -> bool:
    until = profile.safeguarding_until
    return until is not None and until <= timezone.localdate() + TOLD_BEFORE


def withdraw_check(*, by: User) -> None:
    """One's own that waits; a second time changes nothing."""
    with transaction.atomic():
        rows = access.own_checks(by).waiting().select_for_update()
        for row in rows:
            close(row, CheckState.WITHDRAWN)
            audit.record(action="check taken back", by=by, subject=row)


def open_thread(*, check: SafeguardingCheck, by: User) -> None:
    """While it waits, one vetter and the member can write to each other. Raises
    `NotFound` for who is no vetter, `Refused` where they may not or need not."""
    access.check_may_say(check, by)
    with transaction.atomic():
        row = SafeguardingCheck.objects.select_for_update().get(pk=check.pk)
        check_waits(row)
        profile = row.person.profile
        is_apart = is_kept_from(by, profile) or is_blocked_between(by.pk, row.person_id)
        if is_apart or not is_active_member(by):
            raise Refused(_("You cannot write to this member. Leave it to another."))
        grant, is_new = ContactGrant.objects.get_or_create(
            kind=ContactGrant.Kind.CHECK,
            source=row.pk,
            defaults={"person": by, "other_person": row.person},
        )
        if grant.person_id != by.pk:
            raise Refused(_("Another vetter writes with them already."))
        if is_new:
            audit.record(action="check thread", by=by, subject=row)
            tell_grant(grant)


def say_on_check(
    *, check: SafeguardingCheck, by: User, word: Word
) -> SafeguardingCheck:
    """The same word a second time changes nothing. Raises `NotFound` for who is no
    vetter, `Refused` for one's own, a check that waits no more, and another word than
    one has said."""
    access.check_may_say(check, by)
    with transaction.atomic():
        row: SafeguardingCheck
        row = SafeguardingCheck.objects.select_for_update().get(pk=check.pk)
        said = row.voices.filter(vetter=by).first()
        if said is not None and said.is_yes == word.is_yes:
            return row
        if said is not None:
            raise Refused(_("You have said your word already."))
        check_waits(row)
        check_is_member(row.person)
        CheckVoice.objects.create(check_asked=row, vetter=by, **vars(word))
        deed = "check yes" if word.is_yes else "check no"
        audit.record(action=deed, by=by, subject=row, reason=word.reason)
        if word.is_yes:
            row.add_approver(by)
            row.save()
        conclude(row, by)
    return row


def check_is_member(person: User) -> None:
    """A suspension at this moment waits, or is seen."""
    profile = Profile.objects.select_for_update().get(user=person)
    if profile.standing not in ACTIVE:
        raise Refused(_("They are no active member at the moment."))


def check_waits(row: SafeguardingCheck) -> None:
    if row.state != CheckState.WAITING:
        raise Refused(_("This has been decided."))


def conclude(row: SafeguardingCheck, by: User) -> None:
    """Two yeses grant it until the earlier of their days, two noes refuse it."""
    yes = [one for one in row.voices.all() if one.is_yes]
    if len(yes) >= VOICES:
        for before in access.own_checks(row.person).standing():
            close_granted(before)
        row.until = min(one.until for one in yes if one.until)
        close(row, CheckState.GRANTED)
        check_is_less(row.person, than=row.tier)
        grant_tier(person=row.person, tier=row.tier, until=row.until, by=by)
    elif row.voices.count() - len(yes) >= VOICES:
        close(row, CheckState.REFUSED)
    else:
        return
    tell(row, "check_decided")


def close(row: SafeguardingCheck, state: CheckState) -> None:
    row.state, row.closed_at = state, timezone.now()
    row.save()
    end_grants(Q(kind=ContactGrant.Kind.CHECK, source=row.pk))


def end_check(*, check: SafeguardingCheck, by: User | None, told: str = "") -> None:
    """One person is enough to end what was granted: the member, a vetter, or nobody,
    when its time is over. Leads whose task asks for it are told."""
    with transaction.atomic():
        row = SafeguardingCheck.objects.select_for_update().get(pk=check.pk)
        if row.state != CheckState.GRANTED:
            return
        row.told = told
        close_granted(row)
        audit.record(action="check over", by=by, subject=row)
        end_tier(person=row.person, by=by)
        check_is_less(row.person, than=Meets.NOBODY)
        if by != row.person:
            tell(row, "check_over")


def withdraw_in_vain() -> None:
    """What somebody asked for who was suspended or has left meanwhile."""
    waiting = SafeguardingCheck.objects.waiting()
    for row in waiting.exclude(person__profile__standing__in=ACTIVE):
        with transaction.atomic():
            close(row, CheckState.WITHDRAWN)
            audit.record(action="check taken back", by=None, subject=row)


def tell_who_ends_soon() -> None:
    """Once, a month before."""
    soon = SafeguardingCheck.objects.standing().filter(
        until__lte=timezone.localdate() + TOLD_BEFORE, told_at=None
    )
    for key in soon.values_list("pk", flat=True):
        with transaction.atomic():
            row = SafeguardingCheck.objects.select_for_update().get(pk=key)
            if row.told_at is None and row.state == CheckState.GRANTED:
                row.told_at = timezone.now()
                row.save(update_fields=["told_at"])
                tell(row, "check_ends")


def close_granted(row: SafeguardingCheck) -> None:
    row.state, row.ended_at = CheckState.ENDED, timezone.now()
    row.save()


def tell(row: SafeguardingCheck, kind: str) -> None:
    url = reverse("moderation:own_check")
    notify.notify(person=row.person, kind=kind, url=url)
