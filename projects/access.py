"""Who sees and changes what: projects, needs and the answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from network.access import NotFound, Role, Viewer, has_role, is_signed_in
from network.models import User
from profiles.access import is_active_member, people_kept_from, registration_for
from profiles.models import Block, Profile, VolunteerRegistration
from profiles.models.profile import ACTIVE
from projects.models import (
    LIVE,
    Answer,
    Appeal,
    Need,
    Project,
    ProjectMember,
)


def member(viewer: Viewer) -> User:
    """The viewer, when an active member. Raises `NotFound`."""
    if not is_signed_in(viewer) or not is_active_member(viewer):
        raise NotFound
    return viewer


def visible_projects(viewer: Viewer) -> QuerySet[Project]:
    """Published ones, the viewer's own, and to editors those that wait for them.

    What is led by somebody who blocked the viewer, or whom they blocked, is gone.
    """
    if not is_signed_in(viewer):
        return Project.objects.published()
    shown = [Project.State.PUBLISHED]
    if has_role(viewer, Role.EDITOR):
        shown.append(Project.State.IN_REVIEW)
    seen = Q(state__in=shown) & ~Q(pk__in=led_behind_a_block(viewer))
    if is_active_member(viewer):
        own = ProjectMember.objects.filter(person=viewer).values("project")
        seen |= Q(pk__in=own)
    return Project.objects.filter(seen)


def led_behind_a_block(viewer: User) -> QuerySet[ProjectMember, Any]:
    """Ids of projects with a lead who blocked this person or was blocked by them."""
    blocked = Block.objects.filter(blocker=viewer).values("blocked")
    blockers = Block.objects.filter(blocked=viewer).values("blocker")
    return ProjectMember.objects.filter(
        Q(person__in=blocked) | Q(person__in=blockers), role=ProjectMember.Role.LEAD
    ).values("project")


def project_for_viewer(viewer: Viewer, slug: str) -> Project:
    found = visible_projects(viewer).filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def project_for_lead(viewer: Viewer, slug: str) -> Project:
    found = Project.objects.filter(slug=slug, pk__in=led_by(viewer)).first()
    if found is None:
        raise NotFound
    return found


def project_for_editor(viewer: Viewer, slug: str) -> Project:
    """One that waits for an editor."""
    if not has_role(viewer, Role.EDITOR):
        raise NotFound
    waiting = visible_projects(viewer) & Project.objects.waiting_for_an_editor()
    found = waiting.filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def may_create(viewer: Viewer) -> bool:
    return is_signed_in(viewer) and is_active_member(viewer)


def may_publish(viewer: Viewer, project: Project) -> bool:
    return project.is_waiting_for_an_editor and has_role(viewer, Role.EDITOR)


def project_for_report(viewer: Viewer, key: str) -> Project:
    """By its id, as far as this viewer sees it."""
    try:
        wanted = UUID(key)
    except ValueError as error:
        raise NotFound from error
    found = visible_projects(viewer).filter(pk=wanted).first()
    if found is None:
        raise NotFound
    return found


def led_by(viewer: Viewer) -> QuerySet[ProjectMember, Any]:
    """Ids of the projects that this person leads; none unless an active member."""
    if not is_signed_in(viewer) or not is_active_member(viewer):
        return ProjectMember.objects.none().values("project")
    return ProjectMember.objects.filter(
        person=viewer, role=ProjectMember.Role.LEAD
    ).values("project")


def is_lead(viewer: Viewer, project: Project) -> bool:
    return led_by(viewer).filter(project=project).exists()


def need_for_viewer(viewer: Viewer, need_id: UUID) -> Need:
    visible = visible_projects(viewer)
    return _need(Need.objects.filter(pk=need_id, project__in=visible))


def need_for_lead(viewer: Viewer, need_id: UUID) -> Need:
    return _need(Need.objects.filter(pk=need_id, project__in=led_by(viewer)))


def open_need_for_member(viewer: Viewer, need_id: UUID) -> Need:
    """A need that this member may offer help with; not one of their own project."""
    person = member(viewer)
    own = ProjectMember.objects.filter(person=person).values("project")
    visible = visible_projects(person)
    needs = Need.objects.filter(pk=need_id, project__in=visible)
    return _need(needs.exclude(project__in=own))


def _need(needs: QuerySet[Need]) -> Need:
    found = needs.select_related("project").prefetch_related("skills").first()
    if found is None:
        raise NotFound
    return found


def registration_of(request: HttpRequest) -> VolunteerRegistration:
    """Whose mailed link this browser opened, once that confirmed the registration."""
    found = registration_for(request)
    if not VolunteerRegistration.objects.confirmed().filter(pk=found.pk).exists():
        raise NotFound
    return found


ARRIVAL = "volunteer_registration"


def remember_registration(
    request: HttpRequest, registration: VolunteerRegistration
) -> None:
    """In the session: registered in this browser, so its result may be shown here."""
    request.session[ARRIVAL] = registration.arrival()


def registered_here(request: HttpRequest) -> VolunteerRegistration:
    """The registration that this browser sent in, confirmed or not, as long as it says
    the same; by the mailed link, whatever it says."""
    key, sent = request.session.get(ARRIVAL) or ("", "")
    if not key:
        raise NotFound
    own = Q(pk=key) | Q(merged=key)
    found = VolunteerRegistration.objects.live().filter(own).first()
    if found is None:
        raise NotFound
    if found.mark() != sent and registration_of(request) != found:
        raise NotFound
    return found


@dataclass(frozen=True)
class Helper:
    """Who could offer help on this page, and what they have said before."""

    is_volunteer: bool
    answer: Answer | None
    lacks_check: bool = False  # the task asks for more than they were found safe for


def helper_for(request: HttpRequest, need: Need) -> Helper | None:
    """None: whoever looks has to register or join first, or belongs to the team."""
    if is_signed_in(request.user):
        is_team = need.project.team.filter(person=request.user).exists()
        if is_team or not is_active_member(request.user):
            return None
        answer = live_answer(need, person=request.user)
        return Helper(False, answer, lacks_check(need, request.user))
    try:
        registration = registration_of(request)
    except NotFound:
        return None
    answer = live_answer(need, registration=registration)
    return Helper(True, answer, lacks_check(need, registration))


def lacks_check(need: Need, whom: User | VolunteerRegistration) -> bool:
    """Whether the task asks for more than they are found safe for today."""
    if isinstance(whom, User):
        return bool(whom.profile.tier_today < need.safeguarding_tier)
    return whom.safeguarding_tier < need.safeguarding_tier


def live_answer(need: Need, **party: Any) -> Answer | None:
    return Answer.objects.filter(need=need, state__in=LIVE, **party).first()


def meeting_detail(answer: Answer) -> str:
    """Where and when exactly: only while both yeses stand, and the check asked for."""
    if answer.state != Answer.State.ACCEPTED or answer.engagement.ended_at is not None:
        return ""
    helper = answer.person or answer.registration
    if helper is None or lacks_check(answer.need, helper):
        return ""
    return answer.need.meeting_detail


def need_for_volunteer(need_id: UUID) -> Need:
    """Volunteers see what everybody sees."""
    return _need(Need.objects.filter(pk=need_id, project__state="published"))


def answer_for_person(viewer: Viewer, answer_id: UUID) -> Answer:
    person = member(viewer)
    behind = led_behind_a_block(person)
    mine = shown_answers().filter(pk=answer_id, person=person)
    return _answer(mine.exclude(need__project__in=behind))


def answer_for_registration(request: HttpRequest, answer_id: UUID) -> Answer:
    registration = registration_of(request)
    return _answer(shown_answers().filter(pk=answer_id, registration=registration))


def answer_for_lead(viewer: Viewer, answer_id: UUID) -> Answer:
    answers = Answer.objects.filter(need__project__in=led_by(viewer))
    return _answer(answers_known_to_leads(viewer, answers).filter(pk=answer_id))


def shown_answers() -> QuerySet[Answer]:
    """Hidden and unpublished projects take what was answered out of sight too."""
    shown = [Project.State.PUBLISHED, Project.State.ARCHIVED]
    return Answer.objects.filter(need__project__state__in=shown)


def answers_known_to_leads(
    viewer: Viewer, answers: QuerySet[Answer]
) -> QuerySet[Answer]:
    """Without blocked people, and without registrations that nobody may know of. A
    former's offer to a survivor who wants nothing with formers waits unseen: any other
    answer would tell the former her wish."""
    if not is_signed_in(viewer):
        return answers.none()
    confirmed = VolunteerRegistration.objects.confirmed()
    by_people = answers.filter(
        person__is_active=True, person__profile__standing__in=ACTIVE
    )
    by_people = by_people.exclude(person__blocks_made__blocked=viewer)
    by_people = by_people.exclude(person__blocks_received__blocker=viewer)
    offers = by_people.filter(state=Answer.State.APPLIED)
    helpers = Profile.objects.filter(user__in=offers.values("person"))
    kept = people_kept_from(viewer, helpers)
    by_people = by_people.exclude(state=Answer.State.APPLIED, person__in=kept)
    return answers.filter(pk__in=by_people.values("pk")) | answers.filter(
        registration__in=confirmed
    )


def _answer(answers: QuerySet[Answer]) -> Answer:
    found = answers.select_related(
        "need__project", "person__profile", "registration", "engagement"
    ).first()
    if found is None:
        raise NotFound
    return found


def announced_appeal(slug: str) -> Appeal:
    """Open or over: who registered may read on. A draft is not there yet."""
    announced = Appeal.objects.exclude(state=Appeal.State.DRAFT)
    found = announced.filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def open_appeal(slug: str) -> Appeal:
    found = Appeal.objects.open().filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found
