"""That the words which the sweep looks for stand where they may be read."""

from __future__ import annotations

import pytest

from tests.access.secrets import SECRETS, Secret
from tests.access.world import World

READ = [(one, role) for one in SECRETS for role in one.readers]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("secret", "role"), READ, ids=[f"{one.word} {role}" for one, role in READ]
)
def test_a_word_is_read_by_those_who_may(
    world: World, secret: Secret, role: str
) -> None:
    answer = world.ask(role, "GET", world.routes[secret.route], secret.name)
    assert answer.kind == "ok"
    assert secret.word.encode() in answer.body
