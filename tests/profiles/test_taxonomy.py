from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import profiles.taxonomy as taxonomy
from network.folding import fold
from profiles.taxonomy import Cause, Group, Skill
from profiles.typeahead import Term, TypeAhead, begins_nearly

LANGUAGES = taxonomy.LANGUAGES
ENTRIES: tuple[Skill | Cause, ...] = (*taxonomy.all_skills(), *taxonomy.causes())
NAMED: tuple[Group | Skill | Cause, ...] = (*taxonomy.groups(), *ENTRIES)
IDS = [skill.id for skill in taxonomy.all_skills()]


def scripts(text: str) -> set[str]:
    return {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}


def ids(text: str, language: str, limit: int = 8) -> list[str]:
    return [found.id for found in taxonomy.suggest(text, language, limit)]


def test_taxonomy_is_as_large_as_the_community_needs() -> None:
    assert 220 <= len(IDS) <= 320
    assert 15 <= len(taxonomy.groups()) <= 22
    assert 24 <= len(taxonomy.causes()) <= 30
    assert 40 <= len(taxonomy.first_offers()) <= 50


def test_ids_are_plain_and_unique_over_skills_and_causes() -> None:
    every = [entry.id for entry in ENTRIES]
    assert max(Counter(every).values()) == 1
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", id) for id in every)


def test_every_skill_stands_under_a_group_and_no_group_is_empty() -> None:
    groups = {group.id for group in taxonomy.groups()}
    assert {skill.parent for skill in taxonomy.all_skills()} == groups
    assert groups.isdisjoint(IDS)
    by_group = chain.from_iterable(taxonomy.skills_in(group) for group in groups)
    assert sorted(skill.id for skill in by_group) == sorted(IDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_in_the_script_of_its_language(language: str) -> None:
    script = {"ARABIC"} if language == "ar" else {"LATIN"}
    for entry in NAMED:
        label = entry.labels[language]
        assert scripts(label) == script, entry.id
        assert label == label.strip()
        assert language == "ar" or label[0].isupper(), entry.id


def test_every_entry_has_exactly_the_five_languages() -> None:
    for entry in NAMED:
        assert set(entry.labels) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_means_one_thing_in_a_language(language: str) -> None:
    meaning: dict[str, str] = {}
    for entry in ENTRIES:
        names = (entry.labels[language], *entry.synonyms.get(language, ()))
        for name in {fold(name) for name in names}:
            assert meaning.setdefault(name, entry.id) == entry.id, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_differ_by_name(language: str) -> None:
    labels = [group.labels[language] for group in taxonomy.groups()]
    assert len(set(labels)) == len(labels)


def test_synonyms_are_of_known_languages_and_not_empty() -> None:
    for entry in ENTRIES:
        assert set(entry.synonyms) <= set(LANGUAGES)
        names = list(chain.from_iterable(entry.synonyms.values()))
        assert all(name == name.strip() != "" for name in names)


def test_the_table_gives_each_pair_once() -> None:
    path = Path(taxonomy.__file__).parent / "data" / "skills.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["skills"]
    pairs = Counter(
        frozenset((row["id"], other)) for row in rows for other in row["related"]
    )
    assert max(pairs.values()) == 1
    assert all(len(pair) == 2 for pair in pairs)
    assert set(chain.from_iterable(pairs)) <= set(IDS)


@settings(deadline=None)
@given(st.sampled_from(IDS), st.sampled_from(IDS))
def test_closeness_is_the_same_both_ways(a: str, b: str) -> None:
    assert taxonomy.sim(a, b) == taxonomy.sim(b, a)
    assert taxonomy.sim(a, a) == 1
    assert a == b or taxonomy.sim(a, b) in {0, *taxonomy.related(a).values()}


def test_related_skills_are_few_and_neither_strangers_nor_the_same() -> None:
    for skill in taxonomy.all_skills():
        assert all(0.3 <= close <= 0.8 for close in skill.related.values())
        assert skill.id not in skill.related
        assert len(skill.related) <= 14, skill.id
        for other, close in skill.related.items():
            assert taxonomy.skill(other).related[skill.id] == close


def test_known_neighbours_and_strangers() -> None:
    assert taxonomy.sim("first-aid", "emergency-medicine") == 0.6
    assert taxonomy.sim("cooking", "cooking-large") == 0.8
    assert taxonomy.sim("cooking", "criminal-law") == 0
    assert taxonomy.sim("cooking", "no-longer-there") == 0
    assert taxonomy.sim("no-longer-there", "cooking") == 0


def test_the_taxonomy_cannot_be_changed_by_a_reader() -> None:
    skill = taxonomy.skill("cooking")
    with pytest.raises(TypeError):
        skill.related["driving-car"] = 1.0  # type: ignore[index]
    with pytest.raises(TypeError):
        skill.labels["en"] = "Other"  # type: ignore[index]
    with pytest.raises(AttributeError):
        skill.id = "other"  # type: ignore[misc]


def test_labels_follow_the_reader() -> None:
    assert taxonomy.label("first-aid", "de") == "Erste Hilfe"
    assert taxonomy.label("first-aid", "ar") == "الإسعافات الأولية"
    assert taxonomy.label("first-aid", "fr-ca") == "Premiers secours"
    assert taxonomy.label("first-aid", "sv") == "First aid"
    assert taxonomy.label("schools", "es") == "Escuelas"
    with pytest.raises(KeyError):
        taxonomy.label("no-such-thing", "en")


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("nurse", "en", "nursing"),
        ("nur", "en", "nursing"),
        ("teacher", "en", "classroom-teaching"),
        ("driver", "en", "driving-car"),
        ("cook", "en", "cooking"),
        ("lawyer", "en", "legal-advice"),
        ("hate", "en", "online-hate"),
        ("FIRST A", "en", "first-aid"),
        ("support groups", "en", "support-group-facilitation"),
        ("groups support", "en", "support-group-facilitation"),
        ("avoc", "fr", "legal-advice"),
        ("ecoute", "fr", "active-listening"),
        ("l'écoute", "fr", "crisis-line"),
        ("infirmière", "fr", "nursing"),
        ("ÜBERSETZ", "de", "translation"),
        ("köch", "de", "cooking"),
        ("fussball", "de", "football"),
        ("krankenpf", "de", "nursing"),
        ("abogad", "es", "legal-advice"),
        ("psicologa", "es", "clinical-psychology"),
        ("jovenes", "es", "young-people"),
        ("ترجمة", "ar", "translation"),
        ("الترجمه", "ar", "translation"),
        ("الت", "ar", "nursing"),
        ("سائق", "ar", "driving-car"),
        ("مُمَرِّضة", "ar", "nursing"),
        ("اسعاف", "ar", "first-aid"),
        ("الشباب", "ar", "young-people"),
    ],
)
def test_type_ahead_finds(typed: str, language: str, expected: str) -> None:
    assert expected in ids(typed, language)


