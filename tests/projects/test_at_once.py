"""Two people press the same last button at the same moment."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from profiles.actions.volunteers import Offer
from profiles.models import ContactGrant, VolunteerRegistration
from projects.actions import answers, appeals
from projects.models import (
    Answer,
    Appeal,
    AppealRegistration,
    Engagement,
    Need,
    Project,
)
from tests.at_once import at_once
from tests.cast import create_cast, create_member
from tests.projects.conftest import make_need, make_project

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


def published_need() -> tuple[Need, Any]:
    cast = create_cast()
    project = make_project(cast.lead)
    Project.objects.filter(pk=project.pk).update(state="published")
    project.refresh_from_db()
    return make_need(project, cast.lead), cast.lead


def test_the_last_seat_goes_to_one_of_many() -> None:
    need, lead = published_need()
    offers = [
        answers.apply(need=need, by=create_member(f"helper{number}"))
        for number in range(PEOPLE)
    ]
    calls = [partial(answers.accept, answer=offer, by=lead) for offer in offers]
    results = at_once(calls)
    assert sum(isinstance(each, Engagement) for each in results) == 1
    need.refresh_from_db()
    assert (need.seats_filled, need.state) == (1, Need.State.FILLED)
    assert Answer.objects.filter(state=Answer.State.ACCEPTED).count() == 1
    assert ContactGrant.objects.count() == 1


def test_the_same_yes_many_times_at_once_is_one_agreement() -> None:
    need, lead = published_need()
    person = create_member("helper")
    invited = answers.invite(need=need, by=lead, whom=person)
    results = at_once(
        [
            lambda: answers.accept(
                answer=Answer.objects.select_related("need__project").get(
                    pk=invited.pk
                ),
                by=person,
            )
        ]
        * PEOPLE
    )
    assert {each.pk for each in results} == {Engagement.objects.get().pk}
    person.profile.refresh_from_db()
    assert person.profile.load == 1


def test_one_registration_form_sent_many_times_at_once_is_stored_once() -> None:
    appeal = Appeal.objects.create(
        slug="harbour", title="A", region="R", country="BE", state="open"
    )
    offer = Offer(skills={"cooking": 9}, causes=[], languages=["en"], town=None)
    token = str(uuid4())

    def send() -> VolunteerRegistration:
        return appeals.register_for_appeal(
            appeal=appeal,
            token=token,
            email="ines@example.org",
            offer=offer,
            language="en",
        )

    results = at_once([send] * PEOPLE)
    assert {each.pk for each in results} == {VolunteerRegistration.objects.get().pk}
    assert AppealRegistration.objects.count() == 1
