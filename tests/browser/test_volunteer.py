"""After an attack somebody without an account says what they can do, in three screens.

Until the mailed link was opened, nobody is told of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Window
from tests.browser.steps import choose, link_in, post_need
from tools.demo_site import Site

QUICKEST = 3.0  # seconds: what is sent in less is asked about once more
DETAIL = "Visserskaai 44, at 17:40, ring twice"
CONSENT = (
    "By pressing the button I say that I am 18 or over, and agree that what I filled "
    "in is stored and compared with what projects need."
)
ARABIC = re.compile("[\u0621-\u064a]{3}")
NOBODY = "Nobody fits yet"


@dataclass
class Form:
    """The three screens, with the questions that they asked."""

    page: Page
    asked: list[list[str]] = field(default_factory=list)
    begun: float = 0.0

    @staticmethod
    def open(page: Page) -> Form:
        page.goto("/")
        page.get_by_role("link", name="After the attack on the Harbour Market").click()
        page.get_by_role("link", name="Register your skills").click()
        return Form(page)

    def on_screen(self, number: int) -> None:
        """One of three, with its questions."""
        expect(self.page.get_by_text(f"Step {number} of 3")).to_be_visible()
        self.begun = self.begun or monotonic()
        labels = self.page.locator("form > .field").locator("legend, > label")
        self.asked.append([it.split(" (")[0] for it in labels.all_inner_texts()])

    def go_on(self) -> None:
        self.page.get_by_role("button", name="Continue").click()

    def send(self) -> None:
        unhurried(self.page, self.begun)
        self.page.get_by_role("button", name="Register my help").click()
        title = self.page.get_by_role("heading", level=1)
        expect(title).to_have_text("Thank you. You are registered.")

    def count_questions(self) -> None:
        """Five: the ticks of the first screen are a second way to answer it."""
        assert self.asked == [
            ["In your own words", "Or tick what is often needed"],
            ["Which languages do you speak?", "In or near which town?"],
            ["When could you help?", "Your e-mail address"],
        ]


def unhurried(page: Page, begun: float) -> None:
    page.wait_for_timeout(max(0.0, begun + QUICKEST - monotonic()) * 1000)


@pytest.mark.parametrize(
    ("viewport", "language"),
    [
        pytest.param(PHONE, "Icelandic", id="390"),
        pytest.param(WIDE, "Maltese", id="1280"),
    ],
)
def test_volunteer_offers_help_and_nobody_is_told_before_the_link_is_opened(
    window: Window, viewport: dict[str, int], language: str, site: Site
) -> None:
    title = f"A choir that sings in {language}"
    mail = f"singer-{viewport['width']}@example.org"
    lead = window("mirte", viewport=viewport)
    post_need(
        lead,
        title=title,
        skill="Singing and choirs",
        language=language,
        detail=DETAIL,
        project="Kitchen on the Quay",
    )
    expect(lead.get_by_text(NOBODY)).to_be_visible()

    page = window(viewport=viewport)
    offers_help(page, language, mail)
    sees_needs_with_reasons(page, title)
    lead.reload()
    expect(lead.get_by_text(NOBODY)).to_be_visible()

    opens_the_link(page, link_in(site.mails_to(mail)[0]))
    lead.reload()
    expect(lead.get_by_text(NOBODY)).to_be_visible()
    page.get_by_role("button", name="Yes, this was me").click()
    expect(page.get_by_text("Confirmed.")).to_be_visible()
    lead.reload()
    expect(lead.get_by_role("heading", name="A volunteer")).to_have_count(1)
    assert mail not in lead.content()

    edits(page)
    second_says_nothing_before_its_link(window, page, lead, mail, site)
    erases(page, lead)
    gone = page.goto(link_in(site.mails_to(mail)[-1]))
    assert gone is not None
    assert gone.status == 404


def offers_help(page: Page, language: str, mail: str) -> None:
    form = Form.open(page)
    form.on_screen(1)
    choose(page, "In your own words", "Singing and choirs")
    page.get_by_role("combobox").press_sequentially("survivors")
    page.get_by_role("option", name=re.compile("^Support for survivors")).click()
    for chosen in ("Singing and choirs", "Support for survivors"):
        expect(page.get_by_role("button", name=f"Remove {chosen}")).to_be_visible()
    form.go_on()

    form.on_screen(2)
    expect(page.get_by_role("button", name="Remove English")).to_be_visible()
    choose(page, "Which languages do you speak?", language)
    expect(page.get_by_text("within 25 km")).to_be_visible()
    choose(page, "In or near which town?", "Ostend")
    form.go_on()

    form.on_screen(3)
    form.count_questions()
    page.get_by_label("Any time").check()
    page.get_by_label("Your e-mail address").fill(mail)
    expect(page.get_by_text(CONSENT, exact=True)).to_be_visible()
    form.send()


def sees_needs_with_reasons(page: Page, title: str) -> None:
    """Up to three, each named and with its reasons; of a place only the town."""
    cards = page.locator("main article.match")
    assert 1 <= cards.count() <= 3
    for card in cards.all():
        expect(card.get_by_role("heading")).not_to_be_empty()
        assert card.locator("ul.reasons li").count() >= 1
    ours = cards.filter(has_text=title)
    expect(ours).to_contain_text("Kitchen on the Quay, Ostend")
    ours.get_by_role("link", name=title).click()
    expect(page.get_by_text("Ostend, Belgium").first).to_be_visible()
    for secret in ("Visserskaai", "17:40"):
        assert secret not in page.content()


def opens_the_link(page: Page, link: str) -> None:
    """It moves out of the address, and opening it, even twice, changes nothing."""
    token = link.rstrip("/").rsplit("/", 1)[1]
    for _ in range(2):
        page.goto(link)
        expect(page).to_have_url(re.compile("/registration/$"))
        assert token not in page.content()
        expect(page.get_by_role("button", name="Yes, this was me")).to_be_visible()


def edits(page: Page) -> None:
    """What was not asked is preset here, and can be changed."""
    page.get_by_text("How well you can do it").click()
    level = page.get_by_label(re.compile("^Singing and choirs"))
    expect(level.locator("option:checked")).to_have_text("Confident")
    remote = page.get_by_label("I can also help by phone or online")
    expect(remote).to_be_checked()
    distance = page.get_by_label("How far you travel").locator("option:checked")
    expect(distance).to_have_text("25 km")
    level.select_option(label="Expert")
    remote.uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(remote).not_to_be_checked()
    page.get_by_text("How well you can do it").click()
    expect(level.locator("option:checked")).to_have_text("Expert")


def second_says_nothing_before_its_link(
    window: Window, page: Page, lead: Page, mail: str, site: Site
) -> None:
    before = len(site.mails_to(mail))
    other = window(java_script_enabled=False)
    registers_plainly(other, "cooking", mail)
    page.reload()
    expect(page.get_by_role("button", name="Remove Cooking")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove Singing and choirs")).to_be_visible()
    lead.reload()
    expect(lead.get_by_role("heading", name="A volunteer")).to_have_count(1)

    other.goto(link_in(newest(site, mail, more_than=before)))
    other.get_by_role("button", name="Yes, this was me").click()
    page.reload()
    expect(page.get_by_role("button", name="Remove Cooking")).to_be_visible()
    expect(page.get_by_role("button", name="Remove Singing and choirs")).to_have_count(
        0
    )


def registers_plainly(page: Page, offers: str, mail: str) -> None:
    """Without a script: words with commas between."""
    form = Form.open(page)
    form.on_screen(1)
    page.get_by_label("In your own words").fill(offers)
    form.go_on()
    form.on_screen(2)
    expect(page.get_by_label("Which languages do you speak?")).to_have_value("English")
    page.get_by_label("In or near which town?").fill("Ostend")
    form.go_on()
    form.on_screen(3)
    form.count_questions()
    page.get_by_label("Weekday evenings").check()
    page.get_by_label("Your e-mail address").fill(mail)
    form.send()


def newest(site: Site, mail: str, *, more_than: int) -> EmailMessage:
    until = monotonic() + 15
    while len(found := site.mails_to(mail)) <= more_than:
        assert monotonic() < until
    return found[0]


def erases(page: Page, lead: Page) -> None:
    page.get_by_text("Erase my registration").click()
    page.get_by_role("button", name="Erase it now").click()
    expect(page.get_by_text("Your registration is erased")).to_be_visible()
    lead.reload()
    expect(lead.get_by_text(NOBODY)).to_be_visible()


def test_volunteer_goes_the_whole_way_without_javascript(
    window: Window, viewport: dict[str, int], site: Site
) -> None:
    mail = f"plain-{viewport['width']}@example.org"
    page = window(viewport=viewport, java_script_enabled=False)
    registers_plainly(page, "cooking, young people", mail)
    cards = page.locator("main article.match")
    assert 1 <= cards.count() <= 3
    expect(cards.first).to_contain_text("It asks for Cooking, which you offer")

    opens_the_link(page, link_in(site.mails_to(mail)[0]))
    page.get_by_role("button", name="Yes, this was me").click()
    expect(page.get_by_text("Confirmed.")).to_be_visible()
    page.get_by_label("How far you travel").select_option(label="50 km")
    page.get_by_label("What you can do and what you care about").fill("singing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    distance = page.get_by_label("How far you travel").locator("option:checked")
    expect(distance).to_have_text("50 km")
    page.get_by_text("Erase my registration").click()
    page.get_by_role("button", name="Erase it now").click()
    expect(page.get_by_text("Your registration is erased")).to_be_visible()


def test_volunteer_goes_the_whole_way_in_arabic(
    window: Window, viewport: dict[str, int], site: Site
) -> None:
    mail = f"arabic-{viewport['width']}@example.org"
    page = window(viewport=viewport)
    page.goto("/")
    page.locator("details.lang summary").click()
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator('main a[href$="/appeals/harbour-market/"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ARABIC)
    page.locator("main a.btn").click()

    send = page.get_by_role("main").locator("button[type=submit]")
    arabic_screen(page)
    begun = monotonic()
    page.get_by_role("combobox").press_sequentially("ترجمة")
    page.get_by_role("option").first.click()
    send.click()
    arabic_screen(page)
    expect(page.locator("ul.picks").first).to_contain_text("العربية")
    page.get_by_role("combobox").last.fill("أوستند")
    page.get_by_role("option").first.click()
    send.click()
    arabic_screen(page)
    expect(page.get_by_text("18").first).to_be_visible()
    page.get_by_role("checkbox").last.check()
    page.locator("input[type=email]").fill(mail)
    unhurried(page, begun)
    send.click()
    expect(page).to_have_url(re.compile("/ar/help/harbour-market/done/$"))
    expect(page.locator("main ul.reasons li").first).to_be_visible()

    page.goto(link_in(site.mails_to(mail)[0]))
    expect(page).to_have_url(re.compile("/ar/registration/$"))
    assert ARABIC.search(site.mails_to(mail)[0]["subject"])
    page.locator("button[name=confirm]").click()
    expect(page.locator("button[name=confirm]")).to_have_count(0)


def arabic_screen(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_have_text(ARABIC)
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not page.evaluate(wide)


def test_volunteer_is_told_what_to_look_at_and_keeps_the_words(
    window: Window, viewport: dict[str, int]
) -> None:
    page = window(viewport=viewport)
    form = Form.open(page)
    form.go_on()
    is_told(page, "Name one thing that you can do, or tick one below.")
    page.get_by_role("combobox").fill("zither repairs")
    form.go_on()
    is_told(page, "“zither repairs” is not in our list.")
    expect(page.get_by_role("combobox")).to_have_value("zither repairs")
    page.get_by_label("Listening").check()
    page.get_by_label("Go on without the words that are not in the list").check()
    form.go_on()

    page.get_by_role("combobox", name="Which languages").fill("Klingonese")
    page.get_by_role("combobox", name="In or near which town?").fill("Nowhereville")
    form.go_on()
    is_told(page, "We do not know the language “Klingonese”.")
    is_told(page, "We do not find this town.")
    town = page.get_by_role("combobox", name="In or near which town?")
    expect(town).to_have_value("Nowhereville")
    languages = page.get_by_role("combobox", name="Which languages")
    expect(languages).to_have_value("Klingonese")
    expect(page.get_by_role("button", name="Remove English")).to_be_visible()
    languages.fill("")
    town.fill("Ostend")
    form.go_on()

    page.get_by_label("Your e-mail address").fill("somebody at example")
    page.get_by_role("button", name="Register my help").click()
    is_told(page, "Tick at least one.")
    is_told(page, "Enter a valid email address.")
    mail = page.get_by_label("Your e-mail address")
    expect(mail).to_have_value("somebody at example")
    page.get_by_role("link", name=re.compile("^Your e-mail address")).click()
    expect(mail).to_be_focused()
    expect(page).to_have_url(re.compile("/help/harbour-market/"))


def is_told(page: Page, words: str) -> None:
    """At the head of the page, where the focus goes, with a way to the field."""
    summary = page.get_by_role("group", name=re.compile("things? to look at$"))
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link").filter(has_text=words)).to_be_visible()
