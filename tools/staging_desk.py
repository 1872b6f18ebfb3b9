"""What lies on the desk: applications, reports, and requests for a new way in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from messaging.models import Message, Participant
from moderation.access import LOST_ACCESS, STOP_RECOVERY, thing_for_viewer
from moderation.actions import (
    decisions,
    interviews,
    notes,
    recovery,
    recovery_desk,
    reports,
    vetting,
)
from moderation.actions.questioning import Wording, propose_question
from moderation.criteria import FORMER
from moderation.models import AccessRecovery, SafeguardingCheck
from network import mailed_links
from network.models import User
from network.notify import STOP_MAILS
from profiles.access import INVITATION, REFEREE
from profiles.actions import (
    admission,
    invitations,
    joining,
    reviews,
    staying,
    vouching,
)
from profiles.models import (
    Application,
    Assignment,
    Ban,
    MemberReview,
    Referee,
    ReviewReason,
)
from tests.cast import client_of

Places = dict[str, str]
WAY = (
    "At twenty I organised for a group that lived on anger. A bakery gave me work "
    "before anybody forgave me, and that order of things is what I would pass on."
)
APPLICATION = {
    "kind": "former",
    "pseudonym": "Marek B.",
    "languages": ["en", "cs"],
    "country": "CZ",
    "way": WAY,
}


def applications(cast: dict[str, User], newcomers: dict[str, User]) -> Places:
    """Marek's waits at the desk with a question, a note and a sheet, Nadia's for a
    second reader; Ida's was declined, and Jo has filled in all but the end."""
    joining.save_draft(by=newcomers["jo"], answers=APPLICATION)
    declined = hand_in(newcomers["ida"])
    decline(declined, cast)
    row, lacking = (hand_in(newcomers[name]) for name in ("marek", "nadia"))
    # their contact has had them
    Assignment.objects.filter(application__in=[row, lacking]).delete()
    for vetter in ("amina", "ruben"):
        vetting.take_application(application=row, by=cast[vetter])
    Application.objects.filter(pk=row.pk).update(
        submitted_at=timezone.now() - timedelta(days=3)
    )
    named(row)
    vetting.open_dossier(application=row, by=cast["amina"], reason="My turn to read.")
    vetting.ask_applicant(
        application=row,
        by=cast["amina"],
        question="Who could tell us something about the time in the bakery?",
    )
    note_and_sheet(row, cast["ruben"])
    return {
        "ban": reverse("moderation:ban", args=[declined.pk]),
        "ban lift": reverse("moderation:ban_lift", args=[turned_away(cast).pk]),
        "member review": reverse("moderation:review", args=[review_of(cast["tomas"])]),
        "member review closed": reverse(
            "moderation:review", args=[closed_review(cast)]
        ),
        "check": reverse("moderation:check", args=[check_of(cast["eszter"])]),
        "check end": reverse(
            "moderation:check_end", args=[check_of(cast["mirte"], "granted")]
        ),
        "joining question": reverse(
            "moderation:joining_question", args=[proposed_question(cast)]
        ),
        "interview": reverse("moderation:interview", args=[row.pk]),
        "application": reverse("moderation:application", args=[row.pk]),
        "application free": reverse("moderation:application", args=[lacking.pk]),
        "application log": reverse("moderation:application_log", args=[row.pk]),
    }


def review_of(person: User) -> UUID:
    key: UUID = MemberReview.objects.filter(person=person).values_list("pk", flat=True)[
        0
    ]
    return key


def check_of(person: User, state: str = "waiting") -> UUID:
    return SafeguardingCheck.objects.get(person=person, state=state).pk


def closed_review(cast: dict[str, User]) -> UUID:
    """Grace was looked at again, and stays."""
    row = reviews.open_review(person=cast["grace"], reason=ReviewReason.REFERRAL)
    staying.say_on_review(
        review=row, by=cast["amina"], is_stay=True, reason="Known to us for years."
    )
    return row.pk


def proposed_question(cast: dict[str, User]) -> UUID:
    """By Ruben, so that Amina can agree to it."""
    wording = Wording(
        kinds=["former", "survivor"],
        texts={"en": "Whom could you call at night?"},
        hints={},
        is_required=False,
        position=4,
    )
    return propose_question(wording=wording, by=cast["ruben"]).pk


def named(row: Application) -> None:
    """Two who can speak for the applicant; one has."""
    said = {
        "relation": Referee.Relation.ORGANISATION,
        "since": Referee.Since.OVER_THREE,
        "trust": Referee.Trust.YES,
        "words": "He came to our bakery at five every morning for a year and taught "
        "two apprentices. I would send anybody to him.",
    }
    for email, answers in (("bakery@example.org", said), ("aunt@example.org", None)):
        referee = vouching.name_referee(
            application=row, by=row.applicant, email=email, known_as="Marek"
        )
        if answers is not None:
            vouching.answer_as_referee(referee=referee, answers=answers)


