"""Somebody wants to help after an attack: three screens, no account, one mail."""

from __future__ import annotations

import pytest
from time_machine import Traveller

from network.models import Notice
from profiles.models import VolunteerRegistration
from tests.journeys.reading import Page, Visitor, link_in, mails_to, words
from tests.journeys.signing_in import sign_in

EMAIL = "ines@mail.example"
# what a person is asked; hidden fields and the one that nobody sees are none of it
ASKED = [{"offers", "common"}, {"languages", "town"}, {"times", "email"}]


def rows() -> list[VolunteerRegistration]:
    """All that came with this address; the demonstration has others."""
    return [row for row in VolunteerRegistration.objects.all() if row.email == EMAIL]


def offer_help(visitor: Visitor, clock: Traveller, **changed: object) -> Page:
    """From the appeal's page to the last screen; leaves the result's page open."""
    given = {"offers": "cooking, Interpreting", "times": ["evenings"]} | changed
    visitor.follows("After the attack on the Harbour Market")
    visitor.follows("Register your skills")
    clock.shift(10)
    visitor.presses("Continue", offers=given["offers"])
    assert visitor.page.form("Continue")[0].fields["languages"] == "English"
    visitor.presses("Continue", town="Ostend, Belgium", languages="English, français")
    clock.shift(10)
    return visitor.presses("Register my help", times=given["times"], email=EMAIL)


def registered(visitor: Visitor, clock: Traveller) -> VolunteerRegistration:
    """And nothing else has happened: returns what is stored."""
    offer_help(visitor, clock)
    [row] = rows()
    return row


def test_five_fields_on_three_screens_and_nothing_stored_before_the_last_button(
    visitor: Visitor, clock: Traveller
) -> None:
    visitor.follows("After the attack on the Harbour Market")
    visitor.follows("Register your skills")
    clock.shift(10)
    buttons = ("Continue", "Continue", "Register my help")
    answers = (
        {"offers": "cooking"},
        {"town": "Ostend, Belgium"},
        {"times": ["any"], "email": EMAIL},
    )
    for number, (button, asked, given) in enumerate(
        zip(buttons, ASKED, answers, strict=True), start=1
    ):
        assert f"Step {number} of 3" in visitor.page.main
        assert rows() == []
        form, _button = visitor.page.form(button)
        kept_from_people = {"csrfmiddlewaretoken", "stamp", "website"}
        assert set(form.fields.keys()) - kept_from_people == asked
        clock.shift(10)
        visitor.presses(button, **given)
    assert len(rows()) == 1
    assert visitor.page.heading == "Thank you. You are registered."


def test_the_last_page_names_up_to_three_needs_each_with_its_reasons(
    visitor: Visitor, clock: Traveller
) -> None:
    page = offer_help(visitor, clock)
    cards = page.all("//main//article[contains(@class, 'match')]")
    assert 1 <= len(cards) <= 3
    for card in cards:
        assert card.xpath(".//h2|.//h3")
        assert 1 <= len(card.xpath(".//ul[contains(@class, 'reasons')]/li")) <= 3
    text = " ".join(words(card) for card in cards)
    assert "which you offer" in text or "which you speak" in text, text


def test_no_page_speaks_to_a_volunteer_of_a_profile(
    visitor: Visitor, clock: Traveller
) -> None:
    """They have none: a registration, behind the link of their mail."""
    page = offer_help(visitor, clock)
    assert "because of what you said in your registration" in page.main
    pages = [page.main]
    pages += [visitor.opens(at).main for _said, at in page.links("//main//article")]
    [letter] = mails_to(EMAIL)
    pages += [letter, visitor.opens(link_in(letter)).main]
    pages.append(visitor.presses("Yes, this was me").main)
    pages.append(visitor.opens("/registration/answers/").main)
    assert len(pages) > 5
    assert not [text for text in pages if "profile" in text.lower()]


