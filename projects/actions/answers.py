"""Invitations and offers to help. Nothing begins before both sides have said yes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network import audit
from network.access import NotFound, Refused
from network.models import User
from profiles.access import is_kept_from
from profiles.models import Block, VolunteerRegistration
from profiles.models.profile import Profile
from projects.access import lacks_check
from projects.actions import engagements, telling
from projects.models import (
    LIVE,
    Answer,
    Engagement,
    Need,
    Project,
    ProjectMember,
)

Party = User | VolunteerRegistration


def invite(*, need: Need, by: User, whom: Party) -> Answer:
    """A lead asks somebody; a second time finds the first invitation.

    Raises `NotFound` for whoever cannot be found by this lead, `Refused` with a
    sentence when the need is over or the person has said no to it before.
    """
    check_open(need)
    if not can_be_invited(whom, by=by):
        raise NotFound
    if already_on_team(need, whom):
        raise Refused(_("This person is on the project's team already."))
    check_tier(need, whom, by=by)
    if answers_of(whom, need).filter(state=Answer.State.DECLINED).exists():
        raise Refused(_("This person has said “not this time” to this task."))
    answer, is_new = _live_answer(need, whom, state=Answer.State.INVITED, by=by)
    if is_new:
        telling.invited(answer)
    return answer


def apply(*, need: Need, by: Party, note: str = "") -> Answer:
    """Somebody offers to help; whoever was invited says yes by it."""
    check_open(need)
    if isinstance(by, VolunteerRegistration) and not is_confirmed(by):
        raise NotFound
    if already_on_team(need, by):
        raise Refused(_("You are on this project's team already."))
    check_tier(need, by, by=by)
    answer, is_new = _live_answer(
        need, by, state=Answer.State.APPLIED, by=by, note=note
    )
    if is_new:
        telling.applied(answer)
    elif answer.state == Answer.State.INVITED:
        accept(answer=answer, by=by)
        answer.refresh_from_db()
    return answer


def accept(*, answer: Answer, by: Party) -> Engagement:
    """The second yes: a lead's to an offer, the person's to an invitation.

    Takes a seat, opens contact and adds to the person's load, all or nothing. A second
    yes finds what the first one made. Raises `Refused` when the last seat was taken or
    the answer has changed meanwhile.
    """
    with transaction.atomic():
        need = _lock_need(answer)
        waiting = Answer.objects.filter(pk=answer.pk, state=_awaited(answer, by))
        changed = waiting.update(
            state=Answer.State.ACCEPTED, answered_at=timezone.now()
        )
        answer.refresh_from_db()
        if not changed:
            found = Engagement.objects.filter(answer=answer, ended_at=None).first()
            if answer.state == Answer.State.ACCEPTED and found is not None:
                return found
            if answer.came_too_late:
                raise Refused(_("All places were taken meanwhile."))
            raise Refused(_("This has been answered or taken back meanwhile."))
        check_tier(need, answer.person or answer.registration, by=by)
        engagement = engagements.begin(answer=answer, lead=_lead(answer, by))
        audit.record(action="answer accepted", by=_actor(by), subject=answer)
        telling.accepted(answer, by=by)
    return engagement


def decline(*, answer: Answer, by: Party, reason: str = "") -> None:
    """A no to what was asked; `reason` stays with whoever gave it."""
    with transaction.atomic():
        waiting = Answer.objects.filter(pk=answer.pk, state=_awaited(answer, by))
        changed = waiting.update(
            state=Answer.State.DECLINED,
            decline_reason=reason,
            answered_at=timezone.now(),
        )
        answer.refresh_from_db()
        if changed:
            audit.record(action="answer declined", by=_actor(by), subject=answer)
        elif answer.state != Answer.State.DECLINED:
            raise Refused(_("This has been answered or taken back meanwhile."))


def withdraw(*, answer: Answer, by: Party | None) -> None:
    """Takes back an offer, an invitation or a yes; of a yes the seat is free again."""
    with transaction.atomic():
        _lock_need(answer)
        row = Answer.objects.select_for_update().get(pk=answer.pk)
        if row.state not in LIVE:
            return
        was_accepted = row.state == Answer.State.ACCEPTED
        row.state, row.answered_at = Answer.State.WITHDRAWN, timezone.now()
        row.save(update_fields=["state", "answered_at"])
        if was_accepted:
            engagements.end(engagement=row.engagement, frees_seat=True)
        audit.record(action="answer withdrawn", by=_actor(by), subject=row)
    answer.refresh_from_db()


def conclude(*, answer: Answer, by: User) -> None:
    """A lead says that the task is done: contact ends, the seat stays counted."""
    with transaction.atomic():
        found = Engagement.objects.filter(answer=answer).first()
        if found is None:
            raise Refused(_("Nobody has begun on this yet."))
        if engagements.end(engagement=found, frees_seat=False):
            audit.record(action="engagement ended", by=by, subject=found)


def check_open(need: Need) -> None:
    if need.project.state != Project.State.PUBLISHED or not need.is_open:
        raise Refused(_("This task is no longer looking for people."))


def can_be_invited(whom: Party, *, by: User) -> bool:
    """Whether matching may show this person to this lead now."""
    if isinstance(whom, VolunteerRegistration):
        return is_confirmed(whom)
    matched = Profile.objects.active().filter(user=whom, is_matched=True)
    found = matched.apart_from_blocks(by.pk).first()
    return found is not None and not is_kept_from(by, found)


def is_confirmed(registration: VolunteerRegistration) -> bool:
    confirmed = VolunteerRegistration.objects.confirmed()
    return confirmed.filter(pk=registration.pk).exists()


def already_on_team(need: Need, whom: Party) -> bool:
    return isinstance(whom, User) and need.project.team.filter(person=whom).exists()


def check_tier(need: Need, whom: Party | None, *, by: Party) -> None:
    """Asked when somebody is found and when the second yes is said: what a task asks
    for may have become more meanwhile."""
    if whom is None or not lacks_check(need, whom):
        return
    if whom == by:
        raise Refused(_("This task asks for a check that you have not had yet."))
    raise Refused(_("This task asks for a check that this person has not had yet."))


def answers_of(whom: Party, need: Need) -> QuerySet[Answer]:
    return Answer.objects.filter(need=need, **_column(whom))


def _column(whom: Party) -> dict[str, Party]:
    return {"person" if isinstance(whom, User) else "registration": whom}


def _live_answer(
    need: Need, whom: Party, *, state: str, by: Party, note: str = ""
) -> tuple[Answer, bool]:
    """A new answer and True, or the one that is live already and False."""
    try:
        with transaction.atomic():
            answer = Answer.objects.create(
                need=need, state=state, note=note, **_column(whom)
            )
            audit.record(action=f"answer {state}", by=_actor(by), subject=answer)
    except IntegrityError:
        found = answers_of(whom, need).filter(state__in=LIVE).first()
        if found is None:  # ended between the two statements
            raise Refused(
                _("This has been answered or taken back meanwhile.")
            ) from None
        return found, False
    return answer, True


def _lock_need(answer: Answer) -> Need:
    """The need before its answers, everywhere: whoever takes the last seat ends the
    other offers too, and two that lock in opposite orders would block each other."""
    return Need.objects.select_for_update().get(pk=answer.need_id)


def _awaited(answer: Answer, by: Party) -> str:
    """The state that this party's word is awaited in."""
    is_own = by in (answer.person, answer.registration)
    return Answer.State.INVITED if is_own else Answer.State.APPLIED


def _lead(answer: Answer, by: Party) -> User:
    """Who will write with the person: the lead who said yes, else the first one."""
    leads = ProjectMember.objects.filter(
        project=answer.need.project_id, role=ProjectMember.Role.LEAD
    ).select_related("person")
    if answer.person is not None:
        leads = leads.exclude(
            person__in=Block.objects.filter(blocker=answer.person).values("blocked")
        ).exclude(
            person__in=Block.objects.filter(blocked=answer.person).values("blocker")
        )
    chosen = leads.filter(person=by).first() if isinstance(by, User) else None
    found = chosen or leads.order_by("created_at").first()
    if found is None:
        raise Refused(_("Nobody leads this project any more."))
    return found.person


def _actor(by: Party | None) -> User | None:
    return by if isinstance(by, User) else None