def guests(cast: dict[str, User]) -> dict[str, str]:
    """Sessions with the link of a referee who has not answered, and of a guest."""
    referee = Referee.objects.unanswered().get()
    invitation = invitations.invite_person(by=cast["leila"], email="guest@example.org")
    return {
        "referee": link_session(referee, REFEREE),
        "invited": link_session(invitation, INVITATION),
    }


def note_and_sheet(row: Application, vetter: User) -> None:
    """By Ruben, so that to Amina the sheet is closed."""
    notes.add_note(
        key=uuid4(),
        application=row,
        by=vetter,
        words="The youth worker whom he names will call back on Tuesday.",
    )
    interviews.hand_in_interview(
        application=row,
        by=vetter,
        held_on=timezone.localdate(),
        scores={one.key: 3 for one in FORMER[1:]},
        notes="Says plainly what was his doing, and does not decorate it.",
    )


def turned_away(cast: dict[str, User]) -> Ban:
    return Ban.objects.create(
        address_index=Ban.index_of("nobody@example.org"),
        reason="Asked two members to meet at night, after each had said no.",
        by=cast["amina"],
    )


def decline(row: Application, cast: dict[str, User]) -> None:
    for vetter, told in (
        ("amina", "You told us openly how new all this is. Give it the winter."),
        ("ruben", "A steady year outside of the group would change our answer."),
    ):
        admission.decline_application(
            application=row, by=cast[vetter], reason="Left six weeks ago.", told=told
        )


def hand_in(person: User) -> Application:
    draft = joining.save_draft(by=person, answers=APPLICATION)
    return joining.submit_application(application=draft, by=person, language="en")


def desk(cast: dict[str, User]) -> Places:
    """A message and a danger that somebody reported, one of them taken and opened."""
    part = Participant.objects.filter(person=cast["leila"])[0]
    message = Message.objects.filter(conversation=part.conversation_id).exclude(
        sender=part
    )[0]
    thing = thing_for_viewer(cast["leila"], "message", str(message.pk))
    opened = reports.report_something(
        thing=thing, reason="contact", by=cast["leila"], words="This was too much."
    )
    waiting = reports.tell_of_danger(words="He said goodbye.", by=cast["tomas"])
    past = reports.tell_of_danger(words="It is over.", by=cast["samuel"])
    decisions.decide_report(
        report=past,
        by=cast["hanne"],
        outcome=decisions.Outcome.DISMISS,
        words="A mistake.",
    )
    decisions.open_report(report=opened, by=cast["hanne"], reason="On duty today.")
    decisions.take_report(report=opened, by=cast["hanne"])
    return {
        "report opened": reverse("moderation:report_detail", args=[opened.pk]),
        "report waiting": reverse("moderation:report_detail", args=[waiting.pk]),
        "report past": reverse("moderation:report_detail", args=[past.pk]),
    }


def lost_access(cast: dict[str, User]) -> dict[str, AccessRecovery]:
    """Four who lost their second factor, each at another station."""
    vetters = cast["amina"], cast["ruben"]
    rows = {
        name: begun(cast[person], reach)
        for name, person, reach in (
            ("begun", "pernille", ""),
            ("waiting", "eszter", "eszter@example.org"),
            ("agreed", "samuel", ""),
            ("ready", "grace", ""),
        )
    }
    words = (
        "In my application I wrote about the ferry and the tin box. On Tuesday I told "
        "Leila that I would be late with the translation."
    )
    for name in ("waiting", "agreed", "ready"):
        rows[name] = recovery.send_words(recovery=rows[name], words=words)
    recovery_desk.ask_person(
        recovery=rows["waiting"], by=vetters[0], question="What was in the tin box?"
    )
    for name in ("agreed", "ready"):
        for vetter in vetters:
            rows[name] = recovery_desk.decide_recovery(
                recovery=rows[name],
                by=vetter,
                answer=vetting.Answer.APPROVE,
                reason="Knew the box and the day.",
            )
    AccessRecovery.objects.filter(pk=rows["ready"].pk).update(opens_at=timezone.now())
    return rows


def begun(person: User, reach: str) -> AccessRecovery:
    recovery.begin_recovery(address=person.email, reach=reach, language="en")
    return AccessRecovery.objects.get(person=person)


OPENED_AT = {
    LOST_ACCESS: "moderation:lost_access_open",
    STOP_RECOVERY: "moderation:recovery_stop_open",
    STOP_MAILS: "profiles:mail_stop_open",
    REFEREE: "profiles:referee_open",
    INVITATION: "profiles:invitation_open",
}


def link_session(row: Model, purpose: str) -> str:
    """With a mailed link opened."""
    client = client_of()
    token = mailed_links.issue(
        purpose=purpose, subject=row.pk, lifetime=timedelta(days=9)
    )
    client.get(reverse(OPENED_AT[purpose], args=[token]))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
