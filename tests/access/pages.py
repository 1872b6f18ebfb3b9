"""Stories, their files and pages: published, in the making, with an editor, gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from cms import loading, tree
from cms.actions import pages, stories
from cms.models import PackBuild, Story, StoryFile, StoryPage
from network.models import User
from profiles.actions.consent import give_consent
from profiles.models import Purpose
from tests.access.things import Things

TEXT = {
    "kind": "former",
    "region": "A coast",
    "language": "en",
    "medium": "text",
    "minutes": 3,
    "summary": "One line.",
    "mentions": "Nothing hard.",
    "body": "A first paragraph.",
    "uses": ["site", "download"],
}


def fields(name: str) -> dict[str, Any]:
    return {**TEXT, "title": name.title(), "pseudonym": name.title()}


def create_pages(things: Things, people: dict[str, User]) -> None:
    create_files(things, *public_pages(things, people))
    create_rows(things, people)
    create_packs(things)


def public_pages(
    things: Things, people: dict[str, User]
) -> tuple[StoryPage, StoryPage, StoryPage]:
    own = pages.make_story_page(fields("the owner's"), slug="own")
    drafted = pages.make_story_page(fields("taken off"), slug="taken-off")
    drafted.unpublish()
    expired = pages.make_story_page(fields("agreed till then"), slug="expired")
    StoryPage.objects.filter(pk=expired.pk).update(
        consent_until=timezone.localdate() - timedelta(days=1)
    )
    withdrawn = pages.make_story_page(fields("taken back"), slug="withdrawn")
    path = pages.path_of(withdrawn)
    pages.take_down(withdrawn)
    moderators = pages.make_story_page(fields("the moderator's"), slug="moderators")
    Story.objects.create(
        author=people["moderator"],
        state=Story.State.PUBLISHED,
        page_key=str(moderators.public_key),
    )
    things.add(
        "story key",
        own=own.public_key,
        hidden=drafted.public_key,
        other_moderator=moderators.public_key,
    )
    about = loading.put_standard(
        {"title": "About", "slug": "about", "body": "A."}, "en"
    )
    things.add(
        "page",
        own=path_in_tree(pages.path_of(own)),
        other=path_in_tree(pages.path_of(about)),
        other_expired=path_in_tree(pages.path_of(expired)),
        other_withdrawn=path_in_tree(path),
        hidden=path_in_tree(pages.path_of(drafted)),
        missing="no/such/page/",
    )
    things.editors["page"] = about
    return own, drafted, expired


def path_in_tree(path: str) -> str:
    return path.removeprefix("/")


def create_files(
    things: Things, live: StoryPage, drafted: StoryPage, expired: StoryPage
) -> None:
    def file(page: StoryPage) -> StoryFile:
        row = StoryFile(
            story=page,
            role=StoryFile.Role.CAPTIONS,
            content_type="text/vtt",
            language="en",
            size=8,
            sha256="0" * 64,
        )
        row.file.save("words.vtt", ContentFile(b"WEBVTT\n\n"), save=False)
        row.save(force_insert=True)
        return row

    gone = pages.make_story_page(fields("gone"), slug="gone")
    taken = file(gone)
    pages.take_down(gone)
    things.add(
        "story file",
        own=file(live).pk,
        other_expired=file(expired).pk,
        other_withdrawn=taken.pk,
        hidden=file(drafted).pk,
    )


def create_rows(things: Things, people: dict[str, User]) -> None:
    def row(author: str, state: str, editor: str = "") -> Story:
        words = fields(f"the copper notebook of {author}")
        return Story.objects.create(
            author=people[author],
            state=state,
            draft=words,
            agreed=words,
            editor=people[editor] if editor else None,
            rests_until=timezone.now() - timedelta(hours=1),
        )

    draft, review = Story.State.DRAFT, Story.State.IN_REVIEW
    things.add(
        "story",
        own=row("owner", draft).pk,
        own_suspended=row("suspended", draft).pk,
        other=row("stranger", draft).pk,
    )
    things.add(
        "story in review",
        own=row("owner", review).pk,
        other=row("editor", review).pk,
        other_taken=row("friend", review, "editor").pk,
        hidden=row("stranger", review, "admin").pk,
    )
    consent = give_consent(purpose=Purpose.STORY, language="en", by=people["owner"])
    published = Story(author=people["owner"], draft=fields("told"))
    published.agreed = {**fields("told"), "consent_hash": consent.text_hash}
    published.save(force_insert=True)
    stories.publish_story(story=published, slug="told")
    things.add("story", own_published=published.pk)


def create_packs(things: Things) -> None:
    def pack(slug: str) -> Any:
        shelf = tree.index(loading.PackIndexPage, "en")
        page = loading.PackPage(
            title=slug.title(),
            slug=slug,
            locale=shelf.locale,
            subject="History",
            summary="One line.",
            before_you_teach="A word.",
            translation_key=uuid4(),
        )
        shelf.add_child(instance=page)
        build = PackBuild(pack=page, number=1, size=4, sha256="0" * 64)
        build.file.save("pack.zip", ContentFile(b"PK\x05\x06"), save=False)
        build.save(force_insert=True)
        return page

    drafted = pack("unpublished")
    drafted.unpublish()
    things.add(
        "pack",
        other=pack("published").translation_key,
        hidden=drafted.translation_key,
    )
