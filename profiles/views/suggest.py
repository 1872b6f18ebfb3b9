"""What the type-aheads ask. Without JavaScript the same fields take plain words:
`profiles.fields` understands names in every language of the site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network import places, ratelimit
from network.folding import fold
from network.http import Request
from profiles import languages, taxonomy

Rows = list[dict[str, str]]
A_MINUTE = 600  # for one address, behind which a whole school may sit
SHOWN = 8
LONGEST = 60


@require_safe
def suggest(request: Request) -> HttpResponse:
    """Skills and causes; `?kind=skill` or `cause` for one of them."""
    kind = request.GET.get("kind", "")

    def rows(text: str, language: str) -> Rows:
        found = taxonomy.suggest(text, language, limit=SHOWN)
        return [
            {"id": one.id, "label": one.label, "hint": one.via}
            for one in found
            if kind in {"", one.kind}
        ]

    return answer(request, rows)


@require_safe
def suggest_places(request: Request) -> HttpResponse:
    def rows(text: str, language: str) -> Rows:
        found = places.search(text, language, limit=SHOWN)
        return [
            {"id": str(one.id), "label": places.label(one, language), "hint": ""}
            for one in found
        ]

    return answer(request, rows)


@require_safe
def suggest_languages(request: Request) -> HttpResponse:
    def rows(text: str, language: str) -> Rows:
        wanted = fold(text)
        found = [
            (code, name, languages.language(code).autonym)
            for code, name in languages.choices(language)
        ]
        return [
            {"id": code, "label": name, "hint": own if own != name else ""}
            for code, name, own in found
            if fold(name).startswith(wanted) or fold(own).startswith(wanted)
        ][:SHOWN]

    return answer(request, rows)


def answer(request: Request, rows: Callable[[str, str], Rows]) -> HttpResponse:
    address = get_adapter().get_client_ip(request)
    decision = ratelimit.hit(
        "suggest", key=str(address), limit=A_MINUTE, per=timedelta(minutes=1)
    )
    if not decision.allowed:
        response = JsonResponse({"results": []}, status=429)
        response["Retry-After"] = str(int(decision.retry_after.total_seconds()))
        return response
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    asked = request.GET.get("language", "").split("-")[0]
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or "en"
    return JsonResponse({"results": rows(text, language) if text else []})
