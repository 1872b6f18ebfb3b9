"""Packs, public texts and helplines: a teacher can teach from the packs as they
stand, and the texts that people agree to say what the program does."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date
from itertools import accumulate, combinations
from pathlib import Path
from typing import Any

import pytest

from cms.models import Use
from demo.publishing import helpline_words

CONTENT = Path(__file__).parents[2] / "demo" / "content"
SUBJECTS = {
    "Citizenship", "History", "Media literacy", "Ethics", "Language arts",
    "Social studies", "Tutor time",
}  # fmt: skip
FORMATS = {"plan", "slides", "exercises", "story", "pupils-sheet"}
THEMES = {
    "leaving", "recruitment", "family", "grief", "forgiveness-not-required", "anger",
    "belonging", "online", "prison", "faith", "school", "work", "shame", "rebuilding",
    "friendship",
}  # fmt: skip
LISTS = (
    "formats", "themes", "stories", "aims", "materials", "curriculum",
    "talking_points", "phases", "exercises",
)  # fmt: skip
PROSE = (
    "title", "summary", "before_you_teach", "pupils_sheet", "teacher_notes", "aims",
    "materials", "talking_points", "phases", "exercises",
)  # fmt: skip
NO_ACTING = {
    "en": r"role-play|acting|acts |children act|enacting|voice|read the part|"
    r"as the dead person|write as a recruiter|playing of a scene",
    "ar": r"لا تمثيل",
    "es": r"No representar",
    "fr": r"mettez pas en scène",
    "de": r"Kein Nachspielen|Kein Rollenspiel",
}
COMMON_WORDS = {
    "en": {"the", "and", "of", "that", "what"},
    "es": {"que", "una", "los", "para", "con"},
    "fr": {"les", "que", "une", "dans", "pas"},
    "de": {"und", "die", "nicht", "sie", "der"},
}
PUBLIC_TEXTS = {
    "privacy", "terms", "community-agreement", "accessibility", "complaints", "limits",
    "how-we-vet", "in-danger", "about", "consent-joining", "consent-volunteer",
    "consent-story", "consent-matching", "consent-special-category",
}  # fmt: skip
TRANSLATED = {
    "about", "in-danger", "consent-volunteer", "consent-joining",
    "consent-special-category", "consent-story",
}  # fmt: skip
DEMONSTRATION = {
    "en": "This is a demonstration text.",
    "ar": "هذا نصّ للعرض التجريبي",
    "es": "Este es un texto de demostración.",
    "fr": "Ceci est un texte de démonstration.",
    "de": "Dies ist ein Text zur Vorführung.",
}
ARTICLE_9 = r"article 9|Artikel 9|artículo 9|المادة 9"
FACTS = {
    "privacy": (
        "six months", "seven days", "two years", "twelve months", "plain text",
        "twenty-four hours", "sixty seconds", "thirty minutes",
    ),
    "limits": (
        "not encrypted from end to end", "cannot be recalled", "screenshots",
        "an address of its own", "sixty seconds", "five before it",
    ),
    "how-we-vet": ("Two different people", "28 days", "ninety days", "six months"),
    "complaints": ("28 days", "third person", "five before it"),
    "consent-story": ("twenty-four hours", "sixty seconds", "Two clicks"),
    "consent-special-category": (
        "six months", "two, and a third", "Your membership stays", "erase your account",
    ),
    "consent-volunteer": ("twelve months", "18 or over", "nobody is told"),
    "consent-matching": ("twenty-five kilometres", "sixty seconds"),
}  # fmt: skip
HELPLINE_LENGTHS = {
    "country": 2, "name": 120, "number": 40, "hours": 80, "languages": 80,
    "note": 200, "source": 200,
}  # fmt: skip

Table = dict[str, Any]


def _read(pattern: str) -> dict[str, Table]:
    files = sorted(CONTENT.glob(pattern))
    return {
        str(file.relative_to(CONTENT)): tomllib.loads(file.read_text("utf-8"))
        for file in files
    }


PACKS = list(_read("packs/*.toml").values())
STORIES = {story["slug"]: story for story in _read("stories/*.toml").values()}
TEXTS = _read("texts/*/*.toml")
HELPLINES: list[Table] = tomllib.loads((CONTENT / "helplines.toml").read_text("utf-8"))[
    "helplines"
]
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda p: p["slug"])
each_text = pytest.mark.parametrize("path", sorted(TEXTS))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return []


def _prose(pack: Table) -> str:
    return "\n".join(text for part in PROSE for text in _strings(pack[part]))


def _sentences(pack: Table) -> set[str]:
    lines = [x for x in _prose(pack).splitlines() if not x.startswith("## ")]
    pieces = (p for line in lines for p in re.split(r"[.!?؟:;؛]+\s*", line))
    bare = (" ".join(re.findall(r"\w+", piece.casefold())) for piece in pieces)
    return {sentence for sentence in bare if len(sentence.split()) >= 5}


def _share_of_arabic(text: str) -> float:
    letters = [char for char in text if char.isalpha()]
    return sum("\u0600" <= char <= "\u06ff" for char in letters) / len(letters)


def _reads_as(text: str) -> str:
    """The language whose commonest words make up most of the text."""
    if _share_of_arabic(text) > 0.9:
        return "ar"
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    return max(COMMON_WORDS, key=lambda c: sum(words[w] for w in COMMON_WORDS[c]))


def test_there_are_16_packs_in_five_languages() -> None:
    counts = Counter(pack["language"] for pack in PACKS)
    assert counts == {"en": 10, "ar": 2, "es": 1, "fr": 1, "de": 2}
    assert len({pack["title"] for pack in PACKS}) == 16
    assert {"The pull and the push", "Reading a rumour"} <= {
        pack["title"] for pack in PACKS
    }


def test_each_pack_is_named_as_its_file() -> None:
    for path, pack in _read("packs/*.toml").items():
        assert path == f"packs/{pack['slug']}.toml"


@each_pack
def test_a_pack_has_every_field_filled(pack: Table) -> None:
    assert pack["subject"] in SUBJECTS
    assert set(pack["formats"]) <= FORMATS
    assert set(pack["themes"]) <= THEMES
    assert pack["licence"] == "CC BY-NC-SA 4.0"
    assert 9 <= pack["age_from"] < pack["age_to"] <= 18
    assert 0 < len(pack["summary"]) <= 220
    assert [field for field in LISTS if not pack[field]] == []
    assert [text for text in _strings(pack) if not text.strip()] == []


@each_pack
def test_the_minutes_of_the_phases_fill_each_lesson(pack: Table) -> None:
    ends = list(accumulate(phase["minutes"] for phase in pack["phases"]))
    bells = [n * pack["minutes"] for n in range(1, pack["lessons"] + 1)]
    assert ends[-1] == bells[-1]
    assert set(bells) <= set(ends)
    assert all(phase["title"] and phase["text"].strip() for phase in pack["phases"])


@each_pack
def test_a_pack_tells_one_to_three_stories_in_its_language(pack: Table) -> None:
    assert 1 <= len(pack["stories"]) <= 3
    assert set(pack["stories"]) <= set(STORIES)
    languages = {STORIES[slug]["language"] for slug in pack["stories"]}
    assert languages == {pack["language"]}


@each_pack
def test_a_teacher_is_told_what_to_mind_beforehand(pack: Table) -> None:
    sheet = pack["before_you_teach"]
    assert 250 <= len(sheet.split()) <= 400
    assert len(re.findall(r"^## .+", sheet, re.MULTILINE)) >= 3
    assert re.search(NO_ACTING[pack["language"]], sheet)


@each_pack
def test_a_pack_is_written_in_its_language(pack: Table) -> None:
    assert _reads_as(_prose(pack)) == pack["language"]
    if pack["language"] != "ar":
        assert _share_of_arabic(_prose(pack)) == 0


@each_pack
def test_a_pack_uses_headings_and_lists_only(pack: Table) -> None:
    for line in _prose(pack).splitlines():
        assert not re.match(r"#(?!# \S)|\*|\d+\. |> ", line), line
        assert not re.search(r"\*\*|\]\(|<\w|TODO|[Ll]orem ipsum", line), line


def test_no_sentence_stands_in_two_packs() -> None:
    found = {pack["slug"]: _sentences(pack) for pack in PACKS}
    shared = {
        (one, two): found[one] & found[two] for one, two in combinations(found, 2)
    }
    assert {pair: same for pair, same in shared.items() if same} == {}


def test_every_public_text_is_there_in_every_language() -> None:
    assert set(TEXTS) == {
        f"texts/{code}/{name}.toml"
        for code in ("en", "ar", "fr", "de", "es")
        for name in PUBLIC_TEXTS
    }


@each_text
def test_a_text_has_a_version_a_date_and_says_what_it_is(path: str) -> None:
    text, language = TEXTS[path], path.split("/")[1]
    assert text["slug"] == Path(path).stem
    assert re.fullmatch(r"\d+\.\d+", text["version"])
    assert date.fromisoformat(text["updated"])
    assert text["title"]
    assert 0 < len(text["summary"]) <= 220
    assert text["body"].strip().startswith(DEMONSTRATION[language])
    assert _reads_as(text["body"]) == language


@each_text
def test_a_text_is_divided_by_headings(path: str) -> None:
    body = TEXTS[path]["body"]
    assert len(re.findall(r"^## \S.*$", body, re.MULTILINE)) >= 3
    assert not re.search(r"^#(?!# \S)|\*\*|\]\(|<\w", body, re.MULTILINE)


@pytest.mark.parametrize("path", [p for p in sorted(TEXTS) if "/consent-" in p])
def test_a_consent_explains_sensitive_data_and_withdrawal(path: str) -> None:
    body = TEXTS[path]["body"]
    assert re.search(ARTICLE_9, body)
    assert len(body.split()) <= 400
    assert len(re.findall(r"^## ", body, re.MULTILINE)) >= 4


@pytest.mark.parametrize("language", sorted(DEMONSTRATION))
def test_a_story_is_promised_only_what_its_form_asks(language: str) -> None:
    """The form asks for uses and an end, not for an audience or for languages."""
    text = TEXTS[f"texts/{language}/consent-story.toml"]
    said = f"{text['summary']} {text['body']}"
    assert not re.search(r"audience|by whom|Publikum|public,|público,|جمهور", said)
    assert text["body"].count("\n- ") == len(Use) + 3  # and what to know before


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_text_states_the_terms_that_the_program_keeps(name: str) -> None:
    body = TEXTS[f"texts/en/{name}.toml"]["body"]
    assert [fact for fact in FACTS[name] if fact not in body] == []


def test_translations_have_the_headings_of_the_original() -> None:
    def headings(code: str, name: str) -> int:
        body: str = TEXTS[f"texts/{code}/{name}.toml"]["body"]
        return body.count("\n## ")

    for name in TRANSLATED:
        counts = {headings(code, name) for code in DEMONSTRATION}
        assert len(counts) == 1, name


def test_no_helpline_claims_to_have_been_checked() -> None:
    assert {line["checked_on"] for line in HELPLINES} == {""}
    assert all("Demonstration entry" in line["note"] for line in HELPLINES)
    assert all(line["source"] for line in HELPLINES)


def test_helplines_fit_their_columns_and_can_be_reached() -> None:
    for line in HELPLINES:
        assert set(line) == {*HELPLINE_LENGTHS, "url", "checked_on"}
        assert re.fullmatch(r"([A-Z]{2})?", line["country"])
        assert line["number"] or line["url"].startswith("https://"), line["name"]
        too_long = [k for k, most in HELPLINE_LENGTHS.items() if len(line[k]) > most]
        assert too_long == [], line["name"]


def test_hours_and_notes_are_told_in_every_language() -> None:
    letters = {"ar": r"[\u0600-\u06ff]", "fr": r"\w", "de": r"\w", "es": r"\w"}
    for line in HELPLINES:
        words = helpline_words(line)
        for language, letter in letters.items():
            told = words[language]
            fields = {name for name in ("hours", "note") if line[name]}
            described = {"name"} if line["name"] == "Emergency number" else set()
            assert set(told) == fields | described, line["name"]
            assert all(re.search(letter, text) for text in told.values())
            assert all(line[name] != text for name, text in told.items())
            # every number stands in every language
            numbers = re.findall(r"\d+", line["note"])
            assert re.findall(r"\d+", told["note"]) == numbers, line["name"]


def test_each_country_has_one_emergency_number_and_names_are_unique() -> None:
    names = Counter((line["country"], line["name"]) for line in HELPLINES)
    assert [name for name, times in names.items() if times > 1] == []
    countries = {line["country"] for line in HELPLINES} - {""}
    emergency = {c for c, name in names if name == "Emergency number"}
    assert emergency == countries
    supported = {c for c, name in names if c and name != "Emergency number"}
    assert len(supported) >= 20
