"""Form fields over the shared lists: skills, causes, languages, a town."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from network import places
from network.widgets import TypeAhead, parts_of
from profiles import languages, taxonomy

MOST = 20
LONGEST_QUOTED = 40  # letters of a word that an error names


@dataclass(frozen=True)
class Chosen:
    """What was named in one type-ahead over skills and causes."""

    skills: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.skills or self.causes)


def here() -> str:
    return get_language() or "en"


def label_of_term(id: str) -> str | None:
    is_known = taxonomy.is_skill(id) or taxonomy.is_cause(id)
    return taxonomy.label(id, here()) if is_known else None


def label_of_language(code: str) -> str | None:
    return languages.name(code, here()) if languages.is_language(code) else None


def label_of_town(text: str) -> str | None:
    city = town_of(text)
    return places.label(city, here()) if city is not None else None


def town_of(text: str) -> places.City | None:
    """The town of an id of the list, and nothing else."""
    is_id = text.isascii() and text.isdigit() and len(text) < 12
    return places.city(int(text)) if is_id else None


def quoted(unknown: list[str]) -> str:
    """The first few, each in one pair of marks and no longer than one reads."""
    words = [word.strip("\"'“”„‚‘’«»‹› ") or word for word in unknown[:3]]
    return ", ".join(
        _("“%(word)s”") % {"word": Truncator(word).chars(LONGEST_QUOTED)}
        for word in words
    )


class SkillsField(forms.CharField):
    """Skills, causes or both, by ids from the list or by name, with commas between.

    Cleans to `Chosen`. A word that names nothing is an error that names the word.
    """

    def __init__(self, *, kinds: Iterable[str] = ("skill", "cause"), **kwargs: Any):
        self.kinds = frozenset(kinds)
        url = "profiles:suggest"
        kwargs.setdefault("widget", TypeAhead(suggest=url, label_of=label_of_term))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        skills: dict[str, None] = {}
        causes: dict[str, None] = {}
        unknown = []
        for part in parts_of(text):
            kind, id = self.named(part)
            if kind not in self.kinds:
                unknown.append(part)
            else:
                (skills if kind == "skill" else causes)[id] = None
        self.check(unknown, len(skills) + len(causes))
        return Chosen(tuple(skills), tuple(causes))

    def named(self, part: str) -> tuple[str, str]:
        if taxonomy.is_skill(part):
            return "skill", part
        if taxonomy.is_cause(part):
            return "cause", part
        found = taxonomy.resolve(part, here())
        return (found.kind, found.id) if found is not None else ("", part)

    def check(self, unknown: list[str], count: int) -> None:
        if unknown:
            raise ValidationError(
                _("We do not know %(words)s. Choose something near it from the list.")
                % {"words": quoted(unknown)}
            )
        if count > MOST:
            raise ValidationError(_("Choose at most %(most)s.") % {"most": MOST})


class LanguagesField(forms.CharField):
    """Languages by code or by name in any of ours. Cleans to a list of codes."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget",
            TypeAhead(suggest="profiles:suggest_languages", label_of=label_of_language),
        )
        kwargs.setdefault("label", gettext_lazy("Languages you speak"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        parts = parts_of(str(super().clean(value) or ""))
        codes = {part: languages.resolve(part, here()) for part in parts}
        unknown = [part for part, code in codes.items() if code is None]
        if unknown:
            raise ValidationError(
                _("We do not know the language %(words)s.") % {"words": quoted(unknown)}
            )
        if len(codes) > MOST:
            raise ValidationError(_("Choose at most %(most)s.") % {"most": MOST})
        return list(dict.fromkeys(code for code in codes.values() if code))


class TownField(forms.CharField):
    """A town by its id or by name ("Malmö, Sweden"). Cleans to a City or None."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget",
            TypeAhead(
                suggest="profiles:suggest_places",
                label_of=label_of_town,
                multiple=False,
            ),
        )
        kwargs.setdefault("label", gettext_lazy("Town"))
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if not text:
            return None
        # what was shown for an id and sent back untouched comes without the id
        found = town_of(text) or places.resolve(text)
        if found is None:
            raise ValidationError(
                _("We do not find this town. Try a larger one near you.")
            )
        return found
