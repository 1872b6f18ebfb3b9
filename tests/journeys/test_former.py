"""A former comes in: two people say yes, then one survivor does; then they write."""

from __future__ import annotations

import pytest

from network.models import User
from tests.journeys.reading import Page, Visitor, link_in, mails_to, words
from tests.journeys.signing_in import sign_in
from tests.network.signing_in import code_of

EMAIL, PASSWORD = "harbour@mail.example", "three cairns past a long walk"
WAY = "I left four years ago, and would like to be of use to those who are leaving."
NOTE = "I read what you said about sewing."
HELLO, ANSWER = "Good evening. Which thread do you use?", "The red one, always."


def sign_up(visitor: Visitor) -> None:
    """To an account whose address is confirmed, signed in."""
    visitor.follows("Get involved", "//header")
    visitor.follows("Join the network")
    visitor.follows("I am 18 or over: begin")
    visitor.presses("Continue", email=EMAIL, password1=PASSWORD)
    visitor.opens(link_in(mails_to(EMAIL)[-1]))
    visitor.presses("Yes, confirm")
    visitor.presses("Sign in", login=EMAIL, password=PASSWORD)


def answer_questions(visitor: Visitor) -> None:
    visitor.follows("Go on with the questions")
    visitor.presses("Continue", kind="former")
    visitor.presses(
        "Continue",
        pseudonym="Harbour Light",
        languages="English, العربية",
        country="SE",
    )
    visitor.presses("Continue", way=WAY)


def set_a_second_factor(visitor: Visitor) -> None:
    page = visitor.follows("Set a second factor")
    [secret] = page.all("//textarea[@id='authenticator_secret']/text()")
    visitor.presses("Set it up", code=code_of(secret.strip()))
    assert visitor.page.heading == "Recovery codes"
    visitor.follows("Me", "//header")
    visitor.follows("Go on with it")


def hand_in(visitor: Visitor) -> Page:
    visitor.follows("Read, agree and hand in")
    yes = {"joining": True, "special": True, "age": "adult"}
    return visitor.presses("Hand in my application", **yes)


def approve(name: str) -> Visitor:
    """A vetter finds the application on the desk and says yes."""
    vetter = sign_in(name)
    vetter.follows("Desk", "//header")
    vetter.follows("Applications", "//main")
    *_before, line = [
        said for said, _at in vetter.page.links("//main//ul[@class='threads queue']")
    ]
    vetter.follows(line)
    if WAY not in vetter.page.main:  # who is the contact has it already
        vetter.presses("Take it and read it")
    assert WAY in vetter.page.main
    vetter.presses("Approve", reason="Clear and calm.")
    return vetter


@pytest.fixture
def applicant(visitor: Visitor) -> Visitor:
    sign_up(visitor)
    answer_questions(visitor)
    set_a_second_factor(visitor)
    hand_in(visitor)
    return visitor


@pytest.fixture
def newcomer(applicant: Visitor) -> Visitor:
    approve("amina")
    approve("ruben")
    applicant.opens(link_in(mails_to(EMAIL)[-1]))
    applicant.follows("To my page")
    return applicant


def test_the_account_begins_only_at_the_button_behind_the_mail(
    visitor: Visitor,
) -> None:
    visitor.follows("Get involved", "//header")
    visitor.follows("Join the network")
    visitor.follows("I am 18 or over: begin")
    visitor.presses("Continue", email=EMAIL, password1=PASSWORD)
    link = link_in(mails_to(EMAIL)[-1])
    Visitor().opens(link)
    early = Visitor()
    early.opens("/")
    early.follows("Sign in", "//header")
    early.presses("Sign in", login=EMAIL, password=PASSWORD)
    assert early.page.heading != "Your application"
    visitor.opens(link)
    visitor.presses("Yes, confirm")
    visitor.presses("Sign in", login=EMAIL, password=PASSWORD)
    assert visitor.page.heading == "Your application"


def test_nothing_is_handed_in_without_both_consents(visitor: Visitor) -> None:
    sign_up(visitor)
    answer_questions(visitor)
    set_a_second_factor(visitor)
    visitor.follows("Read, agree and hand in")
    method, address, sent = visitor.filled(
        "Hand in my application", joining=True, special=True, age="adult"
    )
    del sent["special"]
    assert visitor.sends(method, address, sent).status == 422
    assert "Without this we cannot store it." in visitor.page.main


