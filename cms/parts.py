"""What this room lends to the lower ones: see `network.parts`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import access, queries
from cms.actions import packs, stories
from cms.models import PackBuild, PackPage, Story, StoryFile, StoryPage
from cms.wording import TOLD
from network import audit, tasks
from network.access import NotFound, is_signed_in
from network.exporting import Word, Words, chosen, moment, nested
from network.models import User
from network.parts import (
    Erasable,
    Eraser,
    Exporter,
    Health,
    HomePanel,
    NoticeKind,
    Reportable,
    erasables,
    erasers,
    exporters,
    health_checks,
    home_panels,
    notice_kinds,
    reportables,
)

MODELS = ("cms.Story",)
YOUNG = timedelta(hours=1)


def register() -> None:
    exporters.register("cms", Exporter(_("Stories"), MODELS, own_words, WORDS))
    erasables.register(
        stories.WITHDRAWN, Erasable(stories.stories_open, stories.withdraw_again)
    )
    erasables.register(
        stories.DELETED, Erasable(stories.stories_standing, stories.delete_again)
    )
    erasers.register("cms", Eraser(MODELS, erase))
    health_checks.register("packs", packs_are_built)
    home_panels.register("cms", HomePanel("cms/_panel.html", panel))
    notice_kinds.register(
        "story", NoticeKind(_("Your story has moved on"), "book-open", mails=True)
    )
    reportables.register(
        "story",
        Reportable(
            kind="story",
            title=_("A story"),
            find=story_for_reader,
            excerpt=lambda page: f"{page.title}\n{page.summary}",
            person_of=lambda page: None,  # nothing leads from a story to its author
            hide=hide,
            url=lambda page: page.url or "/",
        ),
    )


WORDS: Words = {
    "begun": Word(_("Begun"), moment),
    "state": Word(_("State"), chosen(Story.State)),
    "rests_until": Word(_("Rests until"), moment),
    "withdrawn_at": Word(_("Withdrawn"), moment),
    "draft": Word(_("As you wrote it"), nested(TOLD)),
    "agreed": Word(_("As you agreed to it"), nested(TOLD)),
}


def own_words(person: User) -> Iterable[dict[str, Any]]:
    for story in queries.my_stories(person):
        yield {
            "begun": story.created_at.isoformat(),
            "state": story.state,
            "rests_until": story.rests_until,
            "withdrawn_at": story.withdrawn_at,
            "draft": story.draft,
            "agreed": story.agreed,
        }


def erase(person: User) -> None:
    """What was published is withdrawn, then every row goes."""
    for story in Story.objects.filter(author=person):
        stories.withdraw_story(story=story, by=person)
    Story.objects.filter(author=person).delete()


def packs_are_built() -> Health:
    current = PackBuild.objects.filter(is_stale=False).values("pack")
    waiting = PackPage.objects.live().exclude(pk__in=current).count()
    return Health("packs", is_ok=not waiting, detail=f"{waiting} to be built")


def panel(request: HttpRequest) -> dict[str, Any] | None:
    person = request.user
    if not is_signed_in(person) or not access.may_tell(person):
        return None
    return {"stories": list(queries.my_stories(person)[:3])}


def story_for_reader(viewer: Any, key: str) -> StoryPage:
    """A story that everybody can read can be reported by everybody."""
    try:
        return StoryPage.objects.live().get(public_key=UUID(key))
    except (StoryPage.DoesNotExist, ValueError) as error:
        raise NotFound from error


def hide(page: StoryPage, by: User) -> None:
    page.unpublish(user=None)
    audit.record(action="story hidden", by=by, subject=f"cms.StoryPage:{page.pk}")


@tasks.periodic("rested stories", timedelta(minutes=1))
def move_rested() -> None:
    stories.move_rested()


@tasks.periodic("stories without consent", timedelta(seconds=15))
def withdraw_without_consent() -> None:
    stories.withdraw_without_consent()
    stories.withdraw_expired()


@tasks.periodic("packs to build", timedelta(seconds=15))
def build_missing() -> None:
    """Also when the process died between a withdrawal and its task."""
    packs.build_missing()


@tasks.periodic("files of no story", timedelta(hours=1))
def sweep_files() -> None:
    """A process that dies between a commit and the removal leaves a file behind."""
    if not default_storage.exists("stories"):
        return
    kept = set(StoryFile.objects.values_list("file", flat=True))
    for name in default_storage.listdir("stories")[1]:
        path = f"stories/{name}"
        age = timezone.now() - default_storage.get_modified_time(path)
        if path not in kept and age > YOUNG:  # a young one may be of an open change
            default_storage.delete(path)
