"""What one may ask the directory: a value that is hidden from the viewer finds
nothing, and what somebody was cannot be asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import User
from profiles.actions import blocks, connections
from profiles.models import Audience, Profile
from search import directory
from search.forms import DirectoryForm
from tests.cast import Cast, client_of, create_member

pytestmark = pytest.mark.django_db
URL = "/people/"
# each with the field of the profile whose audience decides
ASKED: dict[str, tuple[str, str]] = {
    "skill": ("first-aid", "skills"),
    "cause": ("schools", "causes"),
    "role": ("interview", "roles_offered"),
    "language": ("cs", "languages"),
    "country": ("CZ", "country"),
    "free": ("eve", "slots"),
}


@pytest.fixture
def shown(cast: Cast) -> Profile:
    """The survivor, with one value for each filter."""
    profile = cast.survivor.profile
    profile.skills.create(skill="first-aid")
    profile.causes, profile.roles_offered = ["schools"], ["interview", "speak"]
    profile.languages, profile.country = ["cs"], "CZ"
    profile.slots = ["tue-eve", "sat-am"]
    profile.audience = dict.fromkeys(
        (field for _value, field in ASKED.values()), Audience.MEMBERS.value
    )
    profile.save()
    return profile


def found(viewer: User, **asked: Any) -> set[str]:
    answer = client_of(viewer).get(URL, asked)
    assert answer.status_code == 200
    return {card.profile.pseudonym for card in answer.context["cards"]}


@pytest.mark.parametrize("name", ASKED)
def test_a_shown_value_finds_and_a_hidden_one_does_not(
    cast: Cast, shown: Profile, name: str
) -> None:
    value, field = ASKED[name]
    assert found(cast.stranger, **{name: value}) == {"Survivor"}
    for audience, sees in (
        (Audience.PUBLIC, {"Survivor"}),
        (Audience.CONNECTIONS, set()),
        (Audience.PRIVATE, set()),
    ):
        shown.audience[field] = audience.value
        shown.save()
        assert found(cast.stranger, **{name: value}) == sees
    answer = client_of(cast.stranger).get(URL, {name: value}).content.decode()
    assert "Nobody shows all of this together" in answer


@pytest.mark.parametrize("name", ASKED)
def test_friends_find_by_what_friends_see(
    cast: Cast, shown: Profile, name: str
) -> None:
    value, field = ASKED[name]
    shown.audience[field] = Audience.CONNECTIONS.value
    shown.save()
    asked = connections.request_connection(by=cast.stranger, recipient=shown)
    assert found(cast.stranger, **{name: value}) == set()
    connections.accept_connection(connection=asked, by=cast.survivor)
    assert found(cast.stranger, **{name: value}) == {"Survivor"}
    shown.audience[field] = Audience.PRIVATE.value
    shown.save()
    assert found(cast.stranger, **{name: value}) == set()


def test_filters_add_up(cast: Cast, shown: Profile) -> None:
    everything = {name: value for name, (value, _field) in ASKED.items()}
    assert found(cast.stranger, **everything, q="surv") == {"Survivor"}
    assert found(cast.stranger, **{**everything, "free": "pm"}) == set()
    assert found(cast.stranger, free="weekend") == {"Survivor"}
    assert found(cast.stranger, free="am") == {"Survivor"}
    assert found(cast.stranger, role="mentor") == set()


def test_nobody_is_found_who_is_not_there(cast: Cast, shown: Profile) -> None:
    shown.contact_rules = {"no_formers": True}
    shown.save()
    assert found(cast.former, language="cs") == set()
    assert found(cast.lead, language="cs") == {"Survivor"}
    blocks.block_person(by=cast.survivor, person=cast.lead)
    assert found(cast.lead, language="cs") == set()
    shown.is_listed = False
    shown.save()
    assert found(cast.stranger, language="cs") == set()


def test_what_somebody_was_cannot_be_asked_for(cast: Cast) -> None:
    everybody = found(cast.lead)
    assert {"Former", "Survivor"} <= everybody
    for name in ("kind", "label", "teller"):
        for kind in ("former", "survivor"):
            assert found(cast.lead, **{name: kind}) == everybody
    page = client_of(cast.lead).get(URL).content.decode().partition("<main")[2]
    for value in ("former", "survivor"):
        assert f'value="{value}"' not in page
    fields = {"q", *ASKED}
    assert set(DirectoryForm().fields) == fields  # nor a town, nor what is not shown


def test_the_choices_are_the_same_whoever_is_here(cast: Cast, shown: Profile) -> None:
    """Or a choice, or a count beside one, would tell that somebody hides it."""

    def form() -> str:
        page = client_of(cast.lead).get(URL).content.decode()
        return page.partition('class="finder"')[2].partition("</form>")[0]

    before = form()
    create_member("another").profile.skills.create(skill="carpentry")
    Profile.objects.exclude(user=cast.lead).update(country="TN", is_listed=False)
    assert form() == before


def test_each_filter_is_a_chip_that_takes_it_away(cast: Cast, shown: Profile) -> None:
    asked = "language=cs&country=CZ&page=1"
    page = client_of(cast.lead).get(f"{URL}?{asked}").content.decode()
    chips = page.partition("Clear all")[0]
    assert 'href="?country=CZ"' in chips
    assert 'href="?language=cs"' in chips
    none = client_of(cast.lead).get(f"{URL}?q=nobody&language=cs").content.decode()
    empty = none.partition('class="empty"')[2]
    assert 'href="?q=nobody"' in empty
    assert 'href="?language=cs"' in empty


def test_filters_stay_from_page_to_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "SIZE", 2)
    page = client_of(cast.lead).get(f"{URL}?language=en").content.decode()
    assert "language=en&amp;page=2" in page


def test_an_unknown_word_is_said_and_kept(cast: Cast) -> None:
    answer = client_of(cast.lead).get(URL, {"skill": "quillwork", "q": "For\x00mer"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "We do not know “quillwork”" in page
    assert 'value="quillwork"' in page
    assert {card.profile.pseudonym for card in answer.context["cards"]} == {"Former"}


def test_filters_cost_no_query_for_each_person(cast: Cast, shown: Profile) -> None:
    asked = {name: value for name, (value, _field) in ASKED.items()}
    client = client_of(cast.lead)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL, asked).status_code == 200
        return len(captured)

    cost()
    few = cost()
    for number in range(8):
        profile = create_member(f"more{number}").profile
        profile.skills.create(skill="first-aid")
        Profile.objects.filter(pk=profile.pk).update(
            **{
                field: getattr(shown, field)
                for field in ("causes", "roles_offered", "languages", "country")
            },
            slots=shown.slots,
            audience=shown.audience,
        )
    assert cost() <= few + 2  # who is new today is written down, together
    assert len(found(cast.lead, **asked)) == 9
    assert cost() == few
