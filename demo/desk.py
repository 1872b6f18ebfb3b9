"""What lies on the vetters' desk: questions to applicants, members to look at again."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from demo import content
from moderation.actions.questioning import Wording, agree_question, propose_question
from network.models import User
from profiles.actions import reviews
from profiles.models import JoiningQuestion, MemberReview, ReviewReason, ReviewState

TO_ANSWER = timedelta(days=21)


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
    return load_questions(cast)


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
