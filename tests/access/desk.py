"""What lies on the staff's desks: reports, applications with their dossiers, requests
for a new way into an account; and the links of those who ask for one."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from moderation.access import LOST_ACCESS, STOP_RECOVERY
from moderation.models import (
    AccessRecovery,
    CheckState,
    DossierNote,
    Interview,
    RecoveryState,
    Report,
    SafeguardingCheck,
)
from network import mailed_links
from network.access import Role
from network.models import BaseModel, User
from profiles.access import INVITATION, REFEREE
from profiles.actions import joining
from profiles.models import (
    Application,
    ApplicationState,
    Ban,
    Decision,
    Invitation,
    JoiningQuestion,
    MemberReview,
    Referee,
    ReviewReason,
    ReviewState,
)
from tests.access.people import A_YEAR
from tests.access.things import Things
from tests.cast import create_staff

ANSWERS = {
    "kind": "former",
    "pseudonym": "Applicant",
    "way": "Along the sable towpath.",
    "languages": ["en"],
    "country": "BE",
}


def create_reported(things: Things) -> None:
    """What can be reported, of every kind: all of `message`, and the others' own."""
    found = {name: ("message", key) for name, key in things.keys["message"].items()}
    for name, kind, noun, of in (
        ("other:profile", "profile", "person", "other"),
        ("other:public_profile", "profile", "person", "other:public"),
        ("hidden:profile", "profile", "person", "hidden"),
        ("hidden:block_profile", "profile", "person", "hidden:block"),
        ("other:project", "project", "project key", "other"),
        ("hidden:project", "project", "project key", "hidden"),
        ("hidden:block_project", "project", "project key", "hidden:block"),
        ("other:story", "story", "story key", "own"),
        ("hidden:story", "story", "story key", "hidden"),
    ):
        found[name] = (kind, things.key(noun, of))
    found["missing:kind"] = ("nothing", things.key("message", "own"))
    things.keys["reported kind"] = {name: kind for name, (kind, _) in found.items()}
    things.keys["reported"] = {name: key for name, (_, key) in found.items()}


def create_reports(things: Things, people: dict[str, User]) -> None:
    def report(**values: Any) -> Report:
        fields: dict[str, Any] = {
            "kind": "message",
            "object_key": str(things.key("message", "own")),
            "reason": Report.Reason.CONTACT,
            "words": "The ochre umbrella again.",
        }
        return Report.objects.create(**fields | values)

    of_moderator = str(things.key("story key", "other:moderator"))

    things.add(
        "report",
        own=report(reporter=people["owner"], about=people["friend"]).pk,
        other=report(
            reporter=people["stranger"],
            about=people["friend"],
            state=Report.State.DISMISSED,
            decided_at=timezone.now(),
        ).pk,
        hidden=report(reporter=people["stranger"], about=people["moderator"]).pk,
        hidden_own=report(reporter=people["moderator"], about=people["friend"]).pk,
        hidden_story=report(
            reporter=people["stranger"], kind="story", object_key=of_moderator
        ).pk,
    )


def create_applications(things: Things, people: dict[str, User]) -> None:
    def application(person: str, state: str, **answers: str) -> Application:
        return Application.objects.create(
            applicant=people[person],
            answers=ANSWERS | answers,
            state=state,
            submitted_at=None if state == ApplicationState.DRAFT else timezone.now(),
        )

    application("partner", ApplicationState.DRAFT, way="Not told yet.")
    own = application("applicant", ApplicationState.SUBMITTED)
    asked = Decision.objects.create(
        application=own,
        vetter=people["vetter"],
        answer=Decision.Answer.ASK,
        reason="Where does the towpath lead?",
    )
    joining.assign_application(own, people["vetter"])
    full = application("asker", ApplicationState.SUBMITTED, way="Past the amber lock.")
    for reader in ("stranger", "friend"):
        joining.assign_application(full, people[reader])
    free = application("friend", ApplicationState.SUBMITTED, way="Past the amber lock.")
    things.add("question", own=asked.pk)
    create_referees(things, own, full)
    things.add(
        "application",
        own=own.pk,
        other=application("stranger", ApplicationState.DECLINED).pk,
        other_free=free.pk,
        hidden=application("unlisted", ApplicationState.DRAFT).pk,
        hidden_full=full.pk,
        hidden_own=application("vetter", ApplicationState.SUBMITTED).pk,
    )


