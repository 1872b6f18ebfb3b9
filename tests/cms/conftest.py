from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.management.commands import db_worker

from cms import loading
from cms.models import PackPage, Story, StoryPage
from network import worker
from tests.cast import Cast

CONTENT = Path(__file__).resolve().parents[2] / "demo" / "content"


def read(path: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / path).read_text())


def told(slug: str, **kwargs: Any) -> StoryPage:
    return loading.put_story(read(f"stories/{slug}.toml"), CONTENT / "media", **kwargs)


@pytest.fixture
def run_queued(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The worker's turn, inside the test's own transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    return worker.run_queued


@pytest.fixture
def authors_story(cast: Cast) -> Story:
    """Published, with sound and captions, by a former who can withdraw it."""
    told("leaving-twice", author=cast.former)
    return Story.objects.get(author=cast.former)


@pytest.fixture
def story_page(authors_story: Story) -> StoryPage:
    return StoryPage.objects.get(public_key=authors_story.page_key)


@pytest.fixture
def pack(story_page: StoryPage) -> PackPage:
    data = read("packs/the-pull-and-the-push.toml")
    told("forty-messages-a-day")
    data["stories"] = ["leaving-twice", "forty-messages-a-day"]
    return loading.put_pack(data)
