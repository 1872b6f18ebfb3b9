"""Nobody comes in alone, and nobody is let in by one person."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from network.access import NotFound, Refused
from network.models import AuditEntry, Notice, OutboxEntry, OutgoingMail, User
from profiles.actions import admission, joining
from profiles.models import (
    Application,
    ApplicationState,
    ConsentRecord,
    ConsentText,
    ContactGrant,
    Decision,
    Organisation,
    OrganisationMembership,
    Profile,
    Standing,
)
from tests.cast import (
    PASSWORD,
    Cast,
    client_of,
    create_account,
    create_member,
    create_staff,
)
from tests.profiles.conftest import ANSWERS, WAY, applied, approved, set_factor

pytestmark = pytest.mark.django_db


def screens(client: Client) -> None:
    """The first three, as a person fills them without JavaScript."""
    client.post("/join/?step=1", {"kind": "survivor"})
    about = {"pseudonym": "Blue Door", "languages": "English, العربية", "country": "TN"}
    client.post("/join/?step=2", about)
    client.post("/join/?step=3", {"way": WAY})


def hand_in(client: Client, **changed: str) -> int:
    page = client.get("/join/?step=4")
    seen = page.context["form"].mark
    data = {"joining": "on", "special": "on", "age": "adult", "seen": seen, **changed}
    return client.post("/join/?step=4", data).status_code


def test_a_person_applies_screen_by_screen(cast: Cast) -> None:
    person = create_account("blue-door")
    client = client_of(person)
    screens(client)
    draft = Application.objects.get(applicant=person)
    assert draft.answers["languages"] == ["en", "ar"]
    assert draft.state == "draft"
    set_factor(person)
    assert hand_in(client) == 302
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert draft.contact_person in {cast.vetter, cast.second_vetter}
    (seat,) = draft.assignments.all()
    assert seat.vetter == draft.contact_person
    given = ConsentRecord.objects.filter(person=person, withdrawn_at=None)
    assert {row.purpose for row in given} == {"joining", "special-category"}
    page = client.get("/join/status/").content.decode()
    assert "A vetter of this network" in page
    assert WAY not in page


def test_without_a_second_factor_it_is_not_handed_in(cast: Cast) -> None:
    person = create_account("no-factor")
    client = client_of(person)
    screens(client)
    answer = client.get("/join/?step=4")
    assert answer.status_code == 302
    assert answer["Location"] == "/join/"
    assert "/2fa/" in client.get("/join/").content.decode()
    draft = Application.objects.get(applicant=person)
    with pytest.raises(Refused):
        joining.submit_application(application=draft, by=person, language="en")


def test_what_was_answered_stands_there_on_coming_back(cast: Cast) -> None:
    client = client_of(create_account("slow"))
    client.post("/join/?step=1", {"kind": "former"})
    client.post("/join/?step=2", {"pseudonym": "Slow Step", "later": "1"})
    about = {"pseudonym": "Slow Step", "languages": "en", "country": "DE"}
    assert client.post("/join/?step=2", {**about, "later": "1"})["Location"] == "/join/"
    assert "Slow Step" in client.get("/join/?step=2").content.decode()


def test_what_is_not_finished_is_kept_too_and_is_no_answer_yet(cast: Cast) -> None:
    person = create_account("slow")
    client = client_of(person)
    client.post("/join/?step=1", {"later": "1"})
    assert not Application.objects.exists()  # nothing written, nothing stored
    about = {"pseudonym": "Slow Step", "languages": "Klingonish", "country": ""}
    left = client.post("/join/?step=2", {**about, "later": "1"})
    assert left["Location"] == "/join/"
    client.post("/join/?step=3", {"way": "See t.me/door", "later": "1"})

    draft = Application.objects.get(applicant=person)
    assert set(joining.missing_answers(draft)) == {
        "kind",
        "languages",
        "country",
        "way",
    }
    assert "See t.me/door" in client.get("/join/?step=3").content.decode()
    page = client.get("/join/?step=2").content.decode()
    assert "Klingonish" in page
    assert "Slow Step" in page
    refused = client.post("/join/?step=3", {"way": "See t.me/door"})
    assert refused.status_code == 422

    # an answer that is opened again and left half done is none any more
    screens(client)
    draft.refresh_from_db()
    assert joining.missing_answers(draft) == []
    assert joining.UNFINISHED not in draft.answers
    client.post("/join/?step=3", {"way": "No: t.me/no", "later": "1"})
    draft.refresh_from_db()
    assert joining.missing_answers(draft) == ["way"]
    assert "No: t.me/no" in client.get("/join/?step=3").content.decode()


def test_a_short_answer_is_an_answer(cast: Cast) -> None:
    client = client_of(create_account("brief"))
    assert client.post("/join/?step=3", {"way": "I work in it."}).status_code == 302
    assert client.post("/join/?step=3", {"way": " "}).status_code == 422


@pytest.mark.parametrize("way", ["\u200b" * 60, " \u202e\u200f" * 30])
def test_what_nobody_can_see_is_no_answer(cast: Cast, way: str) -> None:
    client = client_of(create_account("unseen"))
    answer = client.post("/join/?step=3", {"way": way})
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


def test_a_text_that_is_too_long_is_not_cut_by_the_browser(cast: Cast) -> None:
    client = client_of(create_account("long"))
    long = "There was much to say. " * 200 + "And the end."
    page = client.post("/join/?step=3", {"way": long})
    assert page.status_code == 422
    assert "And the end." in page.content.decode()
    assert "maxlength" not in page.content.decode()


@pytest.mark.parametrize("name", ["{}", "  {} ", "{}\u200b"])
def test_nobody_joins_under_the_name_of_the_staff(cast: Cast, name: str) -> None:
    Profile.objects.create(user=cast.vetter, pseudonym="Alder Stone")
    client = client_of(create_account("like-her"))
    about = {"languages": "en", "country": "DE"}
    for written in (name.format("Alder Stone"), name.format("ÁLDER stone")):
        answer = client.post("/join/?step=2", {"pseudonym": written, **about})
        assert answer.status_code == 422
        assert "taken for the network" in answer.content.decode()
    other = client.post("/join/?step=2", {"pseudonym": "Alder Field", **about})
    assert other.status_code == 302


def test_a_wrong_answer_is_explained_and_kept(cast: Cast) -> None:
    client = client_of(create_account("typing"))
    data = {"pseudonym": "Stony Path", "languages": "Klingonish", "country": "DE"}
    answer = client.post("/join/?step=2", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Stony Path" in page
    assert "Klingonish" in page


def test_under_18_leaves_no_row(cast: Cast) -> None:
    before = User.objects.count()
    assert Client().get("/join/under-18/").status_code == 200
    assert User.objects.count() == before
    person = create_account("young")
    client = client_of(person)
    screens(client)
    set_factor(person)
    answer = client.post("/join/?step=4", {"age": "minor"})
    assert answer["Location"] == "/join/under-18/"
    assert not Application.objects.filter(applicant=person).exists()
    assert not ConsentRecord.objects.filter(person=person).exists()
    assert not Profile.objects.filter(user=person).exists()


def test_each_consent_is_needed(cast: Cast) -> None:
    person = create_account("half")
    client = client_of(person)
    screens(client)
    set_factor(person)
    assert hand_in(client, special="") == 422
    assert Application.objects.get(applicant=person).state == "draft"
    assert not ConsentRecord.objects.filter(person=person).exists()


def test_a_text_that_changed_meanwhile_is_shown_again(cast: Cast) -> None:
    person = create_account("reader")
    client = client_of(person)
    screens(client)
    set_factor(person)
    seen = client.get("/join/?step=4").context["form"].mark
    ConsentText.objects.create(
        purpose="joining",
        language="en",
        number=1,
        title="Joining",
        body="A new text.",
        text_hash="f" * 64,
    )
    assert hand_in(client, seen=seen) == 422
    page = client.post(
        "/join/?step=4",
        {"joining": "on", "special": "on", "age": "adult", "seen": seen},
    ).content.decode()
    assert "A text has changed" in page
    assert "Seen –" not in page  # a field that nobody sees has no name either
    assert hand_in(client) == 302
    record = ConsentRecord.objects.get(person=person, purpose="joining")
    assert record.text_hash == "f" * 64
    assert record.text.number == 1


def test_handing_in_twice_is_one_application(cast: Cast) -> None:
    application = applied()
    person = application.applicant
    joining.submit_application(application=application, by=person, language="en")
    assert Application.objects.filter(applicant=person).count() == 1
    assert ConsentRecord.objects.filter(person=person).count() == 2
    mails = OutgoingMail.objects.filter(template="application_received")
    assert mails.count() == 1


def test_the_second_yes_admits(cast: Cast) -> None:
    application = applied()
    first = admission.approve_application(
        application=application, by=cast.vetter, reason="Calm."
    )
    assert first.state == "in-review"
    profile = Profile.objects.get(user=application.applicant)
    assert profile.standing == Standing.APPLICANT
    admission.approve_application(
        application=application, by=cast.second_vetter, reason="Yes."
    )
    profile.refresh_from_db()
    assert profile.standing == Standing.PROBATION
    assert profile.vetted_at is not None
    assert profile.kind == "former"
    # whoever they are: a switch that only some begin with would tell it
    assert not profile.is_listed
    assert not profile.is_open_to_contact
    assert profile.way == ""  # what vetters read stays with them
    told = Notice.objects.filter(person=application.applicant)
    assert [notice.kind for notice in told] == ["application_approved"]
    line = OutboxEntry.objects.filter(kind="person", key=str(profile.user_id))
    assert line.exists()
    assert Decision.objects.filter(application=application).count() == 2


def test_a_survivor_begins_unlisted_and_unasked(cast: Cast) -> None:
    application = approved(cast, applied(kind="survivor"))
    profile = Profile.objects.get(user=application.applicant)
    assert not profile.is_listed
    assert not profile.is_open_to_contact
    assert not profile.is_matched


def test_one_vetter_twice_is_one_voice(cast: Cast) -> None:
    application = applied()
    for _press in range(3):
        application = admission.approve_application(
            application=application, by=cast.vetter, reason="Yes."
        )
    assert application.state == "in-review"
    assert Decision.objects.count() == 1


def test_two_noes_decline_and_one_does_not(cast: Cast) -> None:
    application = applied()
    once = admission.decline_application(
        application=application, by=cast.vetter, reason="Unclear."
    )
    assert once.state == "in-review"
    twice = admission.decline_application(
        application=application, by=cast.second_vetter, reason="Unclear."
    )
    assert twice.state == "declined"
    third = create_staff("third-vetter", role=joining.Role.VETTER)
    with pytest.raises(Refused):
        admission.approve_application(application=twice, by=third, reason="Yes.")
    profile = Profile.objects.get(user=application.applicant)
    assert profile.standing == Standing.APPLICANT


def test_a_vetter_who_changes_their_mind_is_told_no(cast: Cast) -> None:
    application = applied()
    admission.approve_application(
        application=application, by=cast.vetter, reason="Yes."
    )
    with pytest.raises(Refused):
        admission.decline_application(
            application=application, by=cast.vetter, reason="No."
        )


def test_who_was_suspended_meanwhile_hands_nothing_in(cast: Cast) -> None:
    person = create_account("meanwhile")
    set_factor(person)
    draft = joining.save_draft(by=person, answers=ANSWERS)
    Profile.objects.create(user=person, standing=Standing.SUSPENDED)
    with pytest.raises(NotFound):
        joining.submit_application(application=draft, by=person, language="en")
    draft.refresh_from_db()
    assert draft.state == ApplicationState.DRAFT
    assert not ContactGrant.objects.exists()
    assert not ConsentRecord.objects.filter(person=person).exists()


def test_only_vetters_decide_and_not_on_themselves(cast: Cast) -> None:
    application = applied()
    for other in (cast.moderator, cast.admin, cast.lead, application.applicant):
        with pytest.raises(NotFound):
            admission.approve_application(application=application, by=other, reason="x")
    own = joining.save_draft(by=cast.vetter, answers=ANSWERS)
    own = joining.submit_application(application=own, by=cast.vetter, language="en")
    assert own.contact_person != cast.vetter
    with pytest.raises(Refused):
        admission.approve_application(application=own, by=cast.vetter, reason="me")


@pytest.mark.parametrize("second", ["vetter", "applicant", None])
def test_the_database_refuses_any_other_approval(
    cast: Cast, second: str | None
) -> None:
    application = applied()
    people = {"vetter": cast.vetter, "applicant": application.applicant, None: None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(
            state="approved",
            first_approver=cast.vetter,
            second_approver=people[second],
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(
            first_approver=application.applicant
        )
    Application.objects.filter(pk=application.pk).update(
        state="approved",
        first_approver=cast.vetter,
        second_approver=cast.second_vetter,
    )


def test_the_database_refuses_a_second_voice_of_one_vetter(cast: Cast) -> None:
    application = applied()
    rows = {"application": application, "vetter": cast.vetter, "reason": "x"}
    Decision.objects.create(answer="approve", **rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(answer="decline", **rows)


def test_taking_it_back_deletes_what_was_written(cast: Cast) -> None:
    application = applied()
    client = client_of(application.applicant)
    assert client.post("/join/withdraw/").status_code == 302
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert application.answers == {}
    assert client.get("/join/status/").status_code == 200
    assert client.get("/join/").status_code == 200  # and may begin again
    given = ConsentRecord.objects.filter(person=application.applicant)
    assert given.count() == 2
    assert not given.filter(withdrawn_at=None).exists()
    mine = client.get("/me/").content.decode()
    assert "Your application is with us." not in mine
    assert "Apply to join" in mine
    assert "/join/status/" in mine


def test_members_and_suspended_people_do_not_apply(cast: Cast) -> None:
    for person in (cast.former, cast.suspended):
        assert client_of(person).get("/join/")["Location"] == "/me/"
        assert client_of(person).post("/join/?step=1", {"kind": "former"}).url == "/me/"
        with pytest.raises(Refused):
            joining.save_draft(by=person, answers=ANSWERS)


def test_the_reason_is_stored_sealed_and_audited(cast: Cast) -> None:
    application = applied()
    admission.approve_application(
        application=application, by=cast.vetter, reason="a heron told me"
    )
    entry = AuditEntry.objects.get(action="application approve")
    assert entry.actor == cast.vetter.pk
    for model, name in ((Decision, "reason"), (AuditEntry, "reason")):
        stored = "".join(str(each) for each in model.objects.values_list(name))
        assert "heron" not in stored
    stored = str(Application.objects.values_list("answers"))
    assert WAY not in stored


def test_others_do_not_see_an_application(cast: Cast) -> None:
    applied("harbour2", pseudonym="Harbour Two")
    client = client_of(create_member("curious"))
    assert client.get("/join/status/").status_code == 302
    assert Client().get("/join/status/").status_code == 302


def arrival(person: User) -> str:
    """The page that signing in leads to."""
    person.set_password(PASSWORD)
    person.save()
    form = {"login": person.email, "password": PASSWORD}
    answer = Client().post("/accounts/login/", form, follow=True)
    return str(answer.redirect_chain[-1][0])


def test_signing_in_leads_to_the_application_until_there_is_one(cast: Cast) -> None:
    person = create_account("newly-come")
    assert arrival(person) == "/join/"
    joining.save_draft(by=person, answers=ANSWERS)
    assert arrival(person) == "/me/"


def test_signing_in_leads_members_and_partners_to_their_page(cast: Cast) -> None:
    partner = create_account("partner")
    organisation = Organisation.objects.create(name="Harbour Aid", slug="harbour-aid")
    OrganisationMembership.objects.create(organisation=organisation, person=partner)
    for person in (cast.former, cast.suspended, cast.newcomer, partner):
        assert arrival(person) == "/me/"


def test_staff_without_a_profile_are_not_sent_to_apply(cast: Cast) -> None:
    assert client_of(cast.dpo).get("/me/arrive/")["Location"] == "/me/"


def test_nobody_is_admitted_under_the_name_of_a_member(cast: Cast) -> None:
    create_member("harbour-first")
    Profile.objects.filter(pseudonym="Harbour-First").update(pseudonym="Harbour Light")
    application = approved(cast, applied())
    profile = Profile.objects.get(user=application.applicant)
    assert profile.pseudonym == "Harbour Light 2"
    client = client_of(application.applicant)
    assert "Harbour Light 2" in client.get("/join/status/").content.decode()
    Profile.objects.filter(pk=profile.pk).update(pseudonym="Other Light")
    assert "Change the name" not in client.get("/join/status/").content.decode()


def test_the_helplines_are_those_of_the_country_that_was_given(cast: Cast) -> None:
    application = applied(country="AT")
    assert User.objects.get(pk=application.applicant_id).country == "AT"
