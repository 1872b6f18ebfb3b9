"""What goes into a pack, as plain values, with a fingerprint of all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.models import PackBuild, PackPage, PackPageStory, StoryPage, Use

LAYOUT = 2  # raise it when the sheets change, so that every pack is built anew


@dataclass(frozen=True)
class StoryText:
    slug: str
    language: str
    title: str
    pseudonym: str
    mentions: str
    body: str
    url: str
    medium: str
    consent_until: str


@dataclass(frozen=True)
class Part:
    """A step or an exercise; `stories` are those that it cannot be done without."""

    title: str
    text: str
    minutes: str
    stories: list[str]


@dataclass(frozen=True)
class PackContents:
    slug: str
    language: str
    title: str
    subject: str
    ages: str
    lessons: int
    minutes: int
    summary: str
    licence: str
    aims: list[str]
    materials: list[str]
    curriculum: list[str]
    before_you_teach: str
    phases: list[Part]
    exercises: list[Part]
    pupils_sheet: str
    teacher_notes: str
    talking_points: list[str]
    stories: list[StoryText]
    withdrawn_on: list[str]  # ISO days
    url: str
    layout: int
    first_published_on: str

    @property
    def fingerprint(self) -> str:
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_bereft(self) -> bool:
        """All that the lesson stood on was taken back."""
        return bool(self.withdrawn_on) and not self.stories

    def can_be_done(self, part: Part) -> bool:
        return set(part.stories) <= {story.slug for story in self.stories}

    @property
    def dated(self) -> datetime:
        """Fixed for a pack: a file's date must not make equal content differ."""
        day = datetime.fromisoformat(self.first_published_on)
        return day.replace(tzinfo=UTC)


def stories_in(pack: PackPage) -> QuerySet[StoryPage]:
    """Those that are live and whose authors agreed to lessons and to downloads."""
    rows = StoryPage.objects.live().filter(lasting(), packs__pack=pack)
    agreed: QuerySet[StoryPage] = rows.order_by("packs__sort_order", "pk")
    return agreed.select_related("locale")


def lasting(prefix: str = "") -> Q:
    """Of stories whose author's consent runs on."""
    until = f"{prefix}consent_until"
    return Q(**{until: None}) | Q(**{f"{until}__gte": timezone.localdate()})


def bereft(packs: Collection[int]) -> set[int]:
    """Ids of those that lost every story that they stood on: their page says so, and
    no list shows them. Two queries, whatever their number."""
    lost = PackBuild.objects.filter(pack__in=packs)
    found = set(lost.exclude(withdrawn_stories=[]).values_list("pack", flat=True))
    return found - taught(found) if found else found


def taught(packs: Collection[int]) -> set[int]:
    """Ids of those that hold a story now."""
    links = PackPageStory.objects.filter(pack__in=packs, story__live=True)
    rows = links.filter(lasting("story__")).select_related("story")
    return {row.pack_id for row in rows if may_be_taught(row.story)}


def may_be_taught(story: StoryPage) -> bool:
    return {Use.CLASSROOM.value, Use.DOWNLOAD.value} <= set(story.uses)


def read(pack: PackPage, withdrawn_on: list[str]) -> PackContents:
    published = pack.first_published_at or timezone.now()
    return PackContents(
        slug=pack.slug,
        language=pack.language,
        title=pack.title,
        subject=pack.subject,
        ages=f"{pack.age_from}–{pack.age_to}",
        lessons=pack.lessons,
        minutes=pack.minutes,
        summary=pack.summary,
        licence=pack.licence,
        aims=pack.aims,
        materials=pack.materials,
        curriculum=pack.curriculum,
        before_you_teach=pack.before_you_teach,
        phases=[read_part(row) for row in pack.phases],
        exercises=[read_part(row) for row in pack.exercises],
        pupils_sheet=pack.pupils_sheet,
        teacher_notes=pack.teacher_notes,
        talking_points=pack.talking_points,
        stories=[read_story(row) for row in stories_in(pack) if may_be_taught(row)],
        withdrawn_on=withdrawn_on,
        url=address(pack),
        layout=LAYOUT,
        first_published_on=published.astimezone(UTC).date().isoformat(),
    )


def read_part(row: dict[str, Any]) -> Part:
    return Part(
        title=row["title"],
        text=row["text"],
        minutes=str(row.get("minutes", "")),
        stories=row.get("stories", []),
    )


def read_story(page: StoryPage) -> StoryText:
    return StoryText(
        slug=page.slug,
        language=page.language,
        title=page.title,
        pseudonym=page.pseudonym,
        mentions=page.mentions,
        body=page.body,
        url=address(page),
        medium=page.medium,
        consent_until=page.consent_until.isoformat() if page.consent_until else "",
    )


def address(page: PackPage | StoryPage) -> str:
    """In full, on paper."""
    parts = page.get_url_parts()
    return f"{settings.BASE_URL}{parts[2]}" if parts else ""
