"""What lies on the vetters' desk: applications, questions to applicants, members to
look at again, safeguarding checks."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from demo import content, people
from moderation import wording
from moderation.actions import checks, vetting
from moderation.actions.questioning import Wording, agree_question, propose_question
from moderation.models import Ground
from network.models import Notice, User
from profiles.actions import joining, reviews, vouching
from profiles.models import (
    Application,
    JoiningQuestion,
    Meets,
    MemberReview,
    ReviewReason,
    ReviewState,
)

TO_ANSWER = timedelta(days=21)
COUNTS = timedelta(days=500)


def load_desk(cast: dict[str, User]) -> list[JoiningQuestion]:
    row = reviews.open_review(person=cast["tomas"], reason=ReviewReason.YEARLY)
    row.words = content.one("joining-questions")["changed"]
    row.save()
    MemberReview.objects.create(
        person=cast["samuel"],
        reason=ReviewReason.YEARLY,
        state=ReviewState.ASKED,
        due_at=timezone.now() + TO_ANSWER,
    )
    load_checks(cast)
    return load_questions(cast)


def load_checks(cast: dict[str, User]) -> None:
    """Who may meet whom, as the two vetters said; and one who asks for more."""
    said = content.one("checks")
    for row in content.one("people/cast")["cast"]:
        if row["safeguarding_tier"]:
            person = cast[row["key"]]
            check = checks.ask_for_check(
                by=person, tier=row["safeguarding_tier"], words=said["words"]
            )
            for vetter in ("amina", "ruben"):
                checks.say_on_check(check=check, by=cast[vetter], word=yes(said))
    Notice.objects.filter(kind__in=("check", "check_decided")).delete()  # long read
    asking = User.objects.get(pk=cast["eszter"].pk)
    checks.ask_for_check(by=asking, tier=Meets.ALONE, words=said["more"])


def yes(said: content.Row) -> checks.Word:
    until = timezone.localdate() + COUNTS
    return checks.Word(
        is_yes=True, ground=Ground.ORGANISATION, reason=said["reason"], until=until
    )


def load_applicants(password: str) -> list[Application]:
    hashed = make_password(password)
    return [
        load_applicant(row, people.load_account(row, hashed))
        for row in content.one("people/applicants")["applicants"]
    ]


def load_applicant(row: content.Row, person: User) -> Application:
    answers = {
        "languages": row["languages"],
        "country": row["country"],
        **{key: text.strip() for key, text in row["answers"].items()},
    }
    draft = joining.save_draft(by=person, answers=answers)
    found = joining.submit_application(
        application=draft, by=person, language=person.language
    )
    Application.objects.filter(pk=found.pk).update(
        submitted_at=timezone.now() - timedelta(days=row["days_ago"])
    )
    for one in row.get("referees", ()):
        referee = vouching.name_referee(
            application=found,
            by=person,
            email=people.address_of(one["email"]),
            known_as=one["known_as"],
        )
        vouching.answer_as_referee(referee=referee, answers=one["said"])
    if "question" in row:
        load_talk(row, found)
    return found


def load_talk(row: content.Row, found: Application) -> None:
    """What their contact asked, and what the applicant answered."""
    contact = found.contact_person
    if contact is None:
        return
    vetting.open_dossier(application=found, by=contact, reason=wording.WAITS)
    asked = vetting.ask_applicant(
        application=found, by=contact, question=row["question"]
    )
    vetting.reply_to_question(
        application=found,
        by=found.applicant,
        question_id=str(asked.pk),
        words=row["reply"],
    )


def load_questions(cast: dict[str, User]) -> list[JoiningQuestion]:
    found = []
    for position, row in enumerate(content.one("joining-questions")["questions"], 1):
        wording = Wording(
            kinds=row["kinds"],
            texts=row["texts"],
            hints=row.get("hints", {}),
            is_required=False,
            position=min(position, 4),
        )
        question = propose_question(wording=wording, by=cast["amina"])
        found.append(agree_question(question=question, by=cast["ruben"]))
    return found
