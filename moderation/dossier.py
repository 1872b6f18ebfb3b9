"""An application, or a request for a new way in, on one page, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from moderation.actions.letters import reach_of
from moderation.models import (
    AccessRecovery,
    CheckVoice,
    RecoveryDecision,
    RecoveryState,
)
from moderation.queries import name_of
from network.countries import country_name
from network.models import User
from network.words import in_a_row
from profiles import languages
from profiles.access import own_profile
from profiles.actions import joining
from profiles.models import (
    REPLIES,
    Application,
    Decision,
    Invitation,
    Kind,
    Referee,
    ReviewVoice,
)

LABELS: dict[str, str | Promise] = {
    "kind": gettext_lazy("Comes as"),
    "pseudonym": gettext_lazy("Wants to be called"),
    "languages": gettext_lazy("Speaks"),
    "country": gettext_lazy("Lives in"),
    "way": gettext_lazy("Where they are on their way"),
    "hopes": gettext_lazy("What they hope for here"),
    joining.APPEAL_WORDS: gettext_lazy("Why they ask for a third person"),
}

SAID: dict[str, str | Promise] = {
    "relation": gettext_lazy("Knows them"),
    "since": gettext_lazy("For how long"),
    "trust": gettext_lazy("Would bring them together with others"),
    "words": gettext_lazy("In their own words"),
}
CHOSEN: dict[str, type[TextChoices]] = {
    "relation": Referee.Relation,
    "since": Referee.Since,
    "trust": Referee.Trust,
}


@dataclass(frozen=True)
class Answered:
    label: str | Promise
    value: str


@dataclass(frozen=True)
class Question:
    key: str
    at: datetime
    who: str
    words: str
    reply: str


@dataclass(frozen=True)
class MemberLine:
    """A member who stands beside an application, and how they stand here today."""

    name: str
    since: datetime | None
    standing: str


@dataclass(frozen=True)
class Speaker:
    """Somebody whom the applicant named; `member` where they are or were one."""

    email: str
    known_as: str
    state: str
    answers: list[Answered]
    member: MemberLine | None


@dataclass(frozen=True)
class Asking:
    """Who a new way in is for; of the reach address only whether it is another."""

    name: str
    is_member: bool
    since: datetime  # of the membership, else of the account
    standing: str
    is_elsewhere: bool


@dataclass(frozen=True)
class Voice:
    at: datetime
    who: str
    is_yes: bool
    reason: str
    told: str = ""  # to the applicant
    note: str = ""  # what they went by, and until when


@dataclass(frozen=True)
class Note:
    key: UUID
    at: datetime
    who: str
    words: str
    can_take_back: bool


def answers(application: Application) -> list[Answered]:
    """Known answers first, in the order in which they were asked."""
    given: dict[str, Any] = {
        key: value for key, value in application.answers.items() if key != REPLIES
    }
    asked = given.pop(joining.ASKED_MORE, {})
    order = [key for key in LABELS if key in given]
    order += [key for key in given if key not in LABELS]
    found = [Answered(LABELS.get(key, key), in_words(key, given[key])) for key in order]
    found += [Answered(one["question"], one["answer"]) for one in asked.values()]
    return [line for line in found if line.value]


def in_words(key: str, value: Any) -> str:
    here = get_language() or "en"
    if key == "kind":
        return str(Kind(value).label) if value in Kind.values else str(value)
    if key == "country":
        return country_name(value) if value else ""
    if key == "languages":
        return in_a_row(languages.name(code, here) for code in value)
    return plain(value)


def plain(value: Any) -> str:
    """Whatever an application holds, as lines of text."""
    if isinstance(value, dict):
        return "\n".join(plain(part) for part in value.values() if part)
    if isinstance(value, list):
        return "\n".join(plain(part) for part in value if part)
    if isinstance(value, bool):
        return str(_("Yes")) if value else str(_("No"))
    return "" if value is None else str(value)


def voices(decisions: Iterable[Decision | RecoveryDecision]) -> Iterator[Voice]:
    for said in decisions:
        if said.answer != Decision.Answer.ASK:
            is_yes = said.answer == Decision.Answer.APPROVE
            told = said.told if isinstance(said, Decision) else ""
            who = name_of(said.vetter)
            yield Voice(said.created_at, who, is_yes, said.reason, told)


def member_line(person: User | None) -> MemberLine | None:
    if person is None:
        return None
    profile = own_profile(person)
    return MemberLine(
        name=name_of(person),
        since=profile.vetted_at if profile is not None else None,
        standing=str(profile.get_standing_display()) if profile is not None else "",
    )


def inviter(application: Application) -> MemberLine | None:
    found = Invitation.objects.filter(application=application)
    row = found.select_related("inviter__profile").first()
    return member_line(row.inviter) if row is not None else None


def brought_in_by(person: User) -> Iterator[MemberLine]:
    """Who invited this member, and the members who spoke for them."""
    invited = Invitation.objects.filter(application__applicant=person)
    for row in invited.select_related("inviter__profile"):
        yield from filter(None, [member_line(row.inviter)])
    spoke = Referee.objects.filter(application__applicant=person, member__isnull=False)
    for one in spoke.select_related("member__profile"):
        yield from filter(None, [member_line(one.member)])


def review_voice(said: ReviewVoice) -> Voice:
    who = name_of(said.vetter)
    return Voice(said.created_at, who, said.is_stay, said.reason, said.told)


def check_voice(said: CheckVoice) -> Voice:
    until = ""
    if said.until is not None:
        day = date_format(said.until, "DATE_FORMAT")
        until = _("until %(date)s") % {"date": day}
    note = " · ".join(filter(None, [str(said.get_ground_display()), until]))
    who = name_of(said.vetter)
    return Voice(said.created_at, who, said.is_yes, said.reason, said.told, note)


def said_of(
    rows: QuerySet[Any], voice_of: Callable[[Any], Voice], viewer: User
) -> dict[str, Any]:
    """For a page on which two vetters decide: what was said, whether this one has, and
    whether they do not agree."""
    said = list(rows.select_related("vetter__profile"))
    voices = [voice_of(one) for one in said]
    return {
        "voices": voices,
        "has_spoken": any(one.vetter_id == viewer.pk for one in said),
        "is_disputed": len({voice.is_yes for voice in voices}) > 1,
    }


def speakers(application: Application) -> Iterator[Speaker]:
    for row in application.referees.select_related("member__profile"):
        yield Speaker(
            email=row.email,
            known_as=row.known_as,
            state=str(row.get_state_display()),
            answers=[
                Answered(SAID[key], spoken(key, row.answers[key]))
                for key in SAID
                if key in row.answers
            ],
            member=member_line(row.member),
        )


def spoken(key: str, value: str) -> str:
    choices = CHOSEN.get(key)
    is_known = choices is not None and value in choices.values
    return str(choices(value).label) if choices and is_known else value


def questions(
    application: Application, decisions: Iterable[Decision]
) -> Iterator[Question]:
    replies = application.answers.get(REPLIES, {})
    for said in decisions:
        if said.answer == Decision.Answer.ASK:
            key = str(said.pk)
            who = name_of(said.vetter)
            reply = replies.get(key, "")
            yield Question(key, said.created_at, who, said.reason, reply)


def notes(application: Application, viewer: User) -> Iterator[Note]:
    for row in application.notes.select_related("author__profile"):
        who = name_of(row.author) or _("Somebody who has left")
        is_own = row.may_be_taken_back(viewer)
        yield Note(row.pk, row.created_at, who, row.words, is_own)


def recovery_questions(decisions: Iterable[RecoveryDecision]) -> Iterator[Question]:
    for said in decisions:
        if said.answer == Decision.Answer.ASK:
            who = name_of(said.vetter)
            yield Question(str(said.pk), said.created_at, who, said.reason, said.reply)


def person_asking(recovery: AccessRecovery) -> Asking | None:
    person = recovery.person
    if person is None:
        return None
    profile = own_profile(person)
    vetted_at = profile.vetted_at if profile is not None else None
    return Asking(
        name=name_of(person),
        is_member=vetted_at is not None,
        since=vetted_at or person.created_at,
        standing=str(profile.get_standing_display()) if profile is not None else "",
        is_elsewhere=reach_of(recovery) != person.email,
    )


def recovery_steps(recovery: AccessRecovery) -> list[dict[str, str]]:
    """For `<c-track>`, as the person sees it."""
    places = {RecoveryState.BEGUN: 0, RecoveryState.WAITING: 1, RecoveryState.AGREED: 2}
    now = 3 if recovery.is_ready else places.get(RecoveryState(recovery.state), 4)
    labels = [
        _("You say by which we know you"),
        _("Two vetters read it, and may ask"),
        _("72 hours pass, so that nobody takes an account unseen"),
        _("You choose a new password, and set a new second factor"),
    ]
    return [
        {
            "label": label,
            "detail": "",
            "state": "done" if place < now else "now" if place == now else "",
        }
        for place, label in enumerate(labels)
    ]
