"""What this room holds about a person, as rows; `exported` puts them into words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from network import notify
from network.models import Notice, User
from network.parts import (
    Exporter,
)
from profiles import access, exported, onlookers, queries
from profiles.models import (
    Application,
    Block,
    Connection,
    ConsentRecord,
    Introduction,
    Invitation,
    JoiningQuestion,
    MemberReview,
    OrganisationMembership,
    Profile,
    ProfileView,
    Referee,
)
from profiles.models.volunteer import SAID

Rows = Iterable[dict[str, Any]]


def account(person: User) -> Rows:
    yield {
        "email": person.email,
        "language": person.language,
        "time_zone": person.time_zone,
        "country": person.country,
        "mails": notify.pace_of(person).value,
        "theme": person.theme,
        "roles": sorted(person.groups.values_list("name", flat=True)),
        "since": person.created_at.isoformat(),
        "signed_in_at": person.last_login,
    }


def profile(person: User) -> Rows:
    for row in Profile.objects.filter(user=person).prefetch_related("skills"):
        hidden = {"user", "safeguarding_by"}
        values = model_to_dict(row, exclude=hidden)
        values |= {"kind": row.kind, "place": row.place, "rules": row.contact_rules}
        values |= {"first_hand": row.first_hand}
        values["skills"] = {each.skill: each.level for each in row.skills.all()}
        yield values


def applications(person: User) -> Rows:
    mine = Application.objects.filter(applicant=person)
    for row in mine.prefetch_related("referees"):
        yield {
            "state": row.state,
            "begun_at": row.created_at,
            "answers": row.answers,
            "submitted_at": row.submitted_at,
            "decided_at": row.decided_at,
            "told": queries.told_to_applicant(row),
            "appealed_at": row.appealed_at,
            "referees": [f"{one.known_as}: {one.email}" for one in row.referees.all()],
        }


def registration(person: User) -> Rows:
    """Of whoever has proved this very address twice: here, and by the link of the
    registration."""
    for row in access.registrations_of(person):
        yield {
            "registered_at": row.created_at,
            "email": row.email,
            "language": row.language,
            **{name: getattr(row, name) for name in SAID},
            "safeguarding_tier": row.safeguarding_tier,
            "last_active_on": row.last_active_on,
            "confirmed_at": row.confirmed_at,
            "expires_at": row.expires_at,
        }


def consents(person: User) -> Rows:
    for row in ConsentRecord.objects.filter(person=person).select_related("text"):
        yield {
            "purpose": row.purpose,
            "text": f"{row.text.title} ({row.text.language}, {row.text.number})",
            "text_hash": row.text_hash,
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
        }


def connections(person: User) -> Rows:
    """One's own side: what others wrote, and a silent no, are theirs."""
    for row in Connection.objects.filter(requester=person):
        is_silent = row.state == Connection.State.DECLINED
        yield {
            "you": "asked",
            "your_note": row.note,
            "state": Connection.State.REQUESTED.value if is_silent else row.state,
            "at": row.created_at,
            "answered_at": None if is_silent else row.answered_at,
        }
    for row in Connection.objects.filter(recipient=person):
        yield {
            "you": "were asked",
            "state": row.state,
            "at": row.created_at,
            "answered_at": row.answered_at,
        }
    for block in Block.objects.filter(blocker=person):
        yield {
            "you": "blocked",
            "person": str(block.blocked_id),
            "at": block.created_at,
        }


def introductions(person: User) -> Rows:
    """One's own side: the note of one's own, and one's own answers."""
    for row in Introduction.objects.filter(introducer=person):
        is_back = row.state == Introduction.State.WITHDRAWN
        state = Introduction.State.WITHDRAWN if is_back else Introduction.State.WAITING
        yield {
            "you": "introduced",
            "your_note": row.note,
            "state": state.value,
            "at": row.created_at,
        }
    for row in Introduction.objects.of(person).exclude(introducer=person):
        if answer := row.answer_of(person.pk):
            yield {
                "you": "were introduced",
                "your_answer": answer,
                "at": row.created_at,
            }


def other_traces(person: User) -> Rows:
    mine = OrganisationMembership.objects.filter(person=person)
    for member in mine.select_related("organisation"):
        yield {
            "organisation": str(member.organisation_id),
            "organisation_name": member.organisation.name,
            "role": member.role,
            "at": member.created_at,
        }
    for invitation in Invitation.objects.filter(inviter=person):
        yield {"you_invited": invitation.email, "at": invitation.created_at}
    for referee in Referee.objects.filter(member=person):
        yield {"you_said": referee.answers, "at": referee.answered_at}
    for question in JoiningQuestion.objects.filter(proposed_by=person):
        yield {"you_proposed": question.text("en"), "at": question.created_at}
    yield from looks(person)
    for notice in Notice.objects.filter(person=person):
        yield {
            "notice": notice.kind,
            "at": notice.created_at,
            "read_at": notice.read_at,
        }


def reviews(person: User) -> Rows:
    """One's own words, and what one was told; the vetters' reasons are theirs."""
    for row in MemberReview.objects.filter(person=person).order_by("created_at"):
        yield {
            "review": row.reason,
            "state": row.state,
            "words": row.words,
            "told": queries.told_words(row),
            "asked_at": row.created_at,
            "due_at": row.due_at,
            "closed_at": row.closed_at,
        }


def looks(person: User) -> Rows:
    """How many one opened on a day, not whom: a list would have to leave out what is
    nobody, and tell so what is. So of who looked at oneself: the names are theirs,
    and stand on one's own page."""
    made = ProfileView.objects.filter(viewer=person).values("day").order_by("day")
    for row in made.annotate(count=Count("pk")):
        yield {"profiles_opened": row["count"], "day": row["day"]}
    for one in onlookers.looks_on(person, onlookers.days_with_looks(person)):
        yield {"seen_by": len(list(one.names)), "day": one.day}


EXPORTERS = {
    "1-account": Exporter(
        _("Your account"),
        ("network.User", "network.MailChoice"),
        account,
        exported.ACCOUNT,
    ),
    "2-profile": Exporter(
        _("Your profile"),
        ("profiles.Profile", "profiles.ProfileSkill"),
        profile,
        exported.PROFILE,
    ),
    "3-applications": Exporter(
        _("Your applications"),
        ("profiles.Application",),
        applications,
        exported.APPLICATION,
    ),
    "3-reviews": Exporter(
        _("Whether you stay a member"),
        ("profiles.MemberReview", "profiles.ReviewVoice"),
        reviews,
        exported.REVIEW,
    ),
    "3-registration": Exporter(
        _("Your registration as a volunteer"),
        ("profiles.VolunteerRegistration",),
        registration,
        exported.REGISTRATION,
    ),
    "4-consents": Exporter(
        _("Your consents"), ("profiles.ConsentRecord",), consents, exported.CONSENT
    ),
    "5-connections": Exporter(
        _("Your connections and blocks"),
        ("profiles.Connection", "profiles.Block", "profiles.ContactGrant"),
        connections,
        exported.CONNECTION,
    ),
    "5-introductions": Exporter(
        _("Introductions"),
        ("profiles.Introduction",),
        introductions,
        exported.INTRODUCTION,
    ),
    "6-traces": Exporter(
        _("Other traces"),
        (
            "profiles.OrganisationMembership",
            "profiles.Invitation",
            "profiles.JoiningQuestion",
            "profiles.ProfileView",
            "profiles.Referee",
            "network.Notice",
            "network.PushHint",
        ),
        other_traces,
        exported.TRACE,
    ),
}
