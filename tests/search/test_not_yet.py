"""A lead who is shown nobody is told why, as it truly is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from projects.models import Need, Project
from tests.cast import Cast, client_of
from tests.search.conftest import create_need

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)
FULL = {"state": "filled", "seats": 2, "seats_filled": 2}
REASONS: list[tuple[str, dict[str, Any], str]] = [
    ("draft", {}, "The project is still a draft"),
    ("in-review", {}, "An editor looks at a new project first"),
    ("hidden", {}, "The project is hidden"),
    ("archived", {}, "The project is archived"),
    ("published", FULL, "All places are taken"),
    ("published", {"state": "closed"}, "This need is closed"),
    ("published", {"state": "expired", "until": YESTERDAY}, "The last day"),
    ("published", {"until": YESTERDAY}, "The last day"),
    ("published", {"kind": "money"}, "Nobody is ranked for this need"),
    ("archived", FULL, "All places are taken"),
    ("published", {}, ""),
]


@pytest.mark.parametrize(("state", "fields", "said"), REASONS)
def test_the_true_state_is_said_and_no_other(
    cast: Cast, state: str, fields: dict[str, Any], said: str
) -> None:
    need = create_need(cast.lead)
    Project.objects.filter(pk=need.project_id).update(state=state)
    Need.objects.filter(pk=need.pk).update(**fields)
    answer = client_of(cast.lead).get(f"/needs/{need.pk}/matches/")
    assert answer.status_code == 200
    page = answer.content.decode().partition("<main")[2]
    every = {words for _state, _fields, words in REASONS if words}
    assert {words for words in every if words in page} == ({said} if said else set())
    assert ("is saved" in page) == (state in {"draft", "in-review"})
    assert ("Nobody fits yet" in page) == (said == "")
