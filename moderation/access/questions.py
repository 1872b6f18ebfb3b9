"""Who decides what applicants are asked."""

from __future__ import annotations

from uuid import UUID

from network.access import NotFound, Role, Viewer, has_role, is_signed_in
from profiles.models import JoiningQuestion
from profiles.models.questions import JoiningQuestionQuerySet


def joining_questions(viewer: Viewer) -> JoiningQuestionQuerySet:
    """Those that are asked, and those that wait for a second person: for vetters and
    administrators. Raises `NotFound`."""
    if not is_signed_in(viewer) or not has_role(viewer, Role.VETTER, Role.ADMIN):
        raise NotFound
    rows = JoiningQuestion.objects.filter(retired_at=None)
    found: JoiningQuestionQuerySet = rows.select_related(
        "proposed_by__profile", "replaces"
    )
    return found


def joining_question(viewer: Viewer, question_id: UUID) -> JoiningQuestion:
    """Raises `NotFound`."""
    found = joining_questions(viewer).filter(pk=question_id).first()
    if found is None:
        raise NotFound
    row: JoiningQuestion = found
    return row


def proposed_question(viewer: Viewer, question_id: UUID) -> JoiningQuestion:
    """One that another on the staff has proposed. Raises `NotFound`."""
    row = joining_question(viewer, question_id)
    if row.is_live or row.proposed_by == viewer:
        raise NotFound
    return row
