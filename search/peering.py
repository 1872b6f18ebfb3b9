"""Who could be of use to a member, and why: the engine proposes, the database decides.

Only what the viewer may see of somebody anyway counts, and is told: whoever was
proposed for a hidden skill would have told it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q

from network.models import User
from profiles.access import AUDIENCES, Tier, is_present, takes_requests_of
from profiles.models import Connection, Introduction, Profile
from projects.models import Need, NeedSkill, ProjectMember
from search import serving, sources
from search.documents import NeedDocument, PersonDocument
from search.engine import MatchRequest
from search.formula import CAUSE
from search.keys import PERSON, key_of
from search.live import blocked_for
from search.peer_reasons import why
from search.reasons import SKILL

MOST_WANTED = 8  # skills; each is one question to the engine
COUNTED = (SKILL, "cause", "experience")  # neither where nor when nor how active
SEEN = AUDIENCES[Tier.MEMBER]


@dataclass(frozen=True)
class Peer:
    profile: Profile
    score: float
    reasons: list[str]


def proposals(viewer: Profile, among: Collection[UUID] = ()) -> dict[UUID, Peer]:
    """Who may be proposed now, by account: of these people, or of all."""
    mine = sources.person_document(viewer)
    sought = sought_by(viewer.user)
    points = points_for(mine, sought)
    keys = set(points).intersection(among) if among else points
    rows = sources.people(keys).filter(is_listed=True)
    found: dict[UUID, Peer] = {}
    for profile in rows.exclude(user__in=out_of_question(viewer.user)):
        if may_be_proposed(viewer, profile):
            peer = peer_of(mine, sought, profile, points[profile.user_id])
            if peer is not None:
                score = peer.score + across(viewer, profile)
                found[profile.user_id] = replace(peer, score=score)
    return found


def across(viewer: Profile, profile: Profile) -> float:
    """Points for another background, known at first hand, where both wish for it: as
    many as for a cause in common.

    Never told as a reason, and never the cause that somebody is proposed: the order is
    all that it changes, or what nobody sees could be read off the list.
    """
    mine, theirs = viewer.first_hand, profile.first_hand
    is_wished = bool(mine.get("is_across") and theirs.get("is_across"))
    one, other = set(mine.get("known", ())), set(theirs.get("known", ()))
    return CAUSE if is_wished and one and other and not one & other else 0.0


def may_be_proposed(viewer: Profile, profile: Profile) -> bool:
    """The gates between two members. Every wish of either's belongs here."""
    named = [profile.audience_of(field) in SEEN for field in ("pseudonym", "languages")]
    return (
        profile.pk != viewer.pk
        and profile.is_matched
        and is_present(profile)
        and all(named)
        and takes_requests_of(viewer.user, profile)
        and takes_requests_of(profile.user, viewer)
    )


def out_of_question(person: User) -> set[UUID]:
    """Behind a block, and with whom something stood or stands: a request of either,
    whatever became of it, and an introduction that one of them did not want."""
    mine = Q(requester=person) | Q(recipient=person)
    pairs = list(Connection.objects.filter(mine).values_list("requester", "recipient"))
    no = Q(one_answer=Introduction.Answer.NO) | Q(other_answer=Introduction.Answer.NO)
    refused = Introduction.objects.filter(Q(one=person) | Q(other=person)).filter(no)
    pairs += refused.values_list("one", "other")
    return blocked_for(person) | {each for pair in pairs for each in pair}


def sought_by(person: User) -> list[str]:
    """The skills that open needs of this person's own projects ask for."""
    led = ProjectMember.objects.filter(person=person, role=ProjectMember.Role.LEAD)
    needs = Need.objects.open().filter(project__in=led.values("project"))
    rows = NeedSkill.objects.filter(need__in=needs).values_list("skill", flat=True)
    return [skill for skill, _count in Counter(rows).most_common(MOST_WANTED)]


def wanted(mine: PersonDocument, sought: list[str]) -> list[str]:
    """What their projects look for, then what they do themselves, the newest to them
    first: there is most to learn."""
    own = sorted(mine.skills, key=lambda skill: (mine.skills[skill], skill))
    return list(dict.fromkeys([*sought, *own]))[:MOST_WANTED]


def points_for(
    mine: PersonDocument, sought: list[str]
) -> Mapping[UUID, Mapping[str, float]]:
    """What each candidate's points are made of: of several skills each counts."""
    found: dict[UUID, dict[str, float]] = {}
    for skill in wanted(mine, sought):
        request = MatchRequest(subject=question(mine, skill))
        for one in serving.engine().match(request):
            kind, key = key_of(one.id)
            if kind == PERSON and one.id != mine.id:
                found.setdefault(UUID(key), {}).update(one.points)
    return found


def question(mine: PersonDocument, skill: str) -> NeedDocument:
    """A need of the member's own, of no place and no time."""
    return NeedDocument(
        id=f"peers:{mine.id}",
        skills={skill: 1.0},
        languages=mine.languages,
        lat=None,
        lon=None,
        remote=True,
        slots=frozenset(),
        causes=mine.causes,
        min_experience=0,
        safeguarding_tier=0,
        open=True,
        seats_left=1,
    )


def peer_of(
    mine: PersonDocument,
    sought: Iterable[str],
    profile: Profile,
    points: Mapping[str, float],
) -> Peer | None:
    """None for whoever has nothing to teach that the viewer may see. The one place
    where a score between two members is made: whatever else should bring them nearer
    is added here."""
    theirs = shown_document(profile)
    told = {
        key: value
        for key, value in points.items()
        if key.startswith(COUNTED) and counts(key, mine, theirs, sought)
    }
    skills = [value for key, value in told.items() if key.startswith(SKILL)]
    if not skills:
        return None
    others = sum(value for key, value in told.items() if not key.startswith(SKILL))
    return Peer(profile, max(skills) + others, why(mine, theirs, told, sought))


def shown_document(profile: Profile) -> PersonDocument:
    """As a member sees it."""
    full = sources.person_document(profile)
    may = {each: profile.audience_of(each) in SEEN for each in ("skills", "causes")}
    return replace(
        full,
        skills=full.skills if may["skills"] else {},
        experience_years=full.experience_years if may["skills"] else 0,
        causes=full.causes if may["causes"] else frozenset(),
    )


def counts(
    key: str, mine: PersonDocument, theirs: PersonDocument, sought: Iterable[str]
) -> bool:
    """A skill that one has further oneself teaches nothing."""
    if key == "cause":
        return bool(mine.causes & theirs.causes)
    if key == "experience":
        return theirs.experience_years > 0
    skill = key.removeprefix(SKILL)
    if skill in theirs.skills:
        return skill in sought or theirs.skills[skill] >= mine.skills.get(skill, 0)
    return bool(theirs.skills)