@pytest.mark.parametrize(
    ("typed", "language", "first"),
    [
        ("pshychotherapy", "en", "psychotherapy"),
        ("psycoth", "en", "psychotherapy"),
        ("transaltion", "en", "translation"),
        ("mental helath", "en", "mental-health"),
        ("infirmeir", "fr", "nursing"),
        ("fusball", "de", "football"),
        ("abogdao", "es", "legal-advice"),
        ("الترجمت", "ar", "translation"),
    ],
)
def test_one_slip_of_the_finger_is_allowed_for(
    typed: str, language: str, first: str
) -> None:
    assert first in ids(typed, language)


def test_short_words_and_nonsense_are_not_guessed() -> None:
    assert ids("nrse", "en") == []
    assert ids("qwxzv", "en") == []
    assert ids("", "en") == ids("  ", "de") == ids("؟!", "ar") == []


def test_what_is_spelt_so_hides_guesses() -> None:
    assert ids("kochen", "de") == ["cooking", "cooking-large"]


def test_english_names_are_found_on_other_pages_with_the_readers_label() -> None:
    found = taxonomy.suggest("nurse", "de")[0]
    assert (found.id, found.label, found.via) == ("nursing", "Krankenpflege", "nurse")


def test_whole_names_come_before_beginnings_and_those_before_the_inside() -> None:
    terms = ["a spring", "springs", "box on ring", "ringing bells", "ring"]
    names = TypeAhead(Term(text, text) for text in terms)
    found = [hit.term.text for hit in names.find("ring", 8)]
    assert found == ["ring", "ringing bells", "box on ring", "springs", "a spring"]


