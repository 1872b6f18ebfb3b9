"""What makes a form that was sent twice one."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django import forms

from network.form_key import FormKey


class Form(forms.Form):
    key = FormKey()


def test_the_key_of_the_page_is_the_key_of_what_is_made() -> None:
    key = uuid4()
    form = Form({"key": str(key)})
    assert form.is_valid()
    assert form.cleaned_data["key"] == key
    assert form["key"].value() == str(key)


@pytest.mark.parametrize("sent", [{}, {"key": ""}, {"key": "x"}, {"key": "\x00" * 99}])
def test_without_a_key_a_form_is_taken_and_shown_again_with_one(
    sent: dict[str, str],
) -> None:
    form = Form(sent)
    assert form.is_valid()
    assert isinstance(form.cleaned_data["key"], UUID)
    assert UUID(str(form["key"].value()))
