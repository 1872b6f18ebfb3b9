"""One window a person, kept open over many pages: opening one is half the cost."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, Response

from tests.browser.pages import Place
from tools.staging import Stage

TIMEOUT = 20_000
# shown without a server
NEVER_SERVED = ("400.html", "500.html", "cms/pack_not_ready.html")


class Windows:
    """Only for looking: what a test changes in a page is gone with the next."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.browser = browser
        self.stage = stage
        self.pages: dict[str, Page] = {}
        self.shown: dict[str, tuple[Place, str]] = {}  # by whose window

    def of(self, who: str) -> Page:
        self.shown.pop(who, None)
        if who not in self.pages:
            self.pages[who] = self.fresh(who)
        return self.pages[who]

    def fresh(self, who: str = "", **options: Any) -> Page:
        url = self.stage.site.url
        given = {"reduced_motion": "reduce", "service_workers": "block", **options}
        context = self.browser.new_context(base_url=url, **given)
        context.set_default_timeout(TIMEOUT)
        if who:
            cookie = {"name": "sessionid", "value": self.stage.sessions[who]}
            context.add_cookies([{**cookie, "url": url}])
        return context.new_page()

    def show(self, place: Place, *, language: str = "en", width: int = 390) -> Page:
        """The page of this place; that it is this one its templates prove."""
        page = self.of(place.who)
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="light")
        rendered: list[str] = []

        def note(answer: Response) -> None:
            if answer.request.is_navigation_request():
                rendered[:] = answer.headers.get("x-templates", "").split(",")

        page.on("response", note)
        page.goto(place.path(self.stage, language=language))
        if place.before is not None:
            place.before(page, self.stage)
        page.remove_listener("response", note)
        assert place.template in {*rendered, *NEVER_SERVED}
        return page

    def look_at(self, place: Place, *, language: str = "en", width: int = 390) -> Page:
        """For a test that leaves the page as it is: the next one about the same place
        finds it open."""
        if self.shown.get(place.who) == (place, language):
            page = self.pages[place.who]
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme="light")
            return page
        page = self.show(place, language=language, width=width)
        self.shown[place.who] = (place, language)
        return page

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()