def test_labels_come_before_synonyms_and_first_offers_before_professions() -> None:
    assert ids("driving", "en")[:2] == ["driving-van", "driving-car"]
    assert ids("youth p", "en") == ["youth-participation"]
    found = [each.via for each in taxonomy.suggest("prison", "en")]
    assert found.index("") < found.index("prison officer")


def test_limit_is_kept_and_nothing_is_named_twice() -> None:
    for language in LANGUAGES:
        found = ids("a" if language != "ar" else "ا", language, limit=5)
        assert len(found) == 5 == len(set(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_leads_to_its_entry(language: str) -> None:
    for entry in ENTRIES:
        label = entry.labels[language]
        named = taxonomy.resolve(label.upper(), language)
        assert named is not None
        assert named.id == entry.id, label
        assert entry.id in ids(label, language), label


def test_resolve_reads_people_words_in_any_of_the_languages() -> None:
    named = taxonomy.resolve("Dolmetscherin", "ar")
    assert named is not None
    assert (named.kind, named.id) == ("skill", "community-interpreting")
    assert named.label == "الترجمة الشفوية للأفراد"
    assert taxonomy.resolve("nurs", "en") is None
    assert taxonomy.resolve("", "en") is None


def test_an_answer_with_commas_is_read_part_by_part() -> None:
    found, unknown = taxonomy.resolve_list(
        "nurse, Cooking;ممرضة ، flying\nyouth,,", "en"
    )
    assert [each.id for each in found] == ["nursing", "cooking", "young-people"]
    assert [each.kind for each in found] == ["skill", "skill", "cause"]
    assert unknown == ["flying"]


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_anything_may_be_typed(text: str, language: str) -> None:
    found = taxonomy.suggest(text, language)
    assert len(found) <= 8
    assert all(each.label == taxonomy.label(each.id, language) for each in found)


@settings(deadline=None)
@given(st.text("abcd", min_size=5, max_size=9), st.data())
def test_a_slip_is_found_wherever_it_happened(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    other = data.draw(st.sampled_from("abcdx"))
    slips = [
        word[:at] + other + word[at + 1 :],
        word[:at] + other + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ]
    names = TypeAhead([Term("it", word)])
    for typed in slips:
        assert begins_nearly(word, typed), typed
        if len(typed) >= 5:
            assert names.guess(typed, 1), typed


@settings(deadline=None)
@given(st.text("ab", min_size=5, max_size=8), st.text("ab", min_size=5, max_size=8))
def test_nearly_means_one_slip_at_most(word: str, typed: str) -> None:
    def slips(a: str, b: str) -> int:
        """Optimal string alignment, straight from its definition."""
        rows = [list(range(len(b) + 1))]
        for i, x in enumerate(a, 1):
            rows.append([i])
            for j, y in enumerate(b, 1):
                best = min(rows[i - 1][j], rows[i][j - 1]) + 1
                best = min(best, rows[i - 1][j - 1] + (x != y))
                if i > 1 and j > 1 and (x, y) == (b[j - 2], a[i - 2]):
                    best = min(best, rows[i - 2][j - 2] + 1)
                rows[i].append(best)
        return rows[-1][-1]

    least = min(slips(word[:end], typed) for end in range(len(word) + 1))
    assert begins_nearly(word, typed) == (least <= 1)


def test_folding_is_the_same_for_what_people_type_alike() -> None:
    alike = [
        ("Malmö", "MALMO"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("الفَورِيّة", "الفوريه"),
        ("إدارة", "اداره"),
        ("مستشفى", "مستشفي"),
        ("کتاب", "كتاب"),
        ("l’égalité", "L'egalite"),
        ("web_dev  (C++)", "web dev c"),
    ]
    for one, other in alike:
        assert fold(one) == fold(other)
    assert fold("Ægir Þór") == fold(fold("Ægir Þór")) == "aegir thor"
    assert fold("São Paulo\nZürich") == "sao paulo\nzurich"
