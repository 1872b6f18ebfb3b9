"""What an answer means, in the words of the matrix."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse

# where Wagtail sends whoever lacks a room's permission
TURNED_AWAY = "wagtailadmin_home"
STATUS = {
    400: "bad",
    401: "login",
    403: "refused",
    404: "missing",
    405: "method",
    410: "gone",
    422: "invalid",
    429: "slower",
}
ANSWERS = frozenset({"ok", "login", *STATUS.values()})


def answer_class(response: HttpResponseBase) -> str:
    """`ok` is any answer that lets the person through, also on to a next page."""
    status = response.status_code
    if 300 <= status < 400:
        return class_of_redirect(response["Location"])
    return STATUS.get(status, "ok" if status < 300 else str(status))


def class_of_redirect(location: str) -> str:
    if leads_to_login(location):
        return "login"
    return "refused" if location == reverse(TURNED_AWAY) else "ok"


def leads_to_login(location: str) -> bool:
    path = location.partition("?")[0]
    for code, _name in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}")
    return path == reverse("account_login")


def body_of(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response)  # type: ignore[call-overload, no-any-return]
    return response.content  # type: ignore[attr-defined, no-any-return]
