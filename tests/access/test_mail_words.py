"""No name and no text in any mail: every template, every caller, every notice.

The folders are walked: a new mail is tried without being named here, and one that
needs a value which is neither a link nor a number fails until somebody has looked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from network import digest, notify, parts
from network.models import MailChoice, Notice, OutgoingMail, Pace, User
from profiles.models import Profile
from tests.cast import create_member

pytestmark = pytest.mark.django_db

ROOT = Path(settings.BASE_DIR)
ROOMS = ("network", "profiles", "projects", "messaging", "cms", "search", "moderation")
ADDRESS, NAME, WORDS = "zqaddress@example.org", "Zqname", "zqwords"
MARKED = ("zqaddress", "Zqname", "zqwords")  # headers but the one to send it by
LINK = "https://waymark.example/mails/zz/"
# all that a mail may say apart from its own sentences
VALUES: dict[str, Any] = {
    **dict.fromkeys(("url", "link", "stop_url", "manage_url"), LINK),
    **dict.fromkeys(("days", "hours", "count"), 3),
}
OF_ACCOUNTS: dict[str, Any] = {
    **dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), LINK),
    "timestamp": timezone.now(),
    "code": "",
}
SURROUNDINGS = ("user", "username", "email", "ip", "user_agent", "key", "recipient")
SENDERS = {"send_mail", "mail_person", "mail_asker", "tell_address"}


def names_of(folder: str, ending: str) -> list[str]:
    found = (
        path
        for room in ROOMS
        for path in (ROOT / room / "templates" / folder).glob(f"*{ending}")
    )
    return sorted(path.name.removesuffix(ending) for path in found)


MAILS = names_of("mail", ".subject.txt")
ACCOUNT_MAILS = [
    f"{room}/email/{name}"
    for room in ("account", "mfa")
    for name in names_of(f"{room}/email", "_subject.txt")
]


def test_the_folders_hold_mails() -> None:
    assert len(MAILS) > 15
    assert len(ACCOUNT_MAILS) > 10
    texts = {*names_of("mail", ".txt"), *names_of("mail", ".html")}
    whole = {name.removesuffix(".subject") for name in texts} - {"base"}
    assert whole == set(MAILS)


@pytest.fixture
def telling_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else a template asks for shows as words."""
    engine: Any = engines["django"]
    monkeypatch.setattr(engine.engine, "string_if_invalid", f"{WORDS}(%s)")


@pytest.fixture
def person() -> User:
    person = create_member("zqaddress")
    Profile.objects.filter(user=person).update(pseudonym=NAME)
    return person


def check(message: EmailMultiAlternatives) -> None:
    """As it goes over the wire: subject, headers, text and HTML."""
    message.to = ["somebody@example.net"]
    pages = [message.body, *(str(page) for page, _kind in message.alternatives)]
    wire = message.message()
    headers = [f"{name}: {value}" for name, value in wire.items()]
    for said in (message.subject, *headers, *pages):
        assert not [word for word in MARKED if word.lower() in said.lower()], said


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", MAILS)
@pytest.mark.usefixtures("telling_what_is_missing")
def test_a_mail_says_links_and_numbers_only(name: str, language: str) -> None:
    row = OutgoingMail(to=ADDRESS, template=name, context=VALUES, language=language)
    check(notify.compose(row))


@pytest.mark.parametrize("name", ACCOUNT_MAILS)
@pytest.mark.usefixtures("telling_what_is_missing")
def test_a_mail_of_an_account_says_no_more(name: str, person: User) -> None:
    request = RequestFactory().get("/")
    adapter = get_adapter(request)
    adapter.request = request
    context = {**OF_ACCOUNTS, **dict.fromkeys(SURROUNDINGS, WORDS), "user": person}
    adapter.send_mail(name, ADDRESS, context)
    check(notify.compose(OutgoingMail.objects.get()))


def calls() -> Iterator[tuple[str, set[str]]]:
    """Each place that sends a mail, and the names of the values that it hands over."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text())
            for function in ast.walk(tree):
                is_one = isinstance(function, ast.FunctionDef)
                if is_one and function.name != "send_rendered":  # see accounts' above
                    yield from calls_in(function, path)


def calls_in(function: ast.FunctionDef, path: Path) -> Iterator[tuple[str, set[str]]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and called(node) in SENDERS:
            keys = {one.arg for one in node.keywords if one.arg}
            given = {key for one in dicts_for(node, function) for key in keys_of(one)}
            words = keys - {"to", "template", "context", "language"}
            yield f"{path.relative_to(ROOT)}:{node.lineno}", given | words


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def dicts_for(node: ast.Call, function: ast.FunctionDef) -> Iterator[ast.Dict]:
    """The `context` that is written there, or in the same function before."""
    for one in node.keywords:
        if one.arg == "context":
            sources = [one.value]
            if isinstance(one.value, ast.Name):
                sources = [
                    found.value
                    for found in ast.walk(function)
                    if isinstance(found, ast.Assign)
                    and getattr(found.targets[0], "id", "") == one.value.id
                ]
                assert sources, f"a context from elsewhere: {function.name}"
            yield from (found for found in sources if isinstance(found, ast.Dict))


def keys_of(found: ast.Dict) -> Iterator[str]:
    for key in found.keys:
        if isinstance(key, ast.Constant):
            yield str(key.value)


def test_nobody_hands_a_mail_more_than_links_and_numbers() -> None:
    found = dict(calls())
    assert len(found) >= 9
    more = {place: keys - VALUES.keys() for place, keys in found.items()}
    assert not {place: keys for place, keys in more.items() if keys}


KINDS = sorted(kind for kind, _part in parts.notice_kinds.items())


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_mails_neither_its_page_nor_its_words(kind: str, person: User) -> None:
    """At once or in a digest: the address of a page says too much."""
    pace = Pace.DAILY
    MailChoice.objects.create(
        person=person, pace=pace, due_at=timezone.now() - timedelta(minutes=1)
    )
    notify.notify(person=person, kind=kind, url=f"/zqwords/{person.pk}/")
    digest.send_due_digests()
    MailChoice.objects.filter(person=person).update(pace=Pace.AT_ONCE)
    notify.notify(person=person, kind=kind, url=f"/zqwords/{person.pk}/")
    notify.deliver_waiting()
    part = parts.notice_kinds.get(kind)
    assert part is not None
    said = {NAME, WORDS, str(part.sentence), str(person.pk)}
    for message in mail.outbox:
        assert isinstance(message, EmailMultiAlternatives)
        check(message)
        pages = [message.body, *(str(page) for page, _kind in message.alternatives)]
        assert not [word for word in said for page in pages if word in page]
    assert Notice.objects.count() == 2
    assert len(mail.outbox) == (2 if part.mails or part.is_urgent else 1)
