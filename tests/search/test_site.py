"""Site search names nothing whose page does not open for the reader."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.models import StoryPage
from network.models import User
from profiles.actions.blocks import block_person
from projects.models import Project, ProjectMember
from search import queries
from search.replica import replica
from tests.cast import Cast, client_of
from tests.cms.conftest import told

pytestmark = pytest.mark.django_db
TITLE = "Quillwort gardens"


def publish(lead: User, number: int = 0) -> Project:
    project = Project.objects.create(
        slug=f"quillwort-{number}",
        title=TITLE,
        summary="Beds by the canal.",
        state=Project.State.PUBLISHED,
        published_at=timezone.now(),
        country="BE",
    )
    role = ProjectMember.Role.LEAD
    ProjectMember.objects.create(project=project, person=lead, role=role)
    return project


def results(client: Client, **asked: str) -> Any:
    return client.get("/search/", {"q": "quillwort", **asked}).context["results"]


@pytest.mark.parametrize("is_blocker", [False, True])
def test_a_project_behind_a_block_is_neither_found_nor_counted(
    cast: Cast, *, is_blocker: bool
) -> None:
    project = publish(cast.lead)
    pair = (cast.stranger, cast.lead) if is_blocker else (cast.lead, cast.stranger)
    block_person(by=pair[0], person=pair[1])
    reader = client_of(cast.stranger)
    assert reader.get(f"/projects/{project.slug}/").status_code == 404
    page = reader.get("/search/", {"q": "quillwort"})
    assert TITLE not in page.content.decode()
    found = page.context["results"]
    assert found.total == 0
    assert not any(found.facets.values())
    assert results(reader, q="quilwort").suggestion is None
    for other in (Client(), client_of(cast.former)):
        assert [row.item for row in results(other).found] == [project]


def test_a_card_says_what_one_hit_is(cast: Cast) -> None:
    publish(cast.lead)
    page = Client().get("/search/", {"q": "quillwort"}).content.decode()
    card = page.partition('<li class="card">')[2]
    assert "Project</span>" in card


def test_an_excerpt_shows_the_words_of_a_heading_and_not_its_sign(cast: Cast) -> None:
    project = publish(cast.lead)
    project.body = "Early.\n\n## The quillwort weeks\n\n- Water\n- Earth"
    project.save()
    replica.reset()
    (found,) = results(Client()).found
    excerpt = "".join(text for text, _is_match in found.beyond)
    assert "The quillwort weeks" in excerpt
    assert "##" not in excerpt
    assert "- " not in excerpt


def test_a_page_beyond_the_last_is_the_last(cast: Cast) -> None:
    projects = [publish(cast.lead, number) for number in range(20)]
    first = {row.item for row in results(Client()).found}
    last = {row.item for row in results(Client(), page="2").found}
    assert first | last == set(projects)
    for far in ("3", "9999"):
        page = Client().get("/search/", {"q": "quillwort", "page": far})
        assert {row.item for row in page.context["results"].found} == last
        assert "Nothing found" not in page.content.decode()


def test_a_hit_of_a_stale_index_is_read_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(cast.lead)
    block_person(by=cast.lead, person=cast.stranger)
    monkeypatch.setattr(queries, "out_of_sight", lambda viewer: frozenset())
    assert not results(client_of(cast.stranger)).found


def test_ones_own_project_is_found_also_beside_a_blocked_lead(cast: Cast) -> None:
    project = publish(cast.lead)
    ProjectMember.objects.create(project=project, person=cast.stranger)
    block_person(by=cast.lead, person=cast.stranger)
    reader = client_of(cast.stranger)
    assert reader.get(f"/projects/{project.slug}/").status_code == 200
    assert [row.item for row in results(reader).found] == [project]


def test_a_story_whose_consent_ran_out_is_not_listed(cast: Cast) -> None:
    page = told("leaving-twice", author=cast.former)
    assert client_of().get("/stories/").context["results"].found
    yesterday = timezone.localdate() - timedelta(days=1)
    StoryPage.objects.filter(pk=page.pk).update(consent_until=yesterday)
    assert client_of().get(page.url).status_code == 410
    assert not client_of().get("/stories/").context["results"].found
    replica.reset()
    assert client_of().get("/stories/").context["results"].total == 0


def test_blocks_and_projects_cost_no_query_each(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert results(reader).total
        return len(captured)

    reader = client_of(cast.stranger)
    publish(cast.former)
    cost()
    few = cost()
    for number in range(1, 6):
        publish(cast.lead, number)
    for number in range(6, 9):
        publish(cast.survivor, number)
    block_person(by=cast.lead, person=cast.stranger)
    replica.reset()
    cost()
    assert cost() == few


def test_stories_in_the_language_of_the_page_come_first(cast: Cast) -> None:
    for slug in ("leaving-twice", "elf-minuten"):
        told(slug)
    for address, first in (("/stories/", "en"), ("/de/stories/", "de")):
        found, *_later = Client().get(address).context["results"].found
        assert found.item.locale.language_code == first