def create_referees(things: Things, own: Application, other: Application) -> None:
    """`own` has spoken for the applicant, `asked` has not."""
    spoken, asked, others = (
        Referee.objects.create(
            application=application,
            email=f"{name}@example.org",
            known_as="Umber Finch",
            state=state,
            answers={"trust": "yes", "words": "Seen at the pearl mill."},
        )
        for name, application, state in (
            ("spoken", own, Referee.State.ANSWERED),
            ("asked", own, Referee.State.ASKED),
            ("others", other, Referee.State.ANSWERED),
        )
    )
    things.add("referee", own=spoken.pk, other=others.pk)
    things.add("opened referee", own=asked.pk)
    things.add(
        "referee token",
        own=link(asked, REFEREE),
        hidden=link(asked, "another"),
        missing="nothing",
    )


def create_invitations(things: Things, people: dict[str, User]) -> None:
    def invitation(inviter: str, **fields: Any) -> Invitation:
        return Invitation.objects.create(
            inviter=people[inviter],
            email="russet.sparrow@example.org",
            expires_at=timezone.now() + A_YEAR,
            **fields,
        )

    own, used = invitation("owner"), invitation("owner", used_at=timezone.now())
    over = invitation("owner", withdrawn_at=timezone.now())
    things.add(
        "invitation", own=own.pk, other=invitation("stranger").pk, hidden=over.pk
    )
    things.add("opened invitation", own=own.pk, hidden=used.pk)
    things.add(
        "invitation token",
        own=link(own, INVITATION),
        hidden=link(own, "another"),
        missing="nothing",
    )


def create_notes_and_sheets(things: Things, people: dict[str, User]) -> None:
    """Beside the applicant's own a note of the vetter's and one of another's; and a
    sheet of another's, which opens to the vetter only with one of their own."""
    own = Application.objects.get(pk=things.key("application", "own"))
    other = Application.objects.get(pk=things.key("application", "other"))
    full = Application.objects.get(pk=things.key("application", "hidden:full"))

    def note(application: Application, author: str, colour: str) -> DossierNote:
        words = f"The {colour} jetty came up."
        return DossierNote.objects.create(
            application=application, author=people[author], words=words
        )

    things.add(
        "note",
        own=note(own, "vetter", "umber").pk,
        own_anothers=note(own, "stranger", "umber").pk,
        other=note(other, "stranger", "russet").pk,
        hidden=note(full, "vetter", "russet").pk,
    )
    things.add(
        "application of note",
        own=own.pk,
        own_anothers=own.pk,
        other=other.pk,
        hidden=full.pk,
    )
    Interview.objects.create(
        application=own, interviewer=people["stranger"], notes="By the russet jetty."
    )


def create_bans(things: Things, people: dict[str, User]) -> None:
    declined = Application.objects.create(
        applicant=people["shunned"],
        answers=ANSWERS,
        state=ApplicationState.DECLINED,
        submitted_at=timezone.now(),
        decided_at=timezone.now(),
    )
    joining.assign_application(declined, people["vetter"])
    things.add(
        "declined application",
        own=declined.pk,
        other=things.key("application", "other"),
        hidden=things.key("application", "own"),  # it waits
    )

    def ban(address: str, colour: str, **fields: Any) -> Ban:
        return Ban.objects.create(
            address_index=Ban.index_of(address),
            reason=f"Asked for the {colour} pier.",
            by=people["vetter"],
            **fields,
        )

    lifted = {"lifted_at": timezone.now(), "lifted_by": people["admin"]}
    things.add(
        "ban",
        own=ban("somebody@example.net", "ashen").pk,
        other=ban("another@example.net", "ashen", **lifted).pk,
        other_vetter=ban(people["vetter"].email, "auburn").pk,
        hidden=ban(people["admin"].email, "flaxen").pk,
    )


