"""Who tries every door: fifteen roles, and the people around them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.utils import timezone

from messaging.access import LINK_PURPOSE as CONVERSATION
from network import mailed_links
from network.access import Role
from network.models import User
from network.notify import STOP_MAILS
from network.sessions import cookie_of
from profiles.access import ACCOUNT_WISH
from profiles.access import LINK_PURPOSE as REGISTRATION
from profiles.actions.volunteers import address_index
from profiles.models import (
    Audience,
    Block,
    Connection,
    Kind,
    Organisation,
    OrganisationMembership,
    Profile,
    Standing,
    VolunteerRegistration,
)
from projects.access import ARRIVAL
from tests.cast import client_of, create_account, create_member, create_staff

ROLES = (
    "anonymous",
    "volunteer",
    "educator",
    "partner",
    "applicant",
    "probation",
    "member",
    "lead",
    "owner",
    "moderator",
    "vetter",
    "editor",
    "dpo",
    "admin",
    "suspended",
)
PASSERS_BY = ("stranger", "friend", "neighbour", "blocker", "shunned")
WITHOUT_ACCOUNT = frozenset({"anonymous", "volunteer", "educator"})
A_YEAR = timedelta(days=365)


def create_people() -> dict[str, User]:
    """Those of the roles by the role's name; the others by what they are to them."""
    people = {
        "partner": create_account("partner"),
        "applicant": create_member("applicant", standing=Standing.APPLICANT),
        "probation": create_member("probation", standing=Standing.PROBATION),
        "member": create_member("member", kind=Kind.FORMER),
        "lead": create_member("lead"),
        "owner": create_member("owner"),
        "suspended": create_member("suspended", standing=Standing.SUSPENDED),
        "moderator": create_staff("moderator", Role.MODERATOR),
        "vetter": create_staff("vetter", Role.VETTER),
        "editor": create_staff("editor", Role.EDITOR),
        "dpo": create_staff("dpo", Role.DPO),
        "admin": create_staff("admin", Role.ADMIN),
    }
    join_organisation(people["partner"])
    people |= {name: create_member(name) for name in PASSERS_BY}
    people |= create_reserved_people()
    write_in_profiles(people)
    block_everybody(people)
    block_a_few(people)
    ask(people["owner"], people["friend"], Connection.State.ACCEPTED)
    ask(people["owner"], people["neighbour"], Connection.State.ACCEPTED)
    ask(people["asker"], people["owner"], Connection.State.REQUESTED)
    ask(people["probation"], people["public"], Connection.State.REQUESTED)
    change(people["shunned"], is_open_to_contact=False)
    return people


def create_reserved_people() -> dict[str, User]:
    """Whom not everybody finds: unlisted, paused, open to all, or kept from formers."""
    unlisted = create_member("unlisted", kind=Kind.SURVIVOR)
    asker = create_member("asker", kind=Kind.SURVIVOR)
    paused = create_member("paused")
    guarded = create_member("guarded", kind=Kind.SURVIVOR)
    public = create_member("public")
    change(unlisted, is_listed=False)
    change(asker, is_listed=False)
    change(paused, hidden_until=timezone.now() + A_YEAR)
    change(guarded, contact_rules={"no_formers": True})
    change(public, audience={"pseudonym": Audience.PUBLIC})
    return {
        "unlisted": unlisted,
        "asker": asker,
        "paused": paused,
        "guarded": guarded,
        "public": public,
    }


def write_in_profiles(people: dict[str, User]) -> None:
    """A line for each tier, and names to be found in no list: see `secrets`."""
    for name, audience, way in (
        ("stranger", Audience.MEMBERS, "Past the hazel orchard."),
        ("friend", Audience.CONNECTIONS, "Past the marble cellar."),
        ("public", Audience.PRIVATE, "Past the granite attic."),
    ):
        shown = {**people[name].profile.audience, "way": audience}
        change(people[name], audience=shown, way=way)
    for name, pseudonym in (
        ("blocker", "Pewter Heron"),
        ("unlisted", "Velvet Ibis"),
        ("paused", "Cobalt Wren"),
        ("guarded", "Saffron Moth"),
    ):
        change(people[name], pseudonym=pseudonym)
        people[name].profile.skills.create(skill="first-aid", level=9)


def change(person: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(person.profile, name, value)
    person.profile.save()


def join_organisation(person: User) -> None:
    partner = Organisation.objects.create(
        name="A partner", slug="a-partner", verified_at=timezone.now()
    )
    OrganisationMembership.objects.create(organisation=partner, person=person)


def block_everybody(people: dict[str, User]) -> None:
    """`blocker` is listed, and there for none of the roles."""
    for name in ROLES:
        if name not in WITHOUT_ACCOUNT:
            Block.objects.create(blocker=people["blocker"], blocked=people[name])


def block_a_few(people: dict[str, User]) -> None:
    """The owner blocked one; so did somebody who is nobody's role."""
    Block.objects.create(blocker=people["owner"], blocked=people["shunned"])
    Block.objects.create(blocker=people["stranger"], blocked=people["shunned"])


def ask(requester: User, recipient: User, state: str) -> Connection:
    is_answered = state != Connection.State.REQUESTED
    return Connection.objects.create(
        requester=requester,
        recipient=recipient,
        state=state,
        answered_at=timezone.now() if is_answered else None,
    )


def create_registration(
    name: str, *, is_confirmed: bool = True, **fields: Any
) -> VolunteerRegistration:
    email = f"{name}@example.org"
    return VolunteerRegistration.objects.create(
        email=email,
        email_index=address_index(email),
        skills={"first-aid": 9},
        languages=["en"],
        confirmed_at=timezone.now() if is_confirmed else None,
        expires_at=timezone.now() + A_YEAR,
        **fields,
    )


def sessions(
    people: dict[str, User],
    registration: VolunteerRegistration,
    participant: Any,
    links: dict[str, dict[str, Any]],
) -> dict[str, str]:
    """The session's cookie of each role. The volunteer's holds opened links, the
    educator's those of a registration and an account which have been erased since;
    `links` are those of rooms above, by role."""
    cookies = {
        role: session_cookie(people[role])
        for role in ROLES
        if role not in WITHOUT_ACCOUNT
    }
    opened = {
        REGISTRATION: registration.pk,
        ACCOUNT_WISH: registration.pk,
        CONVERSATION: participant,
        STOP_MAILS: people["owner"].pk,
    }
    erased = create_registration("erased", erased_at=timezone.now())
    past = dict.fromkeys((REGISTRATION, ACCOUNT_WISH, STOP_MAILS), erased.pk)
    return cookies | {
        "volunteer": session_of_links(registration, opened | links["volunteer"]),
        "educator": session_of_links(erased, past | links["educator"]),
    }


def session_of_links(
    registration: VolunteerRegistration, opened: dict[str, Any]
) -> str:
    session: SessionBase = Client().session
    session[ARRIVAL] = registration.arrival()
    session[mailed_links.SESSION_KEY] = {
        purpose: mailed_links._hashed(
            mailed_links.issue(purpose=purpose, subject=subject, lifetime=A_YEAR)
        )
        for purpose, subject in opened.items()
    }
    session.save()
    return cookie_of(str(session.session_key))


def session_cookie(person: User) -> str:
    """In the list of sessions already: each request would write it there again."""
    key = str(client_of(person).session.session_key)
    UserSession.objects.create(
        user=person,
        session_key=key,
        ip="127.0.0.1",
        user_agent="",
        last_seen_at=timezone.now() + A_YEAR,
    )
    return cookie_of(key)


def profile_of(person: User) -> Profile:
    return Profile.objects.get(user=person)
