"""A browser that runs no script: it knows of a page what its HTML says, and no address
that no page and no mail has shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.core import mail
from django.test import Client
from django.test.client import ClientHandler
from lxml import html
from lxml.html import FormElement, HtmlElement

from network import notify

OURS = {"", "testserver", urlsplit(settings.BASE_URL).netloc}
LINK = re.compile(r"https?://\S+")
SHOWN = "not(ancestor-or-self::*[@hidden] or ancestor::template or ancestor::dialog)"


def words(element: HtmlElement) -> str:
    """What is read there, or what is said of it to whoever cannot see."""
    return element.get("aria-label") or " ".join(element.text_content().split())


@cache
def site() -> ClientHandler:
    """One for all: each would read the list of static files anew."""
    return ClientHandler(enforce_csrf_checks=True)


class Page:
    def __init__(self, response: Any, address: str) -> None:
        self.response = response
        self.address = address
        self.status: int = response.status_code
        self.text: str = response.content.decode()
        self.tree: HtmlElement = html.document_fromstring(self.text, base_url=address)

    @property
    def heading(self) -> str:
        return words(self.tree.find(".//h1"))

    @property
    def main(self) -> str:
        return words(self.tree.find(".//main"))

    def all(self, path: str) -> list[HtmlElement]:
        found: list[HtmlElement] = self.tree.xpath(path)
        return found

    def links(self, part: str = "/*") -> Iterator[tuple[str, str]]:
        """What each link says, and where it leads."""
        for place in self.all(part):
            for link in place.xpath(f".//a[@href and {SHOWN}]"):
                yield words(link), urljoin(self.address, link.get("href"))

    def link(self, text: str, part: str = "/*") -> str:
        found = {at for said, at in self.links(part) if said == text}
        assert len(found) == 1, f"{len(found)} links say “{text}” on {self.address}"
        return found.pop()

    def form(self, button: str, part: str = "/*") -> tuple[FormElement, HtmlElement]:
        """The form that this button sends."""
        found = [
            (form, each)
            for place in self.all(part)
            for form in place.xpath(f"descendant-or-self::form[{SHOWN}]")
            for each in form.xpath(f".//button[{SHOWN}]")
            if words(each) == button and each.get("type", "submit") == "submit"
        ]
        assert len(found) == 1, f"{len(found)} buttons say “{button}”"
        return found[0]


class Visitor:
    """A person before that browser. `page` is what they have open."""

    page: Page

    def __init__(self) -> None:
        self.client = Client()
        self.client.handler = site()
        self.clicks = 0

    def opens(self, address: str) -> Page:
        """What was typed in or came by mail: the front page, a mailed link."""
        place = urlsplit(address)
        assert place.netloc in OURS
        path = place._replace(scheme="", netloc="").geturl()
        return self._shows(self.client.get(path, follow=True), path)

    def follows(self, text: str, part: str = "/*") -> Page:
        self.clicks += 1
        return self.opens(self.page.link(text, part))

    def loads(self, text: str) -> Any:
        """What a link hands over that is no page."""
        self.clicks += 1
        return self.client.get(self.page.link(text))

    def presses(self, button: str, part: str = "/*", **fields: Any) -> Page:
        """Fills in fields that the form has, and sends all of it."""
        self.clicks += 1
        return self.sends(*self.filled(button, part, **fields))

    def filled(
        self, button: str, part: str = "/*", **fields: Any
    ) -> tuple[str, str, dict[str, list[str]]]:
        """The form's method, address and fields, hidden ones and its button included.
        lxml raises for a name that is not there and for a choice not offered."""
        form, pressed = self.page.form(button, part)
        for name, value in fields.items():
            form.fields[name] = value
        if "novalidate" not in form.attrib:
            demand_required(form)
        sent: dict[str, list[str]] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        if pressed.get("name"):
            sent.setdefault(pressed.get("name"), []).append(pressed.get("value", ""))
        address = urljoin(self.page.address, form.get("action") or "")
        return form.method, address, sent

    def sends(self, method: str, address: str, sent: dict[str, list[str]]) -> Page:
        send = self.client.post if method == "POST" else self.client.get
        return self._shows(send(address, sent, follow=True), address)

    def _shows(self, response: Any, address: str) -> Page:
        if response.redirect_chain:
            address = urljoin(address, response.redirect_chain[-1][0])
        self.page = Page(response, urldefrag(address).url)
        return self.page


def demand_required(form: FormElement) -> None:
    """A browser does not send a form with one of these empty."""
    for field in form.xpath(".//*[@required and @name]"):
        assert form.fields[field.get("name")], f"{field.get('name')} is required"


def mails_to(address: str) -> list[str]:
    """What has come so far, the newest last."""
    notify.deliver_waiting()
    return [str(each.body) for each in mail.outbox if address in each.to]


def link_in(letter: str) -> str:
    found = LINK.findall(letter)
    assert len(found) == 1, letter
    return found[0]
