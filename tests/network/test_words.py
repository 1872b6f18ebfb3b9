"""What people write: read as it was written, and nothing of it turned around."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from network.words import LineField, WordsField, isolated

FIELDS = [LineField(max_length=80), WordsField(max_length=80, rows=3)]


@pytest.mark.parametrize("field", FIELDS, ids=["line", "words"])
class TestWords:
    @pytest.mark.parametrize("sign", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2069"])
    def test_no_sign_turns_what_follows_on_the_page(
        self, field: LineField, sign: str
    ) -> None:
        assert field.clean(f"Tea {sign}for guests") == "Tea for guests"

    def test_letters_that_need_joining_keep_their_joiner(
        self, field: LineField
    ) -> None:
        assert field.clean("می\u200cروم") == "می\u200cروم"

    def test_nothing_to_see_is_nothing(self, field: LineField) -> None:
        with pytest.raises(ValidationError):
            field.clean("\u202e\u200b")


def test_a_name_keeps_its_signs_in_a_sentence_that_runs_the_other_way() -> None:
    assert isolated("Amina S.") == "\u2068Amina S.\u2069"
    assert LineField().clean(isolated("Amina S.")) == "Amina S."
