"""Published texts as documents: what is written in them, and by what they narrow."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from cms.access import has_expired
from cms.models import AppealPage, PackPage, PracticePage, StandardPage, StoryPage
from cms.packs import contents
from cms.text import plain
from projects.models import Project
from search.documents import TextDocument, TextKind
from search.keys import PAGE, PROJECT, doc_id

EVERYBODY = frozenset({"public"})


def project_document(project: Project) -> TextDocument:
    return TextDocument(
        id=doc_id(PROJECT, project.pk),
        kind=TextKind.PROJECT,
        language="en",  # that of the text; `project.language` is that of the work
        title=project.title,
        summary=project.summary,
        body=plain(f"{project.body}\n{project.town}"),
        url=f"/projects/{project.slug}/",
        facets={
            "country": (project.country,) if project.country else (),
            "cause": tuple(project.causes),
            "stage": (project.stage,),
        },
        acl=EVERYBODY,
        date=_day(project.published_at or project.created_at),
    )


def page_document(page: Page) -> TextDocument | None:
    """Of a page of its own class; None for pages that are not searched."""
    read = {
        StoryPage: _story,
        PackPage: _pack,
        PracticePage: _practice,
        AppealPage: _appeal,
        StandardPage: _standard,
    }.get(type(page))
    if read is None or not page.live:
        return None
    parts = read(page)
    if parts is None:
        return None
    kind, language, summary, body, facets = parts
    return TextDocument(
        id=doc_id(PAGE, page.pk),
        kind=kind,
        language=language,
        title=page.title,
        summary=summary,
        body=plain(body),
        url=page.url or "",
        facets=facets,
        acl=EVERYBODY,
        date=_day(page.first_published_at or timezone.now()),
    )


Parts = tuple[TextKind, str, str, str, dict[str, tuple[str, ...]]]


def _story(page: StoryPage) -> Parts | None:
    if has_expired(page):
        return None
    facets = {
        "teller": (page.kind,),
        "medium": (page.medium,),
        "theme": tuple(page.themes),
        "length": (length_of(page.minutes),),
    }
    body = f"{page.body}\n{page.region}\n{page.pseudonym}"
    return TextKind.STORY, page.language, page.summary, body, facets


def length_of(minutes: int) -> str:
    return "short" if minutes < 5 else "medium" if minutes <= 10 else "long"


def _pack(page: PackPage) -> Parts | None:
    if contents.bereft([page.pk]):
        return None
    facets = {
        "subject": (page.subject,),
        "age": tuple(str(age) for age in range(page.age_from, page.age_to + 1)),
        "theme": tuple(page.themes),
        "format": tuple(page.formats),
        "lessons": (str(page.lessons),),
    }
    texts = [*page.aims, page.before_you_teach, page.teacher_notes, page.pupils_sheet]
    texts += [phase["text"] for phase in page.phases]
    return TextKind.PACK, page.language, page.summary, "\n".join(texts), facets


def _practice(page: PracticePage) -> Parts:
    facets = {
        "approach": tuple(page.approaches),
        "audience": tuple(page.target_audiences),
        "country": tuple(page.countries),
    }
    texts = [part["text"] for part in page.description]
    texts += [page.evidence, page.sustainability, page.organisation_name]
    return TextKind.PRACTICE, "en", page.summary, "\n".join(texts), facets


def _appeal(page: AppealPage) -> Parts:
    body = f"{page.what_happened}\n{page.what_helps}"
    return TextKind.APPEAL, page.locale.language_code, page.intro, body, {}


def _standard(page: StandardPage) -> Parts:
    return TextKind.PAGE, page.locale.language_code, page.summary, page.body, {}


def _day(moment: Any) -> date:
    return timezone.localtime(moment).date()
