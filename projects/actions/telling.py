"""Telling the other side: notices and mails, without names and without texts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from network import mailed_links, notify
from network.models import Notice, User
from profiles.access import LINK_PURPOSE
from profiles.models import VolunteerRegistration
from projects.access import answers_known_to_leads
from projects.models import Answer, ProjectMember

LINK_LIFETIME = timedelta(days=30)


def invited(answer: Answer) -> None:
    tell_helper(answer, kind="invited")


def applied(answer: Answer) -> None:
    """A lead who does not see the offer is not told of it either."""
    for lead in leads_of(answer):
        if answers_known_to_leads(lead, Answer.objects.filter(pk=answer.pk)).exists():
            tell_lead(lead, answer, kind="applied")


def accepted(answer: Answer, *, by: User | VolunteerRegistration) -> None:
    """Tells whoever did not just say it. A volunteer has the conversation's mail."""
    if by in (answer.person, answer.registration):
        for lead in leads_of(answer):
            tell_lead(lead, answer, kind="accepted")
    elif answer.person is not None:
        tell_helper(answer, kind="accepted")


def tell_helper(answer: Answer, *, kind: str) -> None:
    if answer.person is not None:
        url = reverse("projects:answer", args=[answer.pk])
        notify.notify(person=answer.person, kind=kind, url=url)
    elif answer.registration is not None and answer.registration.email:
        mail_volunteer(answer, answer.registration)


def mail_volunteer(answer: Answer, registration: VolunteerRegistration) -> None:
    token = mailed_links.issue(
        purpose=LINK_PURPOSE, subject=registration.pk, lifetime=LINK_LIFETIME
    )
    url = reverse("projects:volunteer_open", args=[answer.pk, token])
    with translation.override(registration.language):
        own_page = reverse("profiles:volunteer_link", args=[token])
    notify.send_mail(
        to=registration.email,
        template="volunteer_invited",
        context={
            "url": notify.absolute(url),
            # where they change or erase what brings these mails
            "manage_url": notify.absolute(own_page),
        },
        language=registration.language,
    )


def leads_of(answer: Answer) -> list[User]:
    leads = ProjectMember.objects.filter(
        project=answer.need.project_id, role=ProjectMember.Role.LEAD
    )
    return [membership.person for membership in leads.select_related("person")]


def tell_lead(lead: User, answer: Answer, *, kind: str) -> None:
    url = reverse("projects:answers", args=[answer.need_id])
    notify.notify(person=lead, kind=kind, url=url)


def check_is_less(person: User, *, than: int) -> None:
    """Tells leads whom this member helps with a task that asks for a higher tier."""
    helped = Answer.objects.filter(
        person=person, state=Answer.State.ACCEPTED, engagement__ended_at=None
    )
    for answer in helped.filter(need__safeguarding_tier__gt=than).select_related(
        "need"
    ):
        for lead in leads_of(answer):
            tell_lead(lead, answer, kind="check missing")


def forget_invitations(*, person: UUID, other: UUID | None, reason: str) -> None:
    """After a block, what was told of tasks that one of the two leads: it opens
    nothing any more. See `network.parts.Revoker`."""
    if other is None or reason != "block":
        return
    for helper, lead in ((person, other), (other, person)):
        led = ProjectMember.objects.filter(person=lead, role=ProjectMember.Role.LEAD)
        theirs = Answer.objects.filter(
            person=helper, need__project__in=led.values("project")
        )
        urls = [reverse("projects:answer", args=[answer.pk]) for answer in theirs]
        Notice.objects.filter(person=helper, url__in=urls).delete()
