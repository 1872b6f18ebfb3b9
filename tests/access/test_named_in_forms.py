"""Objects that a form names, and no address: hidden and missing are one answer too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from profiles.models import Kind, VolunteerRegistration
from tests.access.people import change
from tests.access.things import MISSING
from tests.access.world import Answer, World, undone
from tests.profiles.conftest import without_tokens

pytestmark = pytest.mark.django_db


def invite(world: World, field: str, key: object) -> Answer:
    path = world.address(world.routes["projects:invite"], "own")
    return world.knock("lead", "POST", path, {field: key})


def told(answer: Answer) -> tuple[str, Any, bytes]:
    return answer.kind, answer.headers, answer.body


@pytest.mark.parametrize("name", ["blocker", "paused", "applicant", "suspended", "dpo"])
def test_nobody_is_invited_who_cannot_be_found(world: World, name: str) -> None:
    hidden = invite(world, "person", world.people[name].pk)
    assert told(hidden) == told(invite(world, "person", MISSING))
    assert hidden.kind == "missing"


def test_a_former_cannot_invite_whom_no_former_may_ask(world: World) -> None:
    guarded: UUID = world.people["guarded"].pk
    assert invite(world, "person", guarded).kind == "ok"
    with undone():
        change(world.people["lead"], kind=Kind.FORMER)
        hidden = invite(world, "person", guarded)
    world.people["lead"].profile.refresh_from_db()
    assert told(hidden) == told(invite(world, "person", MISSING))


def test_an_unconfirmed_registration_is_not_there_yet(world: World) -> None:
    waiting = VolunteerRegistration.objects.filter(confirmed_at=None).first()
    assert waiting is not None
    hidden = invite(world, "registration", waiting.pk)
    assert told(hidden) == told(invite(world, "registration", MISSING))


def test_a_question_of_another_application_is_not_there(world: World) -> None:
    path = world.address(world.routes["moderation:questions"], "-")

    def reply(role: str, question: object) -> Answer:
        data = {"question": question, "reply": "To the sea."}
        return world.knock(role, "POST", path, data)

    question = world.things.key("question", "own")
    assert reply("applicant", question).kind == "ok"
    assert told(reply("vetter", question)) == told(reply("vetter", MISSING))
    assert reply("vetter", question).kind == "missing"


def test_nobody_is_introduced_who_is_no_connection(world: World) -> None:
    path = f"/people/{world.people['friend'].pk}/introduce/"

    def introduce(person: object) -> Answer:
        return world.knock("owner", "POST", path, {"person": person, "note": "Hello."})

    assert introduce(world.people["neighbour"].pk).kind == "ok"

    def shown(answer: Answer, person: object) -> str:
        return without_tokens(answer.body.decode()).replace(str(person), "")

    missing = introduce(MISSING)
    for name in ("blocker", "paused", "stranger", "suspended", "dpo"):
        key = world.people[name].pk
        answer = introduce(key)
        assert shown(answer, key) == shown(missing, MISSING)
        assert answer.kind == missing.kind == "invalid"
