"""Every page that the project shows: its template, who sees it, and how to get there.

A page's address is a path, or the name of a place that `tools.staging_rows` has made.
Some need a step before them: what is done on the page of that address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Locator, Page

from tests.scale import SCALE, is_one_of
from tools.staging import Stage

ROOMS = ("network", "profiles", "projects", "messaging", "cms", "search", "moderation")
BASE = Path(settings.BASE_DIR)

Step = Callable[[Page, Stage], None]


@dataclass(frozen=True)
class Place:
    """`arabic` is "" where there is no Arabic page of its own, `/ar` + path without."""

    template: str
    who: str
    address: str
    before: Step | None = None
    arabic: str | None = None
    note: str = ""

    @property
    def name(self) -> str:
        who = f"-{self.who}" if self.who else ""
        return f"{self.template}{who}{self.note}".replace("/", ".")

    @property
    def is_constant(self) -> bool:
        """The same bytes whatever the language: it speaks all of ours at once."""
        return self.template in {"404.html", "404_link.html"}

    def path(self, stage: Stage, *, language: str = "en") -> str:
        """ "" where the page does not exist in this language."""
        path = stage.places.get(self.address, self.address)
        if language == "en":
            return path
        if self.arabic is None:
            return f"/ar{path}"
        return stage.places.get(self.arabic, self.arabic)


def send_empty(page: Page, stage: Stage) -> None:
    """The form with everything wrong: an error summary, and errors at the fields."""
    send_this_empty(page.locator("main form").last)


def send_first_empty(page: Page, stage: Stage) -> None:
    send_this_empty(page.locator("main form").first)


def send_this_empty(form: Locator) -> None:
    page = form.page
    form.evaluate(
        """form => {
          form.noValidate = true;
          const fields = form.querySelectorAll("input:not([type=hidden]), textarea");
          for (const field of fields)
            if (["checkbox", "radio"].includes(field.type)) field.checked = false;
            else field.value = "";
          form.requestSubmit(form.querySelector("button:not([name], [type=button])"));
        }"""
    )
    page.locator(".error-summary").wait_for()
    page.wait_for_load_state()  # it is there before the styles are


def send_too_often(page: Page, stage: Stage) -> None:
    """For one address; five in a minute are allowed."""
    form = page.url
    for _time in range(6):
        page.goto(form)
        page.locator("input[type=email]").fill("walker@example.org")
        with page.expect_navigation():
            page.locator("main form").last.evaluate("form => form.requestSubmit()")
        if "/done/" not in page.url:
            return


def give_password(page: Page, stage: Stage) -> None:
    if "2fa" in page.url:  # it was given already
        return
    page.locator("[name=login]").fill("tomas@demo.waymark.example")
    page.locator("[name=password]").fill(stage.site.password)
    page.locator("main form").first.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/2fa/authenticate/")


def send_without_token(page: Page, stage: Stage) -> None:
    page.evaluate(
        """document.querySelector("main form [name=csrfmiddlewaretoken]").remove();
        document.querySelector("main form").noValidate = true;
        document.querySelector("main form").submit();"""
    )
    page.get_by_role("heading", name="That is not possible").wait_for()
    page.wait_for_load_state()


def send_signed_out(page: Page, stage: Stage) -> None:
    """Words of somebody whose session has ended: they come back."""
    page.evaluate(
        """() => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = location.pathname.replace("accounts/login", "projects/new");
          const token = document.querySelector("main [name=csrfmiddlewaretoken]");
          const fields = {
            csrfmiddlewaretoken: token.value,
            title: "A bench by the school",
            summary: "Two hours a week on a bench, for whoever sits down.",
          };
          for (const [name, value] of Object.entries(fields)) {
            const field = document.createElement("textarea");
            field.name = name;
            field.value = value;
            form.append(field);
          }
          document.body.append(form);
          form.submit();
        }"""
    )
    page.locator("main blockquote").first.wait_for()
    page.wait_for_load_state()


def show_500(page: Page, stage: Stage) -> None:
    """As a server shows it whose templates do not work; its files are there."""
    show(page, (BASE / "network/templates/500.html").read_text())


def show_400(page: Page, stage: Stage) -> None:
    """Where DEBUG is on, Django shows a page of its own instead."""
    show(page, render_to_string("400.html"))


def show_not_ready(page: Page, stage: Stage) -> None:
    """The worker builds a pack within seconds: this is what was seen before it."""
    show(page, (stage.site.folder / "not-ready.html").read_text())


def show(page: Page, body: str) -> None:
    page.route(
        "**/shown/", lambda route: route.fulfill(body=body, content_type="text/html")
    )
    page.goto("/shown/")
    page.unroute("**/shown/")


def erase_registration(page: Page, stage: Stage) -> None:
    page.locator("details:has([action*='registration/erase']) summary").click()
    page.locator("form[action*='registration/erase'] button").click()
    page.wait_for_load_state()


def prove(page: Page, stage: Stage) -> None:
    """The password once more, which these pages ask for unless it was just given."""
    if "reauthenticate" not in page.url:
        return
    page.locator("input[type=password]").fill(stage.site.password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)


def erase_account(page: Page, stage: Stage) -> None:
    prove(page, stage)
    form = page.locator("main form")
    for box in form.get_by_role("checkbox").all():
        box.check()
    form.get_by_role("button").last.click()
    page.wait_for_load_state()


PUBLIC = [
    Place("cms/home.html", "", "/"),
    Place("cms/story.html", "", "story", arabic="story in Arabic"),
    Place("cms/pack.html", "", "pack", arabic="/ar/library/al-makan-al-khali/"),
    Place("cms/practice.html", "", "practice", arabic=""),
    Place("cms/appeal.html", "", "appeal", arabic="/ar/appeals/harbour-market/"),
    Place("cms/appeals.html", "", "/appeals/"),
    Place("cms/standard.html", "", "/privacy/", arabic="/ar/about/"),
    Place("cms/gone.html", "", "gone", arabic=""),
    Place("cms/pack_not_ready.html", "", "/offline/", show_not_ready, arabic=""),
    Place("search/stories.html", "", "/stories/"),
    Place("search/stories.html", "", "/stories/?q=nothing+like+this", note="-none"),
    Place("search/library.html", "", "/library/"),
    Place("search/practices.html", "", "/practices/"),
    Place("search/site.html", "", "/search/"),
    Place("search/site.html", "", "/search/?q=school", note="-found"),
    Place("projects/list.html", "", "/projects/"),
    Place("projects/detail.html", "", "project"),
    Place("projects/need_detail.html", "", "need"),
    Place("projects/get_involved.html", "", "/get-involved/"),
    Place("moderation/danger.html", "", "/in-danger/"),
    Place("moderation/thanks.html", "", "/report/thanks/"),
    Place("moderation/report.html", "", "report story"),
    Place("profiles/join_begin.html", "", "/join/"),
    Place("profiles/under_age.html", "", "/join/under-18/"),
    Place("network/country.html", "", "/country/", arabic=""),
    Place("network/language.html", "", "/language/", arabic=""),
    Place("network/mailbox.html", "", "/mailbox/", arabic=""),
    Place("404.html", "", "/no-such-page/"),
    Place("404_link.html", "", "/registration/open/never-there/"),
    Place("400.html", "", "/offline/", show_400, arabic=""),
    Place("405.html", "", "/theme/", arabic=""),
    Place("resend.html", "", "/accounts/login/", send_signed_out),
    Place("403.html", "", "/accounts/login/", send_without_token, arabic=""),
    Place("500.html", "", "/offline/", show_500, arabic=""),
    Place("offline.html", "", "/offline/", arabic=""),
    Place(
        "network/styleguide_all.html", "", "/styleguide/", arabic="/styleguide/?lang=ar"
    ),
    Place(
        "network/styleguide_wizard.html",
        "",
        "/styleguide/?layout=wizard",
        arabic="/styleguide/?layout=wizard&lang=ar",
    ),
    Place(
        "network/styleguide_inbox.html",
        "",
        "/styleguide/?layout=inbox",
        arabic="/styleguide/?layout=inbox&lang=ar",
    ),
    Place(
        "network/styleguide_staff.html",
        "",
        "/styleguide/?layout=staff",
        arabic="/styleguide/?layout=staff&lang=ar",
    ),
]

HELPING = [
    Place("projects/help_1.html", "", "/help/harbour-market/"),
    Place("projects/help_1.html", "", "/help/harbour-market/", send_empty,
          note="-wrong"),
    Place("projects/help_2.html", "helper", "/help/harbour-market/?step=2"),
    Place("projects/help_3.html", "helper", "/help/harbour-market/?step=3"),
    Place("projects/help_3.html", "helper", "/help/harbour-market/?step=3", send_empty,
          note="-wrong"),
    Place("search/volunteer_result.html", "volunteer", "/help/harbour-market/done/"),
    Place("search/volunteer_result.html", "registered", "/help/harbour-market/done/"),
    Place("projects/help_address.html", "registered", "/help/harbour-market/address/"),
    Place("projects/help_address.html", "registered", "/help/harbour-market/address/",
          send_empty, note="-wrong"),
    Place("profiles/volunteer_edit.html", "volunteer", "/registration/"),
    Place("profiles/volunteer_account.html", "volunteer", "/registration/account/"),
    Place("profiles/volunteer_account.html", "wisher", "/registration/account/"),
    Place("profiles/volunteer_account_begin.html", "wisher",
          "/registration/account/begin/"),
    Place("profiles/own_registration.html", "curious", "/me/registration/"),
    Place("projects/volunteer_answers.html", "volunteer", "/registration/answers/"),
    Place("projects/answer.html", "volunteer", "volunteer answer"),
    Place("profiles/volunteer_erased.html", "leaver", "/registration/",
          erase_registration, arabic=""),
]  # fmt: skip

JOINING = [
    Place("profiles/join_steps.html", "jo", "/join/"),
    *(
        Place("profiles/join_screen.html", "jo", f"/join/?step={step}", note=f"-{step}")
        for step in (1, 2, 3)
    ),
    Place("profiles/join_screen.html", "jo", "/join/?step=2", send_empty,
          note="-wrong"),
    Place("profiles/join_consent.html", "jo", "/join/?step=4"),
    Place("profiles/application_status.html", "marek", "/join/status/"),
    Place("profiles/application_status.html", "ida", "/join/status/",
          note="-declined"),
    Place("profiles/referees.html", "marek", "/join/referees/"),
    Place("profiles/referees.html", "nadia", "/join/referees/", send_empty,
          note="-wrong"),
    Place("profiles/referee.html", "referee", "/speak-for/"),
    Place("profiles/referee.html", "referee", "/speak-for/", send_empty,
          note="-wrong"),
    Place("profiles/invitation.html", "invited", "/invited/"),
    Place("moderation/questions.html", "marek", "/join/questions/"),
]  # fmt: skip

LOST, YOURS = "moderation/lost_access.html", "moderation/lost_access_yours.html"
LOST_ACCESS = [
    Place(LOST, "", "/lost-access/"),
    Place(LOST, "", "/lost-access/", send_empty, note="-wrong"),
    Place("moderation/lost_access_sent.html", "", "/lost-access/sent/"),
    Place(YOURS, "begun", "/lost-access/yours/"),
    Place(YOURS, "begun", "/lost-access/yours/", send_empty, note="-wrong"),
    Place(YOURS, "waiting", "/lost-access/yours/"),
    Place(YOURS, "agreed", "/lost-access/yours/"),
    Place(YOURS, "ready", "/lost-access/yours/"),
    Place(YOURS, "ready", "/lost-access/yours/", send_empty, note="-wrong"),
    Place("moderation/recovery_stop.html", "warned", "/lost-access/stop/"),
    Place("profiles/mail_stop.html", "mailed", "/mails/stop/"),
    Place("profiles/mail_stop.html", "unmailed", "/mails/stop/", note="-stopped"),
    Place("profiles/me.html", "eszter", "/me/"),
]

MEMBERS = [
    Place("profiles/me.html", "leila", "/me/"),
    Place("profiles/profile_edit.html", "leila", "/me/profile/"),
    Place("profiles/profile_edit.html", "leila", "/me/profile/", send_empty,
          note="-wrong"),
    Place("profiles/profile_preview.html", "leila", "/me/preview/"),
    Place("profiles/seen_by.html", "leila", "/me/seen-by/"),
    Place("profiles/seen_by.html", "mirte", "/me/seen-by/", note="-none"),
    Place("profiles/consents.html", "tomas", "/me/consents/"),
    Place("profiles/consent_withdraw.html", "tomas", "consent"),
    Place("profiles/export.html", "leila", "/me/export/", prove),
    Place("profiles/invitations.html", "leila", "/me/invitations/"),
    Place("profiles/buddy.html", "curious", "/me/buddy/"),
    Place("profiles/buddy.html", "curious", "/me/buddy/", send_empty, note="-wrong"),
    Place("profiles/reconfirm.html", "samuel", "/me/stay/"),
    Place("profiles/reconfirm.html", "samuel", "/me/stay/", send_empty, note="-wrong"),
    Place("profiles/pause.html", "leila", "/me/pause/"),
    Place("profiles/erase.html", "leila", "/me/erase/", prove),
    Place("profiles/notices.html", "leila", "/me/notices/"),
    Place("profiles/notifications.html", "leila", "/me/notifications/"),
    Place("profiles/notifications.html", "leila", "/me/notifications/",
          send_first_empty, note="-wrong"),
    Place("profiles/connections.html", "leila", "/connections/"),
    Place("profiles/profile_detail.html", "leila", "person"),
    Place("profiles/connect.html", "leila", "connect"),
    Place("profiles/profile_detail.html", "leila", "mutual", note="-mutual"),
    Place("profiles/introduce.html", "leila", "introduce"),
    Place("profiles/introduce.html", "leila", "introduce", send_empty, note="-wrong"),
    Place("profiles/block.html", "leila", "block"),
    Place("profiles/over_budget.html", "curious", "person"),
    Place("profiles/erased.html", "sol", "/me/erase/", erase_account, arabic=""),
    Place("messaging/list.html", "leila", "/messages/"),
    Place("messaging/list.html", "camille", "/messages/", note="-none"),
    Place("messaging/detail.html", "leila", "conversation"),
    Place("messaging/safety.html", "leila", "safety"),
    Place("messaging/start.html", "leila", "start"),
    Place("search/needs_for_me.html", "tomas", "/matches/"),
    Place("search/peers.html", "leila", "/peers/"),
    Place("search/directory.html", "leila", "/people/"),
    Place("search/directory.html", "leila", "/people/?language=de&role=speak",
          note="-filtered"),
    Place("search/directory.html", "leila", "/people/?q=nobody&role=mentor",
          note="-none"),
    Place("search/directory.html", "leila", "/people/?skill=nonsense", note="-wrong"),
    Place("search/people_for_need.html", "mirte", "matches"),
    Place("search/not_yet.html", "mirte", "not yet"),
    Place("projects/form.html", "mirte", "project edit"),
    Place("projects/form.html", "mirte", "/projects/new/", send_empty, note="-wrong"),
    Place("projects/detail.html", "mirte", "project"),
    Place("projects/need_form.html", "mirte", "need new"),
    Place("projects/need_form.html", "mirte", "need edit", note="-edit"),
    Place("projects/need_detail.html", "tomas", "need"),
    Place("projects/answers.html", "mirte", "answers"),
    Place("projects/my_answers.html", "tomas", "/answers/"),
    Place("projects/answer.html", "tomas", "answer"),
    Place("moderation/my_reports.html", "leila", "/me/reports/"),
    Place("moderation/report.html", "leila", "report"),
    Place("cms/my_stories.html", "tomas", "/me/stories/"),
    Place("cms/my_stories.html", "leila", "/me/stories/"),
    Place("cms/story_step.html", "tomas", "/me/stories/new/", note="-new"),
    Place("cms/story_step.html", "tomas", "/me/stories/new/", send_empty,
          note="-wrong"),
    Place("cms/story_step.html", "tomas", "story note", note="-note"),
    Place("cms/story_step.html", "tomas", "story consent", note="-consent"),
    Place("cms/story_preview.html", "tomas", "story preview"),
    Place("cms/story_preview.html", "tomas", "story proposed", note="-proposed"),
    Place("cms/story_withdraw.html", "tomas", "story withdraw"),
]  # fmt: skip

STAFF = [
    Place("moderation/desk.html", "hanne", "/staff/"),
    Place("moderation/desk.html", "devon", "/staff/"),
    Place("moderation/reports.html", "hanne", "/staff/reports/"),
    Place("moderation/reports.html", "hanne", "/staff/danger/", note="-danger"),
    Place("moderation/report_detail.html", "hanne", "report opened"),
    Place("moderation/report_detail.html", "hanne", "report waiting", note="-danger"),
    Place("moderation/why.html", "hanne", "report past"),
    Place("moderation/vetting.html", "amina", "/staff/vetting/"),
    Place("moderation/take.html", "ruben", "application free"),
    Place("moderation/application.html", "ruben", "application"),
    Place("moderation/application.html", "amina", "application"),
    Place("moderation/interview.html", "amina", "interview"),
    Place("moderation/interview.html", "amina", "interview", send_empty, note="-wrong"),
    Place("moderation/reviews.html", "amina", "/staff/members/"),
    Place("moderation/review.html", "amina", "member review"),
    Place(
        "moderation/review.html", "ruben", "member review", send_empty, note="-wrong"
    ),
    Place("moderation/why.html", "amina", "member review closed", note="-review"),
    Place("moderation/checks.html", "amina", "/staff/checks/"),
    Place("moderation/check.html", "amina", "check"),
    Place("moderation/check.html", "ruben", "check", send_empty, note="-wrong"),
    Place("moderation/check_end.html", "amina", "check end"),
    Place("moderation/own_check.html", "eszter", "/me/check/"),
    Place(
        "moderation/own_check.html", "pernille", "/me/check/", send_empty, note="-wrong"
    ),
    Place("moderation/joining_questions.html", "amina", "/staff/questions/"),
    Place("moderation/joining_question.html", "amina", "/staff/questions/new/"),
    Place(
        "moderation/joining_question.html",
        "amina",
        "joining question",
        send_empty,
        note="-wrong",
    ),
    Place("moderation/bans.html", "amina", "/staff/bans/"),
    Place("moderation/bans.html", "devon", "/staff/bans/"),
    Place("moderation/ban.html", "amina", "ban"),
    Place("moderation/ban_lift.html", "devon", "ban lift"),
    Place("moderation/log.html", "katrin", "application log"),
    Place("moderation/recoveries.html", "amina", "/staff/recoveries/"),
    Place(
        "moderation/recoveries.html",
        "ruben",
        "/staff/recoveries/?show=decided",
        note="-none",
    ),
    Place("moderation/recovery.html", "ruben", "recovery"),
    Place("cms/review_list.html", "camille", "/staff/stories/"),
    Place("cms/review_take.html", "camille", "review take"),
    Place("cms/review.html", "camille", "review"),
    Place("projects/review.html", "camille", "/projects/review/"),
    Place("projects/detail.html", "camille", "project proposed", note="-proposed"),
    Place("projects/detail.html", "mirte", "project returned", note="-returned"),
    Place("network/health.html", "devon", "/health/", arabic=""),
]

ACCOUNTS = [
    Place("account/login.html", "", "/accounts/login/"),
    Place("account/login.html", "", "/accounts/login/", send_empty, note="-wrong"),
    Place("account/signup.html", "", "/accounts/signup/"),
    Place("account/email_confirm.html", "", "/accounts/confirm-email/x/"),
    Place("account/verification_sent.html", "", "/accounts/confirm-email/"),
    Place("account/account_inactive.html", "", "/accounts/inactive/"),
    Place("account/password_reset.html", "", "/accounts/password/reset/"),
    Place("account/password_reset_done.html", "", "/accounts/password/reset/done/"),
    Place("account/password_reset_from_key.html", "",
          "/accounts/password/reset/key/1-set-password/"),
    Place("account/password_reset_from_key_done.html", "",
          "/accounts/password/reset/key/done/"),
    Place("429.html", "", "/accounts/password/reset/", send_too_often),
    Place("account/logout.html", "leila", "/accounts/logout/"),
    Place("account/email_change.html", "leila", "/accounts/email/"),
    Place("account/password_change.html", "leila", "/accounts/password/change/"),
    Place("account/base_reauthenticate.html", "leila", "/accounts/reauthenticate/",
          send_empty, note="-wrong"),
    Place("account/reauthenticate.html", "leila", "/accounts/reauthenticate/"),
    Place("mfa/reauthenticate.html", "leila", "/accounts/2fa/reauthenticate/"),
    Place("mfa/webauthn/reauthenticate.html", "samuel",
          "/accounts/2fa/webauthn/reauthenticate/"),
    Place("mfa/authenticate.html", "halfway", "/accounts/login/", give_password),
    Place("mfa/index.html", "leila", "/accounts/2fa/"),
    Place("mfa/index.html", "samuel", "/accounts/2fa/", note="-key"),
    Place("mfa/recovery_codes/base.html", "leila", "/accounts/2fa/recovery-codes/"),
    Place("mfa/recovery_codes/base.html", "leila",
          "/accounts/2fa/recovery-codes/generate/", note="-new"),
    Place("mfa/totp/base.html", "leila", "/accounts/2fa/totp/deactivate/"),
    Place("mfa/webauthn/base.html", "samuel", "/accounts/2fa/webauthn/"),
    Place("mfa/webauthn/base.html", "leila", "/accounts/2fa/webauthn/add/",
          note="-new"),
    Place("mfa/webauthn/base.html", "samuel", "key", note="-name"),
    Place("usersessions/usersession_list.html", "leila", "/accounts/sessions/"),
]  # fmt: skip

PLACES = [
    *ACCOUNTS,
    *PUBLIC,
    *HELPING,
    *JOINING,
    *LOST_ACCESS,
    *MEMBERS,
    *STAFF,
]

SHOWN = [(place, language) for place in PLACES for language in ("en", "ar")
         if language == "en" or place.arabic != ""]  # fmt: skip
MAIN = [place for place in PLACES if place.name in {
    "cms.home.html", "cms.appeal.html", "cms.story.html", "cms.pack.html",
    "search.stories.html", "search.library.html", "search.practices.html",
    "projects.list.html", "projects.detail.html", "projects.help_1.html",
    "account.login.html", "profiles.me.html-leila", "messaging.list.html-leila",
    "messaging.detail.html-leila", "search.needs_for_me.html-tomas",
    "search.people_for_need.html-mirte", "search.volunteer_result.html-volunteer",
    "moderation.application.html-ruben",
}]  # fmt: skip


def is_looked_at(place: Place, language: str) -> bool:
    """The main pages; of the others some."""
    return place in MAIN or is_one_of(SCALE.pages, f"{place.name} {language}")


LOOKED_AT = [pair for pair in SHOWN if is_looked_at(*pair)]
# what one may look at again and again: the last step of the others leaves nothing
LASTING = [(p, lang) for p, lang in LOOKED_AT if not p.template.endswith("erased.html")]
MAIN_SHOWN = [(place, lang) for place, lang in SHOWN if place in MAIN]

EDITORS = [
    "/cms/",
    "/cms/pages/",
    "/cms/images/",
    "/cms/reports/site-history/",
]


# layouts of allauth that stand in ours
LAYOUTS = ("layouts/", "account/base_", "mfa/base_", "usersessions/base_")


def page_templates() -> set[str]:
    """Templates of the rooms that are a page: in one of our layouts, or alone."""
    found = set()
    for room in ROOMS:
        folder = BASE / room / "templates"
        for file in folder.rglob("*.html"):
            name = str(file.relative_to(folder))
            head = file.read_text().removeprefix('{% extends "')
            if "layouts/" not in name and head.startswith((*LAYOUTS, "<!doctype")):
                found.add(name)
    return found