def test_the_mailed_link_opens_what_was_said_and_only_its_button_confirms(
    visitor: Visitor, clock: Traveller
) -> None:
    row = registered(visitor, clock)
    [letter] = mails_to(EMAIL)
    assert "cooking" not in letter.lower()
    link = link_in(letter)
    token = link.rstrip("/").rsplit("/", 1)[1]
    at_home = Visitor()
    for _scanner_then_person in range(2):
        page = at_home.opens(link)
        assert page.address == "/registration/"
        assert token not in page.text
        assert rows() == [row]
        assert rows()[0].version == row.version
        assert rows()[0].confirmed_at is None
    form, _button = page.form("Save and confirm")
    assert form.fields["languages"] == "English, French"
    at_home.presses("Yes, this was me")
    assert "Confirmed." in at_home.page.main
    assert rows()[0].confirmed_at is not None


def test_what_was_said_is_edited_and_erased_behind_the_link(
    visitor: Visitor, clock: Traveller
) -> None:
    registered(visitor, clock)
    link = link_in(mails_to(EMAIL)[0])
    visitor.opens(link)
    level = {"level_cooking": "10", "travel_km": "50", "is_remote_ok": False}
    save = "Save and confirm"  # it confirms, and says so
    visitor.presses(save, town="Brugge, Belgium", slots=["mon-am"], **level)
    assert "Saved." in visitor.page.main
    [row] = rows()
    assert row.skills["cooking"] == 10
    assert (row.slots, row.travel_km, row.is_remote_ok) == (["mon-am"], 50, False)
    assert visitor.page.form("Save")[0].fields["town"] == "Brugge, Belgium"

    visitor.presses("Erase it now")
    assert rows() == []
    row.refresh_from_db()
    assert (row.skills, row.place, row.slots) == ({}, {}, [])
    assert visitor.opens(link).status == 404


def test_no_lead_is_told_of_a_helper_before_the_link_was_opened(
    visitor: Visitor, clock: Traveller
) -> None:
    told = Notice.objects.count()
    page = offer_help(visitor, clock)
    need = words(page.all("//main//article[contains(@class, 'match')]//h3")[0])
    project = Visitor()
    project.opens(page.link(need))
    name = project.page.all("//main//p/a")[0]
    lead = sign_in(lead_of(words(name)))
    ranking = page_of_ranking(lead, words(name), need)
    before = names_in(ranking)
    visitor.opens(link_in(mails_to(EMAIL)[0]))
    assert names_in(lead.opens(ranking.address)) == before
    assert Notice.objects.count() == told

    visitor.presses("Yes, this was me")
    assert len(names_in(lead.opens(ranking.address))) == len(before) + 1
    assert "Registered to help" in lead.page.main
    assert EMAIL not in lead.page.text


def lead_of(project: str) -> str:
    leads = {
        "mirte": {"Kitchen on the Quay", "Steady Hands", "The Listening Tent",
                  "Sea Wall Voices"},
        "joris": {"Many Tongues Desk", "Stalls Open Again", "Paper Trail"},
    }  # fmt: skip
    return next(name for name, led in leads.items() if project in led)


def page_of_ranking(lead: Visitor, project: str, need: str) -> Page:
    lead.follows(project)
    lead.follows(need)
    return lead.follows("See who fits")


def names_in(page: Page) -> list[str]:
    return [words(each) for each in page.all("//main//article//h2")]


@pytest.mark.parametrize("opens", [False, True])
def test_a_second_registration_changes_nothing_until_its_own_link(
    visitor: Visitor, clock: Traveller, opens: bool
) -> None:
    first = registered(visitor, clock)
    visitor.opens(link_in(mails_to(EMAIL)[0]))
    visitor.presses("Yes, this was me")
    clock.shift(60)
    somebody = Visitor()
    somebody.opens("/")
    offer_help(somebody, clock, offers="football", times=["weekends"])
    first.refresh_from_db()
    assert set(first.skills) == {"cooking", "community-interpreting"}
    assert "sat-am" not in first.slots

    letters = mails_to(EMAIL)
    assert len(letters) == 2
    if opens:
        somebody.opens(link_in(letters[1]))
        first.refresh_from_db()
        assert set(first.skills) == {"cooking", "community-interpreting"}
        somebody.presses("Yes, this was me")
        [first] = rows()
        assert set(first.skills) == {"football"}
        assert "sat-am" in first.slots
    assert first.confirmed_at is not None
