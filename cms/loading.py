"""Content from plain dictionaries, as `demo/` and importers have it.

Each function is idempotent by slug and language: the same data again changes nothing,
changed data makes a new version. The formats are those of `demo/content/`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.utils.timezone import now
from wagtail.models import Page

from cms import events, tree
from cms.actions import packs, pages, stories
from cms.models import (
    AppealIndexPage,
    AppealPage,
    PackBuild,
    PackIndexPage,
    PackPage,
    PackPageStory,
    PracticeIndexPage,
    PracticePage,
    StandardPage,
    Story,
    StoryFile,
    StoryIndexPage,
    StoryPage,
    Use,
)
from network.models import Helpline, User
from profiles.actions.consent import give_consent
from profiles.models import Purpose
from projects.models import Appeal

P = TypeVar("P", bound=Page)
STORY_FIELDS = tuple(name for name in pages.FIELDS if name != "consent_text")
PACK_FIELDS = [
    "title",
    "language",
    "subject",
    "age_from",
    "age_to",
    "lessons",
    "minutes",
    "formats",
    "themes",
    "summary",
    "licence",
    "aims",
    "materials",
    "curriculum",
    "before_you_teach",
    "phases",
    "exercises",
    "pupils_sheet",
    "teacher_notes",
    "talking_points",
]
PRACTICE_FIELDS = [
    "title",
    "number",
    "summary",
    "description",
    "approaches",
    "target_audiences",
    "deliverables",
    "evidence",
    "sustainability",
    "geographical_scope",
    "start",
    "start_year",
    "presented",
    "related_initiatives",
    "countries",
    "links",
    "last_update",
]


def shelf(model: type[Page], language: str) -> Page:
    return tree.index(model, packs.tree_language(language))


def child(parent: Page, model: type[P], slug: str) -> P | None:
    found: P | None = model.objects.child_of(parent).filter(slug=slug).first()
    return found


def put_story(
    data: dict[str, Any], media_dir: Path, *, author: User | None = None
) -> StoryPage:
    """A published story. With `author` it has a row that they can withdraw under "my
    stories", and their consent is recorded. `media` and `captions` are paths below
    `media_dir` or its parent. Raises `uploads.Rejected` for a broken file."""
    found = child(shelf(StoryIndexPage, data["language"]), StoryPage, data["slug"])
    if found is not None:
        return found
    fields = {name: data[name] for name in STORY_FIELDS if name in data}
    fields["body"] = data["body"].strip()
    fields.setdefault("uses", [Use.SITE.value, Use.CLASSROOM.value, Use.DOWNLOAD.value])
    files = media_files(data, media_dir)
    with transaction.atomic():
        if author is None:
            return pages.make_story_page(fields, slug=data["slug"], files=files)
        consent = give_consent(
            purpose=Purpose.STORY, language=data["language"], by=author
        )
        row = Story(author=author, draft=fields)
        row.agreed = {
            **fields,
            "consent_text": consent.text.number,
            "consent_hash": consent.text_hash,
        }
        row.save(force_insert=True)
        return stories.publish_story(story=row, slug=data["slug"], files=files)


def media_files(data: dict[str, Any], media_dir: Path) -> dict[str, Path]:
    if not data.get("media"):
        return {}
    role = StoryFile.Role.VIDEO if data["medium"] == "video" else StoryFile.Role.AUDIO
    files = {role.value: media_dir / Path(data["media"]).name}
    if data.get("captions"):
        files[StoryFile.Role.CAPTIONS.value] = media_dir / Path(data["captions"]).name
    return files


def put_pack(data: dict[str, Any]) -> PackPage:
    """A published pack, built at once. Its stories must be there already; one that is
    missing (withdrawn) is left out."""
    parent = shelf(PackIndexPage, data["language"])
    page = child(parent, PackPage, data["slug"])
    fields = {name: data[name] for name in PACK_FIELDS if name in data}
    fields["themes"] = data.get("themes", [])
    wanted = story_pages(data.get("stories", []))
    if page is None:
        page = PackPage(slug=data["slug"], locale=parent.locale, **fields)
    elif is_as_published(page, fields, wanted):
        return page
    for name, value in fields.items():
        setattr(page, name, value)
    page.stories.set(
        [PackPageStory(story=one, sort_order=n) for n, one in enumerate(wanted)]
    )
    page = packs.publish_pack(pack=page, by=None)
    packs.build_pack(pack=page)
    return page


def is_as_published(
    page: PackPage, fields: dict[str, Any], wanted: list[StoryPage]
) -> bool:
    return (
        not is_changed(page, fields)
        and held_stories(page) == [one.pk for one in wanted]
        and PackBuild.objects.filter(pack=page, is_stale=False).exists()
    )


def story_pages(slugs: list[str]) -> list[StoryPage]:
    found = {page.slug: page for page in StoryPage.objects.filter(slug__in=slugs)}
    return [found[slug] for slug in slugs if slug in found]


def held_stories(page: PackPage) -> list[int]:
    rows = PackPageStory.objects.filter(pack=page).order_by("sort_order")
    return list(rows.values_list("story_id", flat=True))


def put_practice(data: dict[str, Any]) -> PracticePage:
    """A practice of the collection; its text is English, whatever the tree."""
    fields = {name: data[name] for name in PRACTICE_FIELDS if data.get(name)}
    organisation = data.get("organisation") or {}
    fields["organisation_name"] = organisation.get("name", "")
    fields["organisation_text"] = organisation.get("text", "")
    return put_page(shelf(PracticeIndexPage, "en"), PracticePage, data["slug"], fields)


def put_standard(data: dict[str, Any], language: str) -> StandardPage:
    """A page of text (about, privacy, limits …) under the home of its language."""
    updated = data.get("updated")
    fields = {
        "title": data["title"],
        "summary": data.get("summary", ""),
        "body": data["body"].strip(),
        "text_version": str(data.get("version", "")),
        "updated": date.fromisoformat(str(updated)) if updated else None,
    }
    return put_page(
        tree.home(packs.tree_language(language)), StandardPage, data["slug"], fields
    )


def put_appeal(appeal: Appeal, texts: dict[str, dict[str, Any]]) -> list[AppealPage]:
    """The appeal's page in each language for which there is a text."""
    made = []
    for language, text in texts.items():
        fields = {
            "title": text["heading"],
            "appeal": appeal,
            "intro": text["intro"].strip(),
            "what_happened": text["what_happened"].strip(),
            "what_helps": text["what_helps"].strip(),
            "what_not_to_do": text["what_not_to_do"],
            "what_happens_next": text["what_happens_next"].strip(),
        }
        parent = shelf(AppealIndexPage, language)
        made.append(put_page(parent, AppealPage, appeal.slug, fields))
    return made