def test_two_different_vetters_let_a_former_in(applicant: Visitor) -> None:
    assert "It is with us." in applicant.page.main
    own_page = applicant.page.address
    first = approve("amina")
    assert "once a second vetter says the same" in first.page.main
    assert "It is with us." in applicant.opens(own_page).main
    second = approve("ruben")
    assert "Decided by two people." in second.page.main
    letter = mails_to(EMAIL)[-1]
    assert "Harbour" not in letter
    assert "welcome" not in letter.lower()
    assert "Welcome." in applicant.opens(link_in(letter)).main
    assert applicant.follows("To my page").heading == "Harbour Light"


def test_one_vetter_alone_lets_nobody_in(applicant: Visitor) -> None:
    own_page = applicant.page.address
    vetter = approve("amina")
    *_before, line = [
        said for said, _at in vetter.page.links("//main//ul[@class='threads queue']")
    ]
    vetter.follows(line)
    buttons = {words(each) for each in vetter.page.all("//main//button")}
    assert "Approve" not in buttons
    assert "Ask for more" in buttons
    assert "It is with us." in applicant.opens(own_page).main


@pytest.mark.parametrize("stage", ["account", "applicant", "member"])
def test_every_link_that_somebody_sees_on_their_way_in_leads_somewhere(
    visitor: Visitor, stage: str
) -> None:
    sign_up(visitor)
    if stage == "account":
        visitor.follows("To my page")
    else:
        answer_questions(visitor)
        set_a_second_factor(visitor)
        hand_in(visitor)
    if stage == "member":
        approve("amina")
        approve("ruben")
        visitor.opens(link_in(mails_to(EMAIL)[-1]))
        visitor.follows("To my page")
    visitor.follows("Me", "//header")
    ours = {at for _said, at in visitor.page.links() if at.startswith("/")}
    dead = {at for at in ours if visitor.client.get(at, follow=True).status_code != 200}
    assert dead == set()


def test_the_words_after_signing_in_name_no_account(visitor: Visitor) -> None:
    sign_up(visitor)
    person = User.objects.get(email=EMAIL)
    assert str(person) not in visitor.page.text


def test_a_profile_is_filled_in_and_shown_as_its_owner_chose(
    newcomer: Visitor,
) -> None:
    newcomer.follows("Say what you can do")
    newcomer.presses(
        "Save",
        skills="former-mentoring, Cooking",
        town="Malmö, Sweden",
        slots=["sat-am", "sun-pm"],
        is_matched=True,
        is_listed=True,
        audience_slots="private",
    )
    assert "Saved." in newcomer.page.main
    form, _button = newcomer.page.form("Save")
    assert set(form.inputs["slots"].value) == {
        "sat-am",
        "sun-pm",
    }
    newcomer.follows("As others see it")
    assert "Cooking" in newcomer.page.main
    assert "Malmö" not in newcomer.page.text


def ask_leila(newcomer: Visitor) -> Visitor:
    """Returns the survivor before her own page, asked."""
    newcomer.follows("Connections and blocks")
    newcomer.follows("Find members")
    newcomer.follows("Leila")
    newcomer.follows("Ask for contact")
    newcomer.presses("Ask", note=NOTE)
    assert "Waiting for an answer" in newcomer.page.main
    leila = sign_in("leila")
    leila.follows("Open connections")
    assert NOTE in leila.page.main
    return leila


def test_nobody_writes_before_the_survivor_has_said_yes(newcomer: Visitor) -> None:
    leila = ask_leila(newcomer)
    assert "Write" not in newcomer.page.main
    answers = "//section[@aria-labelledby='received']"
    leila.presses("No", answers)
    newcomer.opens(newcomer.page.address)
    assert "Waiting for an answer" in newcomer.page.main  # a no is not told


def test_both_write_once_she_has_said_yes_and_a_form_sent_twice_is_one_message(
    newcomer: Visitor,
) -> None:
    leila = ask_leila(newcomer)
    leila.presses("Yes, connect us")
    leila.follows("Write: Harbour Light")
    leila.presses("Open the conversation")
    sent = leila.filled("Send", body=HELLO)
    for _press in range(2):
        leila.sends(*sent)
    assert bubbles(leila.page) == [HELLO]

    newcomer.opens("/")
    newcomer.follows("Messages", "//header")
    newcomer.follows(conversation_with(newcomer.page, "Leila"))
    assert bubbles(newcomer.page) == [HELLO]
    newcomer.presses("Send", body=ANSWER)
    assert bubbles(leila.opens(leila.page.address)) == [HELLO, ANSWER]


def conversation_with(page: Page, name: str) -> str:
    [line] = [said for said, _at in page.links("//main") if name in said]
    return line


def bubbles(page: Page) -> list[str]:
    return [words(each) for each in page.all("//ol//li[@data-seq]/p")]
