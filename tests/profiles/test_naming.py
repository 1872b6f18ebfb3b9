"""The name that a person goes by."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from network.models import User
from profiles.forms.naming import PseudonymField
from profiles.models import Profile
from tests.cast import Cast, client_of

field = PseudonymField()


@pytest.mark.parametrize(
    "name",
    [
        "Blue Door",
        "Tomas R.",
        "Inés de la Loma",
        "ليلى",
        "می\u200cروم",
        "Ева К.",
        "Ø7",
        "Stafford",
    ],
)
def test_names_of_many_alphabets_are_taken_as_they_are(name: str) -> None:
    assert field.clean(name) == name


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("t.me/door", "no address"),
        ("+216 20 123 456", "no address"),
        ("12 34", "letters"),
        ("V\u0435tter", "one alphabet"),  # a Cyrillic e
        ("Waymark Team", "team"),
        ("A. Vetter", "team"),
        ("MODERATOR", "team"),
        ("Modérateur", "team"),
        ("v e t t e r", "team"),
        ("المُشرِفة", "team"),
        ("Waymark-Hilfe", "team"),
        ("\u202e", "required"),
    ],
)
def test_a_name_that_misleads_is_refused_with_a_reason(
    name: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(name)
    assert sentence in refused.value.messages[0]


@pytest.mark.parametrize("name", ["Stafford", "Badminton", "Vetterli"])
def test_a_name_that_only_holds_such_a_word_is_taken(name: str) -> None:
    assert field.clean(name) == name


def test_signs_that_nobody_sees_are_left_out() -> None:
    assert field.clean("Blue \u202eDo\u200bor\x07") == "Blue Door"


def rename(person: User, name: str) -> int:
    client = client_of(person)
    form = client.get("/me/profile/").context["form"]
    audience = {
        bound.name: bound.value()
        for bound in form
        if bound.name.startswith("audience_")
    }
    words = {"pseudonym": name, "languages": "English", "travel_km": "25"}
    words["load_cap"] = "3"
    return client.post("/me/profile/", {**audience, **words}).status_code


@pytest.mark.django_db
def test_nobody_takes_the_name_of_another_whom_members_see(cast: Cast) -> None:
    taken = Profile.objects.get(user=cast.stranger).pseudonym
    assert rename(cast.former, taken.upper()) == 422
    assert rename(cast.former, "Quiet Harbour") == 302


@pytest.mark.django_db
def test_a_refusal_tells_of_nobody_who_is_hidden(cast: Cast) -> None:
    Profile.objects.filter(user=cast.stranger).update(is_listed=False)
    taken = Profile.objects.get(user=cast.stranger).pseudonym
    assert rename(cast.former, taken.upper()) == 302


@pytest.mark.django_db
def test_what_members_read_of_a_member_leads_nowhere_else(cast: Cast) -> None:
    page = client_of(cast.former).post("/me/profile/", {"way": "Write to t.me/door"})
    assert page.status_code == 422
    assert "No links, addresses" in str(page.context["form"].errors["way"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Amina S.", "amína  s", "AMINA-S"])
def test_nobody_takes_the_name_of_somebody_on_the_staff(cast: Cast, name: str) -> None:
    Profile.objects.create(user=cast.vetter, pseudonym="Amina S.")
    assert rename(cast.former, name) == 422
