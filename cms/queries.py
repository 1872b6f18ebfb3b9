"""Reads for the pages, each with what its template shows and no more queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.models import (
    AppealPage,
    HomePage,
    PackBuild,
    PackPage,
    PracticePage,
    Story,
    StoryFile,
    StoryPage,
)
from cms.packs import contents
from network.models import Helpline, User
from projects.models import Appeal, Project


@dataclass(frozen=True)
class Card:
    """A page with its address, for a list."""

    item: Page
    url: str


def cards(request: HttpRequest, pages: Iterable[Page]) -> list[Card]:
    return [Card(page, page.get_url(request) or "/") for page in pages]


def own_language_first(rows: QuerySet[Page], language: str) -> QuerySet[Page]:
    rank = Case(
        When(language=language, then=Value(0)),
        When(language="en", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    ordered: QuerySet[Page] = rows.select_related("locale").order_by(
        rank, "-first_published_at", "-pk"
    )
    return ordered


def recent_stories(language: str, count: int) -> QuerySet[Page]:
    live = StoryPage.objects.live().filter(contents.lasting())
    return own_language_first(live, language)[:count]


def recent_packs(language: str, count: int) -> QuerySet[Page]:
    live = PackPage.objects.live()
    gone = contents.bereft(live.values_list("pk", flat=True))
    return own_language_first(live.exclude(pk__in=gone), language)[:count]


def practices(count: int) -> QuerySet[PracticePage]:
    live: QuerySet[PracticePage] = PracticePage.objects.live()
    return live.select_related("locale").order_by("-start_year", "title")[:count]


def project_count() -> int:
    return Project.objects.published().count()


def open_appeals(language: str) -> QuerySet[AppealPage]:
    today = timezone.localdate()
    still = Q(appeal__closes_on=None) | Q(appeal__closes_on__gte=today)
    rows: QuerySet[AppealPage] = AppealPage.objects.live()
    return (
        rows.filter(
            still,
            appeal__state=Appeal.State.OPEN,
            locale__language_code=language,
        )
        .select_related("locale", "appeal")
        .order_by("-appeal__opened_at")
    )


def open_appeal(language: str) -> AppealPage | None:
    return open_appeals(language).first()


def packs_with(story: StoryPage) -> QuerySet[PackPage]:
    if not contents.may_be_taught(story):
        return PackPage.objects.none()
    live: QuerySet[PackPage] = PackPage.objects.live().filter(stories__story=story)
    return live.select_related("locale").distinct().order_by("title")


def files_of(story: StoryPage) -> dict[str, StoryFile]:
    """By role: the film or sound, and its captions."""
    return {row.role: row for row in StoryFile.objects.filter(story=story)}


def newest_build(pack: PackPage) -> PackBuild | None:
    """Also one that may no longer be given out."""
    return PackBuild.objects.filter(pack=pack).first()


def stories_of(pack: PackPage) -> list[StoryPage]:
    return [row for row in contents.stories_in(pack) if contents.may_be_taught(row)]


def helplines_for(country: str) -> QuerySet[Helpline]:
    return Helpline.objects.filter(country=country)


@dataclass(frozen=True)
class OwnStory:
    """A story with the address of its page; without one, it is not on the site."""

    story: Story
    url: str


def my_stories(person: User) -> QuerySet[Story]:
    return Story.objects.filter(author=person).order_by("-created_at")


def drafts_of(person: User) -> list[Story]:
    """The newest few: enough to go on with one instead of beginning it twice."""
    return list(my_stories(person).filter(state=Story.State.DRAFT)[:3])


def own_stories(request: HttpRequest, person: User) -> list[OwnStory]:
    rows = list(my_stories(person))
    keys = [row.page_key for row in rows if row.page_key]
    pages = StoryPage.objects.live().filter(contents.lasting(), public_key__in=keys)
    urls = {
        str(page.public_key): page.get_url(request) or ""
        for page in pages.select_related("locale")
    }
    return [OwnStory(row, urls.get(row.page_key, "")) for row in rows]


def language_urls(request: HttpRequest, page: Page) -> dict[str, str]:
    """The same page in each language, else that language's home."""
    homes = HomePage.objects.live().select_related("locale")
    urls = {home.locale.language_code: home.get_url(request) for home in homes}
    twins = page.get_translations(inclusive=True).live().select_related("locale")
    for twin in twins:
        urls[twin.locale.language_code] = twin.get_url(request)
    return {code: url for code, url in urls.items() if url}


def download_url(pack: PackPage) -> str:
    return reverse("cms:pack_file", args=[pack.translation_key])
