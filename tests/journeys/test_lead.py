"""A lead says what is needed, sees who fits and why, asks one, and hears a yes."""

from __future__ import annotations

import re

from network.words import isolated
from tests.journeys.reading import Page, Visitor, words
from tests.journeys.signing_in import sign_in

TITLE = "Somebody between two doors"
DETAIL = "Visserskaai 44, at 17:40, ring twice"
HELLO = "Good evening. Monday suits me."
BAND = re.compile("(Strong|Good|Possible) match")


def post_need(lead: Visitor) -> Page:
    lead.follows("Steady Hands")
    lead.follows("Say what you need")
    return lead.presses(
        "See who fits",
        title=TITLE,
        description="Two families share one wall.",
        skills="Mediation",
        languages="Hausa",
        is_remote=True,
        meeting_detail=DETAIL,
    )


def test_a_need_is_posted_and_somebody_asked_says_yes() -> None:
    lead = sign_in("mirte")
    page = post_need(lead)
    assert page.heading == f"People for “{isolated(TITLE)}”"
    cards = page.all("//main//article[contains(@class, 'match')]")
    assert words(cards[0].find(".//h2")).startswith("Samuel O.")
    for card in cards:
        assert BAND.search(words(card))
        assert 1 <= len(card.xpath(".//ul[contains(@class, 'reasons')]/li")) <= 3
    assert "Offers Mediation, which you asked for" in words(cards[0])
    assert "Speaks Hausa, which you asked for" in words(cards[0])

    lead.presses("Invite: Samuel O.")
    asked = lead.page.all("//section[@aria-labelledby='asked']")
    assert "Samuel O." in words(asked[0])
    lead.follows("See who fits")
    assert "Invited, waiting for an answer" in lead.page.main

    samuel = sign_in("samuel")
    samuel.follows("1 invitation waits for your answer")
    samuel.follows(TITLE)
    assert "Visserskaai" not in samuel.page.text
    assert "17:40" not in samuel.page.text
    samuel.presses("Yes, I would")
    assert "You have both said yes." in samuel.page.main
    assert DETAIL in samuel.page.main
    samuel.follows("Open messages")
    samuel.presses("Open the conversation")
    assert samuel.page.heading == "Mirte V."
    samuel.presses("Send", body=HELLO)

    lead.follows("Me", "//header")
    lead.follows("Steady Hands")
    lead.follows(TITLE)
    lead.follows("Offers and invitations")
    agreed = lead.page.all("//section[@aria-labelledby='agreed']")
    assert "Samuel O." in words(agreed[0])
    assert "1 of 1 places taken" in lead.page.main
    lead.follows("Open messages", "//section[@aria-labelledby='agreed']")
    assert HELLO in lead.page.main


def test_a_need_sent_twice_is_one_need() -> None:
    lead = sign_in("mirte")
    lead.follows("Steady Hands")
    lead.follows("Say what you need")
    sent = lead.filled(
        "See who fits",
        title=TITLE,
        description="Two families share one wall.",
        skills="Mediation",
        languages="Hausa",
        is_remote=True,
    )
    first, second = lead.sends(*sent).address, lead.sends(*sent).address
    assert first == second
    lead.follows("Steady Hands")
    assert [said for said, _at in lead.page.links("//main")].count(TITLE) == 1


def test_what_is_missing_is_said_at_the_field_and_nothing_is_lost() -> None:
    lead = sign_in("mirte")
    lead.follows("Steady Hands")
    lead.follows("Say what you need")
    page = lead.presses("See who fits", title=TITLE, languages="Hausa", is_remote=True)
    assert page.status == 422
    assert "Name at least one skill" in page.main
    assert page.form("See who fits")[0].fields["title"] == TITLE
