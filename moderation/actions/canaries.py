"""Invented members of the directory, and what it means to open one.

An honest member chooses whom to look at; whoever opens everybody opens these, too.
They stand in the list by their name as anybody does, are offered to nobody, and take
no requests, as many members do: one that waited for ever would tell what they are,
and would be cruel to whoever meant it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone

from moderation.actions.alarms import report_by_site
from moderation.models import Canary, Report
from network import audit
from network.access import Refused, is_staff_role
from network.models import User
from profiles import languages, queries, taxonomy
from profiles.actions.erasing import erase_account
from profiles.models import Kind, Profile, ProfileSkill, Standing

DAYS_APART: Final = 30  # between two reports of one person and one canary


@dataclass(frozen=True)
class Invented:
    """What stands in the profile: enough to look like the others."""

    pseudonym: str
    languages: Collection[str]
    skills: Collection[str] = ()
    causes: Collection[str] = ()
    way: str = ""


def create_canary(*, invented: Invented, by: User | None = None) -> Canary:
    """Raises `Refused` for a name that is borne, and for what is on no list of ours."""
    with transaction.atomic():
        check(invented)
        person = User.objects.create_user(f"{uuid4().hex}@members.invalid")
        profile = Profile.objects.create(
            user=person,
            pseudonym=invented.pseudonym,
            kind=Kind.SUPPORTER,
            standing=Standing.MEMBER,
            vetted_at=timezone.now(),
            languages=[*invented.languages],
            causes=[*invented.causes],
            way=invented.way,
            is_listed=True,
        )
        ProfileSkill.objects.bulk_create(
            [ProfileSkill(profile=profile, skill=skill) for skill in invented.skills]
        )
        canary = Canary.objects.create(person=person)
        audit.record(action="canary made", by=by, subject=canary)
    return canary


def check(invented: Invented) -> None:
    if not invented.pseudonym.strip() or not invented.languages:
        raise Refused("A name and a language are needed.")
    if queries.of_name(Profile.objects.all(), invented.pseudonym, None):
        raise Refused("Somebody bears this name.")
    unknown = [
        *(code for code in invented.languages if not languages.is_language(code)),
        *(skill for skill in invented.skills if not taxonomy.is_skill(skill)),
        *(cause for cause in invented.causes if not taxonomy.is_cause(cause)),
    ]
    if unknown:
        raise Refused(f"On no list: {', '.join(unknown)}")


def remove_canary(*, canary: Canary, by: User | None = None) -> None:
    """As an account that is erased: it is gone from the list at once."""
    with transaction.atomic():
        audit.record(action="canary removed", by=by, subject=canary)
        erase_account(person=canary.person)


def report_look(*, viewer: User, subject: UUID) -> None:
    """Tells moderators of whoever opened a canary, if it is one; never the viewer.

    The report is about the viewer and does not say which one was opened: moderators
    are members, too, and whoever reads the queue need not learn who is invented.
    """
    if is_staff_role(viewer):
        return
    canary = Canary.objects.filter(person=subject).first()
    if canary is None:
        return
    # the same within the span: a second one of the same pair is the first
    span = timezone.localdate().toordinal() // DAYS_APART
    key = uuid5(canary.pk, f"{viewer.pk} {span}")
    report_by_site(person=viewer, reason=Report.Reason.CANARY, key=key, kind="canary")
