"""What every page knows: its navigation, languages, theme and helplines.

Each part is read only when a template shows it, so a fragment costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network import parts
from network.access import is_signed_in, is_staff_role
from network.countries import country_name
from network.models import Helpline
from network.models.user import Theme

COUNTRY_COOKIE, THEME_COOKIE = "country", "theme"
DARK_MEDIA = {
    Theme.SYSTEM: "(prefers-color-scheme: dark)",
    Theme.LIGHT: "not all",
    Theme.DARK: "all",
}
# Never from the address: only when nobody has chosen a country.
COUNTRY_OF_LANGUAGE = {"en": "GB", "fr": "FR", "de": "DE", "es": "ES"}

Named = tuple[str, str | Promise, str]
ROOMS: tuple[Named, ...] = (
    ("search:stories", _("Stories"), "book-open"),
    ("search:library", _("For educators"), "graduation-cap"),
    ("projects:list", _("Projects"), "layers"),
    ("search:practices", _("Practices"), "signpost"),
    ("projects:get_involved", _("Get involved"), "heart-handshake"),
)
MEMBER: tuple[Named, ...] = (
    ("messaging:list", _("Messages"), "message-circle"),
    ("search:matches", _("Matches"), "sparkles"),
    ("profiles:me", _("Me"), "user-round"),
)
STAFF: tuple[Named, ...] = (("moderation:desk", _("Desk"), "shield-check"),)
GUEST: tuple[Named, ...] = (("account_login", _("Sign in"), "log-in"),)
TABS: tuple[Named, ...] = (
    ("search:stories", _("Stories"), "book-open"),
    ("projects:list", _("Projects"), "layers"),
    *((name, label, icon) for name, label, icon in (MEMBER[1], MEMBER[0], MEMBER[2])),
)
DESK: tuple[Named, ...] = (
    ("moderation:desk", _("Overview"), "inbox"),
    ("moderation:danger", _("Someone in danger"), "life-buoy"),
    ("moderation:queue", _("Reports"), "flag"),
    ("moderation:vetting", _("Vetting"), "badge-check"),
    ("moderation:cases", _("Cases"), "archive"),
    ("wagtailadmin_home", _("Pages"), "file-text"),
)
# The slugs of the pages that editors keep (cms.StandardPage).
TEXTS: tuple[tuple[str, str | Promise], ...] = (
    ("in-danger", _("Someone is in danger")),
    ("privacy", _("Privacy")),
    ("terms", _("Terms")),
    ("limits", _("What we cannot promise")),
    ("accessibility", _("Accessibility")),
    ("complaints", _("Complaints")),
)


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str
    icon: str = ""
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Helplines:
    country: str
    rows: list[Helpline]

    @property
    def country_name(self) -> str:
        return country_name(self.country) if self.country else ""


def site(request: HttpRequest) -> dict[str, Any]:
    theme = chosen_theme(request)
    return {
        "site_name": settings.SITE_NAME,
        "exit_url": settings.QUICK_EXIT_URL,
        "home_url": f"{language_prefix()}/",
        "theme": theme,
        "themes": Theme.choices,
        "dark_media": DARK_MEDIA[theme],
        "languages": lazily(language_links, request),
        "rooms": lazily(links, request, ROOMS),
        "account_links": lazily(account_links, request),
        "tabs": lazily(tab_links, request),
        "desk_links": lazily(links, request, DESK),
        "texts": lazily(text_links),
        "helplines": lazily(helplines, request),
        "is_staff_person": lazily(is_staff_role, request.user),
    }


def lazily(read: Callable[..., Any], *args: Any) -> Any:
    return SimpleLazyObject(partial(read, *args))


def links(request: HttpRequest, named: Iterable[Named]) -> list[Link]:
    """Rooms that are not built yet have no URL and are left out."""
    return [link for name in named if (link := _link(request, *name)) is not None]


def _link(
    request: HttpRequest, name: str, label: str | Promise, icon: str
) -> Link | None:
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    is_current = request.path.startswith(url) if url != "/" else request.path == url
    return Link(label, url, icon, is_current, _count(request, name))


def _count(request: HttpRequest, name: str) -> int:
    counter = parts.tab_counts.get(name)
    if counter is None or not is_signed_in(request.user):
        return 0
    return counter(request.user)


def account_links(request: HttpRequest) -> list[Link]:
    if not is_signed_in(request.user):
        return links(request, GUEST)
    staff = STAFF if is_staff_role(request.user) else ()
    return links(request, (*staff, *MEMBER))


def tab_links(request: HttpRequest) -> list[Link]:
    return links(request, TABS) if is_signed_in(request.user) else []


def text_links() -> list[Link]:
    """Plain paths: the pages belong to a higher room, which may not have them yet."""
    return [Link(label, f"{language_prefix()}/{slug}/") for slug, label in TEXTS]


def language_prefix() -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """The same page in each language.

    A view whose translations live under other paths sets `request.language_urls`,
    a dict of language code and URL.
    """
    known: dict[str, str] = getattr(request, "language_urls", {})
    here = request.get_full_path()
    current = get_language()
    return [
        LanguageLink(
            code, name, known.get(code) or translate_url(here, code), code == current
        )
        for code, name in settings.LANGUAGES
    ]


def chosen_theme(request: HttpRequest) -> Theme:
    """The account's choice, else this browser's."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    if is_signed_in(request.user):
        chosen = request.user.theme
    return Theme(chosen) if chosen in Theme.values else Theme.SYSTEM


def chosen_country(request: HttpRequest) -> str:
    """For helplines: the choice, else the language's; empty when neither says one."""
    chosen = request.COOKIES.get(COUNTRY_COOKIE, "")
    if is_signed_in(request.user) and request.user.country:
        chosen = request.user.country
    return chosen.upper()[:2] or COUNTRY_OF_LANGUAGE.get(get_language() or "", "")


def helplines(request: HttpRequest) -> Helplines:
    """Those of the country first, then those that answer anywhere."""
    country = chosen_country(request)
    rows = list(Helpline.objects.filter(country__in={country, ""}))
    rows.sort(key=lambda row: (row.country == "", row.sort_order, row.name))
    has_own = any(row.country for row in rows)
    return Helplines(country if has_own else "", rows)
