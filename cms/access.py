"""Who may read, write and fetch what. Everything public is so only while it is live."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.models import (
    FileTombstone,
    PackBuild,
    PackPage,
    Story,
    StoryFile,
    StoryPage,
    StoryTombstone,
)
from network.access import NotFound, Role, Viewer, has_role, is_signed_in
from network.models import User
from profiles.models import Standing

TELLERS = frozenset({Standing.MEMBER, Standing.TRUSTED})


class Gone(Exception):
    """It was here and its author took it back: 410."""


class NotReady(Exception):
    """It is being built anew; it is there again within a minute: 503."""


def is_withdrawn_path(path: str) -> bool:
    return StoryTombstone.objects.filter(path=path).exists()


def story_file(file_id: UUID) -> StoryFile:
    """A file of a story that is live now. Raises `Gone` or `NotFound`."""
    found = StoryFile.objects.select_related("story").filter(pk=file_id).first()
    if found is None and FileTombstone.objects.filter(pk=file_id).exists():
        raise Gone
    if found is None or not found.story.live:
        raise NotFound
    if has_expired(found.story):
        raise Gone
    return found


def has_expired(page: StoryPage) -> bool:
    until = page.consent_until
    return until is not None and until < timezone.localdate()


def pack_build(pack_key: UUID) -> PackBuild:
    """The newest build of a live pack, by the key of the pack in all languages.

    Raises `NotFound`, or `NotReady` while one without a withdrawn story is made.
    """
    pack = PackPage.objects.live().filter(translation_key=pack_key).first()
    if pack is None:
        raise NotFound
    build = PackBuild.objects.filter(pack=pack).first()
    if build is None or build.is_stale:
        raise NotReady
    return build


def may_tell(viewer: Viewer) -> bool:
    """Vetted members tell stories; those in their probation not yet."""
    profile = getattr(viewer, "profile", None) if is_signed_in(viewer) else None
    return viewer.is_active and profile is not None and profile.standing in TELLERS


def teller(viewer: Viewer) -> User:
    """Raises `NotFound` for whoever neither tells nor has told a story."""
    if not is_signed_in(viewer):
        raise NotFound
    if not may_tell(viewer) and not Story.objects.filter(author=viewer).exists():
        raise NotFound
    return viewer


def new_teller(viewer: Viewer) -> User:
    if not is_signed_in(viewer) or not may_tell(viewer):
        raise NotFound
    return viewer


def own_story(viewer: Viewer, story_id: UUID) -> Story:
    """The author's own, whatever their standing: what they told stays theirs."""
    if not is_signed_in(viewer):
        raise NotFound
    found = Story.objects.filter(pk=story_id, author=viewer).first()
    if found is None:
        raise NotFound
    return found


def told_pages(person: User) -> list[str]:
    """Keys of the pages of this person's stories: only from the person a way leads to
    them, and each row's is encrypted. Read once a request, like their roles: each count
    of the desk asks."""
    known: list[str] | None = getattr(person, "_told_pages", None)
    if known is None:
        rows = Story.objects.filter(author=person).only("pk", "page_key")
        known = [row.page_key for row in rows if row.page_key]
        person._told_pages = known  # type: ignore[attr-defined]
    return known


def stories_to_review(viewer: Viewer) -> QuerySet[Story]:
    """Handed in and rested: what nobody has taken, and one's own; never by oneself."""
    if not has_role(viewer, Role.EDITOR):
        return Story.objects.none()
    rows = Story.objects.filter(state=Story.State.IN_REVIEW)
    return rows.filter(Q(editor=None) | Q(editor=viewer.pk)).exclude(author=viewer.pk)


def story_in_review(viewer: Viewer, story_id: UUID) -> Story:
    found = stories_to_review(viewer).filter(pk=story_id).first()
    if found is None:
        raise NotFound
    return found
