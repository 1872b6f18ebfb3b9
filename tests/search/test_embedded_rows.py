"""Columns, postings and compaction: what grows and shrinks loses nobody."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from search.documents import Change, PersonDocument
from search.embedded import EmbeddedEngine
from search.embedded.columns import BitSets, Posting
from search.embedded.rows import PeopleRows
from search.engine import Candidate, MatchRequest
from tests.contract.cast import NEED, PERSON, TODAY, put
from tests.contract.oracle import RELATED, SKILLS
from tests.scale import SCALE


def crowd(count: int, seed: int = 1) -> list[PersonDocument]:
    chance = Random(seed)
    return [
        replace(
            PERSON,
            id=f"person-{number}",
            skills={skill: chance.choice([0.8, 0.9, 1.0]) for skill in held},
            languages=frozenset(chance.sample(["en", "de", "ar", "fr"], 2)),
            lat=52.0 + chance.random(),
            lon=13.0 + chance.random(),
            experience_years=chance.randrange(15),
        )
        for number in range(count)
        for held in [chance.sample(SKILLS, 3)]
    ]


def found(engine: EmbeddedEngine) -> list[Candidate]:
    return engine.match(MatchRequest(subject=NEED, today=TODAY), k=10_000)


def test_sets_hold_more_words_than_one_machine_word() -> None:
    sets, words = BitSets(), [f"word-{number}" for number in range(150)]
    for row, word in enumerate(words):
        sets.put(row, [word, words[0]])
    rows = np.arange(150)
    assert np.flatnonzero(sets.shares(rows, [words[149], words[70]])).tolist() == [
        70,
        149,
    ]
    assert sets.common(rows, [words[0], words[64]]).tolist() == [
        2 if row == 64 else 1 for row in range(150)
    ]
    assert not sets.shares(rows, ["never seen"]).any()


def test_posting_forgets_rows_that_are_gone() -> None:
    posting = Posting()
    for row in range(9):
        posting.append(row, row / 10)
    posting.renumber(np.array([0, -1, 1, -1, 2, -1, 3, -1, 4]))
    assert posting.rows.tolist() == [0, 1, 2, 3, 4]
    assert posting.values.tolist() == [0.0, 0.2, 0.4, 0.6, 0.8]
    posting.append(5, 0.5)
    assert posting.rows.tolist() == [0, 1, 2, 3, 4, 5]


def test_edits_compact_the_rows_and_change_no_match() -> None:
    people = crowd(SCALE.people // 4)
    edited, fresh = EmbeddedEngine(RELATED), EmbeddedEngine(RELATED)
    fresh.apply(put(*people))
    for version in range(1, 4):
        edited.apply(put(*people, version=version))
    edited.apply(put(*(replace(person, id=f"x{person.id}") for person in people)))
    edited.apply(Change(f"x{person.id}", 2, None) for person in people)
    assert found(edited) == found(fresh)
    assert len(found(fresh)) > 10


def test_compaction_happens_at_a_fifth_dead_and_not_before() -> None:
    rows = PeopleRows()
    for person in (people := crowd(100)):
        rows.put(person)
    for person in people[:19]:
        rows.remove(person.id)
    rows.compact_if_worth()
    assert (len(rows.ids), len(rows)) == (100, 81)
    rows.remove(people[19].id)
    rows.compact_if_worth()
    assert (len(rows.ids), len(rows)) == (80, 80)


def test_best_of_many_are_those_of_a_full_sort() -> None:
    engine = EmbeddedEngine(RELATED)
    engine.apply(put(*crowd(SCALE.people)))
    everybody = found(engine)
    request = MatchRequest(subject=NEED, today=TODAY)
    for k in (1, 10, 200):
        assert engine.match(request, k) == everybody[:k]


def test_equal_scores_come_in_one_order_however_they_were_added() -> None:
    twins = [replace(PERSON, id=f"twin-{number}") for number in range(40)]
    one, other = EmbeddedEngine(RELATED), EmbeddedEngine(RELATED)
    one.apply(put(*twins))
    other.apply(put(*reversed(twins)))
    request = MatchRequest(subject=NEED, today=TODAY)
    assert one.match(request, 7) == other.match(request, 7)


def test_level_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="levels of person"):
        replace(PERSON, skills={"mediation": 0.5})


def test_change_must_carry_its_own_document() -> None:
    with pytest.raises(ValueError, match="carries person"):
        Change("somebody", 1, PERSON)


def test_memory_is_what_the_arrays_hold_and_shrinks_with_compaction() -> None:
    rows = PeopleRows()
    empty = rows.nbytes
    people = crowd(1_000)
    for one in people:
        rows.put(one)
    full = rows.nbytes
    assert full > empty + 1_000 * 50
    for one in people[:900]:
        rows.remove(one.id)
    rows.compact_if_worth()
    assert rows.nbytes < full / 2
