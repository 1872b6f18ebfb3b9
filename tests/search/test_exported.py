"""What is stored about a person is told to them: field by field, or left out for a
reason that stands here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Field, Model
from django.test import Client
from django.utils import timezone

from messaging import actions as messages
from messaging.models import Message, Participant
from moderation.models import AccessRecovery, Report, SafeguardingCheck
from network import notify, parts
from network.models import MailChoice, Pace, User
from profiles import queries
from profiles.actions import volunteers
from profiles.actions.blocks import block_person
from profiles.actions.consent import give_consent
from profiles.models import (
    Application,
    Introduction,
    JoiningQuestion,
    MemberReview,
    Organisation,
    OrganisationMembership,
    ProfileView,
    Purpose,
    ReviewReason,
)
from projects.actions import answers
from projects.models import Answer, Engagement, Need
from search.models import (
    Arrival,
    PeerPassedOver,
    PeerSuggestion,
    Recommendation,
    SeenCard,
)
from tests.cast import client_of
from tests.network.pushing import CANARY, switched_on
from tests.profiles.conftest import ANSWERS, registered, set_factor
from tests.profiles.test_me import confirm_again
from tests.search.test_erased import CANARIES, World
from tests.search.test_erased import world as world

pytestmark = pytest.mark.django_db

# about a row and not about a person, in every table
OF_ANY_ROW = {"id", "version"}
NOT_TOLD = {
    "network.User.password": "a hash that opens the account to whoever guesses",
    "network.User.is_superuser": "nobody is one: roles are groups",
    "network.User.is_active": "whoever reads this is",
    "network.MailChoice.pace_before": "the way back for a press of a button",
    "network.MailChoice.due_at": "when a mail that says nothing is sent",
    "network.MailChoice.created_at": "the choice counts, not when it was made",
    "network.Notice.url": "the address of a page, with keys of others in it",
    "network.Notice.mailed_at": "when a mail that says nothing was sent",
    "network.PushSubscription.endpoint": "its host is told; the rest rings there",
    "network.PushSubscription.endpoint_index": "a mark of that address",
    "network.PushSubscription.asked_at": "when a push that says nothing is sent",
    "network.PushSubscription.next_attempt_at": "when a push that says nothing is sent",
    "network.PushSubscription.failures": "whether its maker answers",
    "account.EmailAddress.id": "of the row",
    "mfa.Authenticator.data": "the secret itself",
    "usersessions.UserSession.session_key": "a way in",
    "usersessions.UserSession.data": "nothing is kept in it",
    "profiles.Profile.created_at": "the account is as old",
    "profiles.ConsentRecord.created_at": "the same moment as `given_at`",
    "profiles.Connection.pair": "the keys of both, again",
    "profiles.Connection.requester": "told as 'you asked'; else another's",
    "profiles.Connection.recipient": "told as 'you were asked'; else another's",
    "profiles.Connection.is_buddy": "what was asked stands in the note",
    "profiles.Introduction.pair": "the keys of both, again",
    "profiles.Introduction.expires_at": "30 days after it was asked",
    "profiles.JoiningQuestion.kinds": "of the question, as staff ask it today",
    "profiles.JoiningQuestion.hints": "of the question",
    "profiles.JoiningQuestion.is_required": "of the question",
    "profiles.JoiningQuestion.position": "of the question",
    "profiles.JoiningQuestion.agreed_at": "another's yes",
    "profiles.JoiningQuestion.retired_at": "of the question",
    "profiles.MemberReview.reminded_at": "when a mail was sent",
    "profiles.ReviewVoice.is_stay": "a vetter's",
    "profiles.ReviewVoice.reason": "a vetter's",
    "profiles.ReviewVoice.created_at": "a vetter's",
    "search.PeerPassedOver.key": "a mark of somebody else",
    "search.PeerSuggestion.place": "of a list",
    "profiles.VolunteerRegistration.email_index": "a mark of the address",
    "profiles.VolunteerRegistration.erased_at": "nothing is left of such a one",
    "profiles.ContactGrant.kind": "told as a connection, a task or an application",
    "profiles.ContactGrant.source": "the key of what it came from",
    "profiles.ContactGrant.ended_at": "told with what it came from",
    "profiles.ContactGrant.created_at": "told with what it came from",
    "profiles.Invitation.expires_at": "72 hours after it was sent",
    "profiles.Invitation.used_at": "whether somebody came is theirs to tell",
    "profiles.Invitation.withdrawn_at": "of a link that is nobody's",
    "profiles.Referee.email": "one's own",
    "profiles.Referee.known_as": "what another calls somebody",
    "profiles.Referee.state": "told by the answer being there",
    "profiles.Referee.reminded_at": "when a mail was sent",
    "profiles.Referee.created_at": "when another named somebody",
    "projects.Answer.decline_reason": "the other side's as often as one's own",
    "projects.Engagement.created_at": "the day is told",
    "messaging.Participant.is_facilitator": "a task of the staff",
    "messaging.Participant.last_read_seq": "a mark in a list",
    "messaging.Participant.left_at": "of a row that is taken away with it",
    "messaging.Participant.created_at": "told by the first message",
    "messaging.Message.ciphertext": "told in the clear",
    "messaging.Message.client_uuid": "against sending twice",
    "messaging.Message.frozen_at": "whether another has reported it is theirs",
    "messaging.Conversation.kind": "told by what is written in it",
    "messaging.Conversation.last_seq": "counts the other's words too",
    "messaging.Conversation.last_message_at": "the other's as often as one's own",
    "messaging.Conversation.data_key": "the key",
    "messaging.Conversation.created_at": "told by the first message",
    "cms.Story.page_key": "nothing leads from a page to its author",
    "moderation.Report.object_key": "the key of another's",
    "moderation.Report.excerpt": "another's words",
    "moderation.Report.outcome": "what the team found about another",
    "moderation.AccessRecovery.reach": "may be an address of somebody else",
    "moderation.AccessRecovery.asked_index": "a mark of that address",
    "moderation.AccessRecovery.language": "of the mails about it",
    "moderation.AccessRecovery.sent_at": "of mails to that address",
    "moderation.AccessRecovery.begun_at": "the same moment as `created_at`",
    "moderation.AccessRecovery.opens_at": "counted from an answer",
    "moderation.AccessRecovery.closed_at": "counted from an answer",
    "moderation.AccessRecovery.words": "only of one that was proved: see the part",
    "moderation.SafeguardingCheck.told_at": "when a notice was sent",
    "moderation.SafeguardingCheck.closed_at": "the state tells it",
    "moderation.SafeguardingCheck.ended_at": "the state tells it",
    "moderation.CheckVoice.is_yes": "a vetter's",
    "moderation.CheckVoice.ground": "a vetter's",
    "moderation.CheckVoice.until": "a vetter's",
    "moderation.CheckVoice.reason": "a vetter's",
    "moderation.CheckVoice.created_at": "a vetter's",
    "moderation.RecoveryDecision.answer": "a vetter's",
    "moderation.RecoveryDecision.reason": "a vetter's",
    "moderation.RecoveryDecision.reply": "only of one that was proved: see the part",
    "moderation.RecoveryDecision.created_at": "a vetter's",
    "search.Recommendation.created_at": "the day is told",
    "search.SeenCard.key": "told as a number: whom one saw is theirs",
}
# told under another name
TOLD_AS = {
    "texts": {"you_proposed"},
    "created_at": {"at", "asked_at", "since", "begun", "begun_at", "registered_at"},
    "verified": {"is_confirmed"},
    "primary": {"is_main"},
    "type": {"factor"},
    "pace": {"mails"},
    "last_used_at": {"seen_at"},
    "last_seen_at": {"seen_at"},
    "last_login": {"signed_in_at"},
    "seq": {"number"},
    "ip": {"network_address"},
    "user_agent": {"device"},
    "last_ok_at": {"last_told_at"},
    "started_on": {"helped_since", "led since"},
    "skill": {"skills"},
    "level": {"skills"},
    "reason": {"review", "reason"},
    "kind": {"notice", "what"},
    "tier": {"asked_for"},
    "contact_rules": {"rules"},
    "email": {"address", "you_invited"},
    "answers": {"you_said"},
    "note": {"your_note"},
    "answered_at": {"at"},
    "one_answer": {"your_answer"},
    "other_answer": {"your_answer"},
}


def told_fields(label: str) -> set[str]:
    """The keys of the rows in the section that this model belongs to."""
    return {
        key for part in parts.exporters if label in part.models for key in part.words
    }


def fields_of(model: type[Model]) -> Iterator[Field[Any, Any]]:
    for field in model._meta.concrete_fields:
        if not field.is_relation and field.name not in OF_ANY_ROW:
            yield field


def exported_models() -> list[type[Model]]:
    labels = {label for part in parts.exporters for label in part.models}
    return [apps.get_model(label) for label in sorted(labels)]


@pytest.mark.parametrize("model", exported_models(), ids=lambda m: m._meta.label)
def test_each_field_about_a_person_is_told_or_left_out_for_a_reason(
    model: type[Model],
) -> None:
    label = model._meta.label
    told = told_fields(label)
    for field in fields_of(model):
        names = {field.name} | TOLD_AS.get(field.name, set())
        is_told = bool(names & told)
        reason = NOT_TOLD.get(f"{label}.{field.name}", "")
        assert is_told or reason, f"{label}.{field.name} is not told to its person"


def test_no_reason_stands_for_a_field_that_is_not_there() -> None:
    there = {
        f"{model._meta.label}.{field.name}"
        for model in exported_models()
        for field in model._meta.concrete_fields
    }
    assert set(NOT_TOLD) <= there


@pytest.fixture
def everything(world: World) -> World:
    """A person of whom each part holds something."""
    person, cast = world.person, world.cast
    MailChoice.objects.create(person=person, pace=Pace.WEEKLY)
    notify.notify(person=person, kind="probation_over", url="/me/")
    set_factor(person)
    switched_on(person)
    block_person(by=person, person=cast.moderator)
    organisation = Organisation.objects.create(name="Harbour House", slug="harbour")
    OrganisationMembership.objects.create(
        organisation=organisation, person=person, role="member"
    )
    ProfileView.objects.create(viewer=person, subject=cast.lead.profile)
    ProfileView.objects.create(viewer=cast.lead, subject=person.profile)
    Application.objects.create(applicant=person, answers=ANSWERS, state="withdrawn")
    give_consent(purpose=Purpose.MATCHING, language="en", by=person)
    row = registered(email=person.email)
    volunteers.confirm_registration(registration=row)
    need = Need.objects.first()
    assert need is not None
    Recommendation.objects.create(need=need, person=person, day=timezone.localdate())
    Arrival.objects.create(need=need, person=person)
    PeerSuggestion.objects.create(viewer=cast.lead, person=person)
    PeerPassedOver.objects.create(viewer=person, key="b" * 64)
    SeenCard.objects.create(viewer=person, key="a" * 64)
    soon = timezone.now()
    Introduction.objects.create(
        introducer=person, one=cast.stranger, other=cast.lead, expires_at=soon
    )
    Introduction.objects.create(
        introducer=cast.lead,
        one=person,
        other=cast.stranger,
        one_answer=Introduction.Answer.NO,
        expires_at=soon,
    )
    MemberReview.objects.create(person=person, reason=ReviewReason.YEARLY)
    JoiningQuestion.objects.create(texts={"en": "Who?"}, proposed_by=person)
    Report.objects.create(
        kind="profile", object_key="x", reporter=person, reason="danger", words="Help"
    )
    AccessRecovery.objects.create(person=person, state="refused")
    SafeguardingCheck.objects.create(person=person, tier=1)
    answer = Answer.objects.get(person=person)
    Engagement.objects.create(answer=answer, lead=cast.lead)
    led = answers.apply(need=need, by=cast.stranger)
    Engagement.objects.create(answer=led, lead=person)
    return world


def test_each_word_is_said_of_somebody_of_whom_all_is_stored(
    everything: World,
) -> None:
    """A field that the part forgets has a word that no row has."""
    for section in queries.export_sections(everything.person):
        said = {key for row in section.rows for key in row}
        assert said == set(section.words), section.title


def reader(person: User) -> Client:
    """Who has just proved again that it is them."""
    client = client_of(person)
    confirm_again(client, person)
    return client


def test_the_page_reads_in_words(everything: World) -> None:
    person = everything.person
    for answer in (
        reader(person).get("/me/export/"),
        reader(person).get("/me/export/?format=html"),
    ):
        page = html.unescape(answer.content.decode())
        main = page.partition("<main")[2]
        shown = re.sub(r"<[^>]+>", "\n", main.partition("</main>")[0])
        for canary in CANARIES:
            assert canary in shown, canary
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", shown)  # no key of a row
        assert not re.search(r"\d{4}-\d\d-\d\d|\d\dT\d\d", shown)
        assert not re.search(r"\b(True|False|None)\b", shown)
        assert not re.search(r"\n[a-z]+(_[a-z]+)+\n", shown)


def test_the_page_to_keep_is_one_file_that_loads_nothing(everything: World) -> None:
    answer = reader(everything.person).get("/me/export/?format=html")
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.html"'
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert not re.search(r"<(link|script|img|iframe)\b|\s(src|href)=", page)


def test_it_names_nobody_else(everything: World) -> None:
    person, cast = everything.person, everything.cast
    own = Message.objects.get(sender__person=person)
    theirs = Participant.objects.get(
        conversation=own.conversation, person=cast.survivor
    )
    messages.send_message(participant=theirs, body="Theirs alone", client_uuid=uuid4())
    for form in ("", "?format=html", "?format=json"):
        page = reader(person).get(f"/me/export/{form}").content.decode()
        assert "Theirs alone" not in page
        for other in (cast.survivor, cast.stranger, cast.lead, cast.moderator):
            assert other.email not in page
            name = getattr(getattr(other, "profile", None), "pseudonym", "")
            assert not name or f">{name}<" not in page
            assert not name or f'"{name}"' not in page


def test_no_way_in_is_told(everything: World) -> None:
    person = everything.person
    client = reader(person)
    text = client.get("/me/export/?format=json").content.decode()
    assert "An app" not in text
    assert '"factor": "totp"' in text
    assert '"push_service": "updates.push.services.mozilla.com"' in text
    for secret in (person.password, client.session.session_key, CANARY):
        assert secret not in text
    for factor in Authenticator.objects.filter(user=person):
        assert factor.data["secret"] not in text


def test_a_registration_that_nobody_confirmed_is_not_told(world: World) -> None:
    """Anybody can type anybody's address into the form."""
    row = registered(email=world.person.email)
    part = parts.exporters.get("3-registration")
    assert part is not None
    assert not list(part.rows(world.person))
    volunteers.confirm_registration(registration=row)
    assert len(list(part.rows(world.person))) == 1
    assert not list(part.rows(world.cast.survivor))
