"""Making a story's page, and taking it away with everything that it left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify
from wagtail.admin.models import EditingSession
from wagtail.models import (
    ModelLogEntry,
    Page,
    PageLogEntry,
    ReferenceIndex,
    Revision,
)
from wagtail_localize.models import TranslatableObject

from cms import events, tree
from cms.models import (
    FileTombstone,
    StoryFile,
    StoryIndexPage,
    StoryPage,
    StoryTombstone,
)
from cms.models.story import start_of_day
from network import uploads

FIELDS = (
    "title",
    "pseudonym",
    "kind",
    "region",
    "background",
    "language",
    "medium",
    "minutes",
    "summary",
    "mentions",
    "themes",
    "body",
    "pull_quote",
    "voice_note",
    "uses",
    "consent_text",
)
KINDS: dict[str, set[str]] = {
    StoryFile.Role.AUDIO: {"audio"},
    StoryFile.Role.VIDEO: {"video"},
    StoryFile.Role.CAPTIONS: {"captions"},
}


def make_story_page(
    fields: dict[str, Any], *, slug: str = "", files: dict[str, Path] | None = None
) -> StoryPage:
    """A live page from the fields that were agreed to, by nobody's account: no owner,
    no revision, no log entry, no hour. `files` maps a `StoryFile.Role` to a file to
    rebuild."""
    language = fields["language"]
    shelf = tree.index(StoryIndexPage, language if language in tree.LANGUAGES else "en")
    today = start_of_day()
    page = StoryPage(
        **{name: fields[name] for name in FIELDS if name in fields},
        slug=free_slug(shelf, slug or slugify(fields["title"])),
        consent_until=fields.get("consent_until") or None,
        locale=shelf.locale,
        public_key=uuid4(),
        live=True,
        has_unpublished_changes=False,
        first_published_at=today,
        last_published_at=today,
    )
    with transaction.atomic():
        shelf.add_child(instance=page)
        # Wagtail logs each creation, whoever asks it not to
        PageLogEntry.objects.filter(page_id=page.pk).delete()
        for role, path in (files or {}).items():
            add_story_file(page, role=role, path=path)
        events.tell_page(page)
    return page


def free_slug(shelf: Page, wish: str) -> str:
    """The wish itself, or something that says nothing."""
    taken = set(shelf.get_children().values_list("slug", flat=True))
    wish = wish[:80].strip("-")
    return wish if wish and wish not in taken else f"story-{uuid4().hex[:10]}"


def add_story_file(page: StoryPage, *, role: str, path: Path) -> StoryFile:
    """Rebuilds a file and keeps it with the story. Raises `uploads.Rejected`."""
    with path.open("rb") as raw:
        rebuilt = uploads.rebuild(raw, allow=KINDS[role])
        row = StoryFile(
            story=page,
            role=role,
            content_type=rebuilt.content_type,
            language=page.language,
            size=rebuilt.size,
            sha256=rebuilt.sha256,
            duration=rebuilt.duration,
        )
        row.file.save(rebuilt.name, rebuilt.as_file(), save=False)
    row.save(force_insert=True)
    return row


def take_down(page: StoryPage) -> None:
    """Removes a withdrawn story's page and every trace; its path answers 410 from now.

    Deleting a live page sends Wagtail's `page_unpublished` first, in this transaction:
    its receivers tell the other rooms and stop the packs that hold the story.
    """
    with transaction.atomic():
        StoryTombstone.objects.get_or_create(
            page_key=page.public_key, defaults={"path": path_of(page)}
        )
        files = list(page.files.all())
        FileTombstone.objects.bulk_create(
            [FileTombstone(pk=row.pk) for row in files], ignore_conflicts=True
        )
        key, page_id = page.translation_key, page.pk
        page.delete()
        forget_traces(page_id, key)
        names = [row.file.name for row in files]
        transaction.on_commit(lambda: delete_files(names))


def path_of(page: Page) -> str:
    parts = page.get_url_parts()
    return parts[2] if parts else f"/stories/{page.slug}/"


def forget_traces(page_id: int, translation_key: object) -> None:
    """What Wagtail keeps about a page beyond the page (SAFETY, trap 11)."""
    kinds = ContentType.objects.get_for_models(StoryPage, Page).values()
    key = str(page_id)
    Revision.objects.filter(content_type__in=kinds, object_id=key).delete()
    PageLogEntry.objects.filter(page_id=page_id).delete()
    ModelLogEntry.objects.filter(content_type__in=kinds, object_id=key).delete()
    EditingSession.objects.filter(content_type__in=kinds, object_id=key).delete()
    ReferenceIndex.objects.filter(content_type__in=kinds, object_id=key).delete()
    ReferenceIndex.objects.filter(to_content_type__in=kinds, to_object_id=key).delete()
    TranslatableObject.objects.filter(translation_key=translation_key).delete()


def delete_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