def create_recoveries(things: Things, people: dict[str, User]) -> None:
    second = create_staff("second-vetter", Role.VETTER)

    def recovery(person: str, state: str, colour: str) -> AccessRecovery:
        is_agreed = state == RecoveryState.AGREED
        return AccessRecovery.objects.create(
            person=people[person] if person else None,
            state=state,
            words=f"You know my {colour} ferry ticket.",
            sent_at=None if state == RecoveryState.BEGUN else timezone.now(),
            opens_at=timezone.now() if is_agreed else None,
            first_approver=people["vetter"] if is_agreed else None,
            second_approver=second if is_agreed else None,
        )

    waiting, agreed = RecoveryState.WAITING, RecoveryState.AGREED
    own = recovery("owner", waiting, "crimson")
    ready = recovery("asker", agreed, "indigo")
    things.add(
        "recovery",
        own=own.pk,
        other=recovery("stranger", RecoveryState.STOPPED, "teal").pk,
        hidden=recovery("friend", RecoveryState.BEGUN, "ivory").pk,
        hidden_own=recovery("vetter", waiting, "maroon").pk,
        hidden_nobodys=recovery("", waiting, "olive").pk,
    )
    things.add(
        "opened recovery",
        own=ready.pk,
        hidden=recovery("suspended", agreed, "scarlet").pk,
    )
    for noun, purpose in (
        ("recovery token", LOST_ACCESS),
        ("stop token", STOP_RECOVERY),
    ):
        things.add(
            noun,
            own=link(ready, purpose),
            hidden=link(ready, "another"),
            missing="nothing",
        )


def create_reviews(things: Things, people: dict[str, User]) -> None:
    """The owner is asked; whom the vetter invited they do not look at."""

    def review(person: str, state: str, colour: str) -> MemberReview:
        is_over = state == ReviewState.STAYS
        return MemberReview.objects.create(
            person=people[person],
            reason=ReviewReason.YEARLY,
            state=state,
            words=f"I moved to the {colour} reed.",
            due_at=timezone.now() + A_YEAR,
            closed_at=timezone.now() if is_over else None,
        )

    hidden = review("friend", ReviewState.WAITING, "silver")
    application = Application.objects.filter(applicant=people["friend"]).first()
    Invitation.objects.create(
        inviter=people["vetter"], expires_at=timezone.now(), application=application
    )
    things.add(
        "review",
        own=review("stranger", ReviewState.WAITING, "copper").pk,
        other=review("public", ReviewState.STAYS, "bronze").pk,
        hidden=hidden.pk,
        hidden_own=review("vetter", ReviewState.WAITING, "golden").pk,
        hidden_asked=review("owner", ReviewState.ASKED, "golden").pk,
    )


def create_checks(things: Things, people: dict[str, User]) -> None:
    """Of members; the vetter invited the friend."""

    def check(person: str, state: str, colour: str) -> SafeguardingCheck:
        closed = None if state == CheckState.WAITING else timezone.now()
        return SafeguardingCheck.objects.create(
            person=people[person],
            tier=1,
            state=state,
            words=f"Ask at the {colour} ropewalk.",
            closed_at=closed,
        )

    things.add(
        "check",
        own=check("owner", CheckState.WAITING, "copper").pk,
        other=check("stranger", CheckState.REFUSED, "bronze").pk,
        hidden=check("friend", CheckState.WAITING, "silver").pk,
        hidden_own=check("vetter", CheckState.WAITING, "golden").pk,
        hidden_taken_back=check("stranger", CheckState.WITHDRAWN, "golden").pk,
    )


def create_joining_questions(things: Things, people: dict[str, User]) -> None:
    """Asked today; proposed by somebody else, by the vetter; no more asked."""

    def question(**fields: Any) -> JoiningQuestion:
        text = "Where does the jasper weir lead you?"
        return JoiningQuestion.objects.create(
            kinds=["survivor"], texts={"en": text}, **fields
        )

    agreed = {"agreed_by": people["admin"], "agreed_at": timezone.now()}
    proposed = question(proposed_by=people["stranger"])
    things.add(
        "joining question",
        own=proposed.pk,
        other_live=question(proposed_by=people["stranger"], **agreed).pk,
        other_vetter=question(proposed_by=people["vetter"]).pk,
        hidden=question(retired_at=timezone.now(), **agreed).pk,
    )


def link(subject: BaseModel, purpose: str) -> str:
    return mailed_links.issue(purpose=purpose, subject=subject.pk, lifetime=A_YEAR)


def opened_links(things: Things) -> dict[str, dict[str, Any]]:
    """Which links are open in whose browser; the educator's lead to an account that
    was suspended since, to nobody, and to an invitation that is taken up."""
    ready = things.key("opened recovery", "own")
    return {
        "volunteer": {
            LOST_ACCESS: ready,
            STOP_RECOVERY: ready,
            REFEREE: things.key("opened referee", "own"),
            INVITATION: things.key("opened invitation", "own"),
        },
        "educator": {
            LOST_ACCESS: things.key("opened recovery", "hidden"),
            REFEREE: things.key("opened referee", "missing"),
            INVITATION: things.key("opened invitation", "hidden"),
        },
    }
