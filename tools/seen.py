"""The site as tests are served it: each answer names the templates it was made of.

What a page is called in a list proves nothing; what was rendered does.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.template.base import Template

from network.asgi import application as site

HEADER = b"x-templates"
PARTS = ("cotton/", "components/", "layouts/", "allauth/")
used: ContextVar[list[str] | None] = ContextVar("used", default=None)
plain_render = Template._render  # type: ignore[attr-defined]


def noting_render(template: Any, context: Any) -> str:
    names = used.get()
    if names is not None and template.name and not template.name.startswith(PARTS):
        names.append(template.name)
    rendered: str = plain_render(template, context)
    return rendered


Template._render = noting_render  # type: ignore[attr-defined]


async def application(scope: Any, receive: Any, send: Any) -> None:
    # one list for the request: the threads of its views see the same one
    names: list[str] = []
    used.set(names)

    async def naming(message: Any) -> None:
        if message["type"] == "http.response.start":
            value = ",".join(dict.fromkeys(names)).encode()
            message = {**message, "headers": [*message["headers"], (HEADER, value)]}
        await send(message)

    await site(scope, receive, naming)