def put_page(parent: Page, model: type[P], slug: str, fields: dict[str, Any]) -> P:
    """Live at once, without a revision: it is content as delivered, not an edit."""
    page = child(parent, model, slug)
    if page is not None and not is_changed(page, fields):
        return page
    with transaction.atomic():
        if page is None:
            page = model(slug=slug, locale=parent.locale, **fields)
            page.first_published_at = page.last_published_at = now()
            join_translations(page, model, slug)
            parent.add_child(instance=page)
        else:
            for name, value in fields.items():
                setattr(page, name, value)
            page.last_published_at = now()
            page.save()
        events.tell_page(page)
    return page


def join_translations(page: Page, model: type[Page], slug: str) -> None:
    """Pages of one kind and slug are one page in several languages."""
    others = model.objects.filter(slug=slug).exclude(locale=page.locale)
    twin = others.exclude(translation_key=None).first()
    if twin is not None:
        page.translation_key = twin.translation_key


def is_changed(page: Page, fields: dict[str, Any]) -> bool:
    return any(getattr(page, name) != value for name, value in fields.items())


def put_helpline(data: dict[str, Any]) -> Helpline:
    checked = data.get("checked_on") or None
    fields = {
        name: data.get(name) or ""
        for name in ("number", "url", "hours", "languages", "note", "source")
    }
    row, _created = Helpline.objects.update_or_create(
        country=data.get("country", ""),
        name=data["name"],
        defaults={
            **fields,
            "checked_on": date.fromisoformat(str(checked)) if checked else None,
            "sort_order": data.get("sort_order", 100),
            "translations": data.get("translations", {}),
        },
    )
    return row
