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

from network import mailed_links, parts
from network.access import Role, has_role, is_signed_in, is_staff_role
from network.countries import country_within
from network.http import page_shown
from network.models import Helpline
from network.models.user import Theme

COUNTRY_COOKIE, THEME_COOKIE = "country", "theme"
DARK_MEDIA = {
    # never on paper
    Theme.SYSTEM: "screen and (prefers-color-scheme: dark)",
    Theme.LIGHT: "not all",
    Theme.DARK: "screen",
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
STAFF_TABS: tuple[Named, ...] = (*TABS[:2], *STAFF, *TABS[3:])
DESK: tuple[Named, ...] = (
    ("moderation:desk", _("Overview"), "inbox"),
    ("moderation:danger_queue", _("Someone in danger"), "life-buoy"),
    ("moderation:reports", _("Reports"), "flag"),
    ("moderation:vetting", _("Vetting"), "badge-check"),
    ("moderation:reviews", _("Members"), "users"),
    ("moderation:checks", _("Checks"), "shield-check"),
    ("moderation:joining_questions", _("Questions"), "circle-help"),
    ("moderation:bans", _("Turned away"), "user-x"),
    ("moderation:recoveries", _("Lost access"), "key-round"),
    ("wagtailadmin_home", _("Pages"), "file-text"),
    ("health", _("Health"), "gauge"),
)
# Whom a link of the desk leads somewhere; to all staff where nothing stands here.
DESK_ROLES: dict[str, tuple[Role, ...]] = {
    "moderation:danger_queue": (Role.MODERATOR,),
    "moderation:reports": (Role.MODERATOR,),
    "moderation:vetting": (Role.VETTER, Role.DPO, Role.ADMIN),
    "moderation:reviews": (Role.VETTER,),
    "moderation:checks": (Role.VETTER,),
    "moderation:joining_questions": (Role.VETTER, Role.ADMIN),
    "moderation:bans": (Role.VETTER, Role.ADMIN),
    "moderation:recoveries": (Role.VETTER,),
    "wagtailadmin_home": (Role.EDITOR, Role.ADMIN),
    "health": (Role.ADMIN,),
}
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
    def place(self) -> str:
        """The country's name, as it stands after "in"."""
        return country_within(self.country) if self.country else ""


def site(request: HttpRequest) -> dict[str, Any]:
    theme = chosen_theme(request)
    return {
        "site_name": settings.SITE_NAME,
        "exit_url": settings.QUICK_EXIT_URL,
        "home_url": f"{language_prefix()}/",
        "theme": theme,
        "themes": Theme.choices,
        "dark_media": DARK_MEDIA[theme],
        "holds_session": lazily(holds_session, request),
        "holds_link": lazily(mailed_links.is_open, request),
        "page_shown": lazily(page_shown, request),
        "languages": lazily(language_links, request),
        "rooms": lazily(links, request, ROOMS),
        "account_links": lazily(account_links, request),
        "tabs": lazily(tab_links, request),
        "desk_links": lazily(desk_links, request),
        "texts": lazily(text_links),
        "helplines": lazily(helplines, request),
        "is_staff_person": lazily(is_staff_role, request.user),
    }


def holds_session(request: HttpRequest) -> bool:
    """Whether leaving must end an account's session or a mailed link's. What else a
    session holds must not show: it would tell who signs up which address is known."""
    return is_signed_in(request.user) or mailed_links.is_open(request)


def lazily(read: Callable[..., Any], *args: Any) -> Any:
    return SimpleLazyObject(partial(read, *args))


def links(request: HttpRequest, named: Iterable[Named]) -> list[Link]:
    """Rooms that are not built yet have no URL and are left out, and so is what would
    lead this person nowhere.

    Current is the one link whose path the page's own begins with, the longest of them.
    """
    found = [
        (name, label, icon, url)
        for name, label, icon in named
        if (url := _url(name)) and _is_open_to(request, name)
    ]
    around = [url for *_rest, url in found if request.path.startswith(url)]
    current = max(around, key=len, default="")
    return [
        Link(label, url, icon, url == current, _count(request, name))
        for name, label, icon, url in found
    ]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _is_open_to(request: HttpRequest, name: str) -> bool:
    gate = parts.tab_gates.get(name)
    return gate is None or not is_signed_in(request.user) or gate(request.user)


def _count(request: HttpRequest, name: str) -> int:
    """Counted once for a page, whichever of its menus show it."""
    counter = parts.tab_counts.get(name)
    if counter is None or not is_signed_in(request.user):
        return 0
    counted: dict[Any, int] = request.__dict__.setdefault("_tab_counts", {})
    if counter not in counted:
        counted[counter] = counter(request.user)
    return counted[counter]


def account_links(request: HttpRequest) -> list[Link]:
    if not is_signed_in(request.user):
        return links(request, GUEST)
    staff = STAFF if is_staff_role(request.user) else ()
    return links(request, (*staff, *MEMBER))


def desk_links(request: HttpRequest) -> list[Link]:
    open_to_them = [
        named
        for named in DESK
        if has_role(request.user, *DESK_ROLES.get(named[0], tuple(Role)))
    ]
    return links(request, open_to_them)


def tab_links(request: HttpRequest) -> list[Link]:
    if not is_signed_in(request.user):
        return []
    return links(request, STAFF_TABS if is_staff_role(request.user) else TABS)


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
    here = page_shown(request)
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
