from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from network import places
from network.models import Lane, OutboxEntry
from projects import queries
from projects.actions import answers, needs
from projects.models import Answer, Need, Project
from tests.cast import Cast, client_of
from tests.projects.conftest import OSTEND, SECRET_PLACE, make_need

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "title": "Interpreters at the hospital",
    "description": "An hour beside a bed.",
    "skills": "Interpreting, first aid",
    "languages": "Arabic, Deutsch",
    "town": "Ostend, Belgium",
    "slots": ["mon-eve"],
    "kind": "skill",
    "seats": "3",
    "hours_per_week": "2",
    "min_experience": "0",
    "safeguarding_tier": "0",
}


def post(cast: Cast, project: Project, **fields: Any) -> Any:
    values = {**FORM, "key": str(uuid4())} | fields
    return client_of(cast.lead).post(f"/projects/{project.slug}/needs/new/", values)


def test_a_need_in_plain_words_leads_to_the_people_who_fit(
    cast: Cast, project: Project
) -> None:
    answer = post(cast, project, meeting_detail=SECRET_PLACE)
    need = Need.objects.get()
    assert answer["Location"] == f"/needs/{need.pk}/matches/"
    assert queries.need_skills(need) == {
        "community-interpreting": 0.5,
        "first-aid": 0.5,
    }
    assert need.languages == ["ar", "de"]
    town = places.city(OSTEND)
    assert town is not None
    assert (need.town, need.country) == ("Ostend", "BE")
    assert (need.lat, need.lon) == (town.lat, town.lon)
    assert not need.is_remote
    assert OutboxEntry.objects.filter(kind="need", lane=Lane.NEEDS).exists()
    assert SECRET_PLACE not in Client().get(f"/needs/{need.pk}/").content.decode()


def test_without_a_town_it_can_be_done_from_anywhere(
    cast: Cast, project: Project
) -> None:
    post(cast, project, town="")
    assert Need.objects.get().is_remote


def test_the_same_form_twice_is_one_need(cast: Cast, project: Project) -> None:
    key = str(uuid4())
    assert (
        post(cast, project, key=key)["Location"]
        == (post(cast, project, key=key)["Location"])
    )
    assert Need.objects.count() == 1


def test_an_empty_form_says_what_is_missing(
    cast: Cast, project: Project, need: Need
) -> None:
    client = client_of(cast.lead)
    for path in (f"/projects/{project.slug}/needs/new/", f"/needs/{need.pk}/edit/"):
        answer = client.post(path, {})
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"skills": ""},
        {"skills": "yodelling on stilts"},
        {"languages": "Klingonish"},
        {"town": "Springfield"},
        {"seats": "0"},
        {"until": "2001-01-01"},
        {"kind": "money"},
        {"kind": "thing", "quantity": ""},
        {"kind": "money", "amount": "20", "currency": "E1"},
    ],
)
def test_what_is_missing_is_said_and_the_text_kept(
    cast: Cast, project: Project, fields: dict[str, str]
) -> None:
    page = post(cast, project, **fields)
    assert page.status_code == 422
    assert "An hour beside a bed." in page.content.decode()
    assert Need.objects.count() == 0


def test_money_things_and_rooms_need_no_skill(cast: Cast, project: Project) -> None:
    answer = post(cast, project, kind="money", skills="", amount="450", currency="eur")
    need = Need.objects.get()
    assert answer["Location"] == f"/needs/{need.pk}/"
    assert need.currency == "EUR"


def test_how_many_rooms_stands_on_the_page_of_the_need(
    cast: Cast, project: Project
) -> None:
    answer = post(cast, project, kind="room", skills="", quantity="37")
    assert ">37<" in client_of(cast.lead).get(answer["Location"]).content.decode()


def test_each_wrong_day_is_named_for_what_it_is(cast: Cast, project: Project) -> None:
    ended = post(cast, project, until="2001-01-01").content.decode()
    assert "That day is over already." in ended
    turned = post(cast, project, starts_on="2101-01-02", until="2101-01-01")
    assert "The last day lies before the first." in turned.content.decode()


def test_weights_are_normalised_and_nothing_weighs_nothing() -> None:
    weights = needs.normalised({"cooking": 3, "driving-car": 1, "cleaning": 0})
    assert weights == {"cooking": 0.75, "driving-car": 0.25}
    assert needs.normalised({}) == {}


def test_editing_never_takes_a_seat_from_whoever_has_a_yes(
    cast: Cast, project: Project
) -> None:
    need = make_need(project, cast.lead, seats=2)
    for person in (cast.former, cast.stranger):
        answers.accept(answer=answers.apply(need=need, by=person), by=cast.lead)
    form = {**FORM, "key": str(need.pk), "seats": "1"}
    client_of(cast.lead).post(f"/needs/{need.pk}/edit/", form)
    need.refresh_from_db()
    assert (need.seats, need.seats_filled, need.state) == (2, 2, Need.State.FILLED)
    client_of(cast.lead).post(f"/needs/{need.pk}/edit/", {**form, "seats": "5"})
    need.refresh_from_db()
    assert (need.seats, need.state) == (5, Need.State.PART_FILLED)


def test_the_edit_form_shows_what_is_stored(cast: Cast, need: Need) -> None:
    page = client_of(cast.lead).get(f"/needs/{need.pk}/edit/").content.decode()
    for text in (SECRET_PLACE, "Ostend, Belgium", "Cooks for two evenings"):
        assert text in page


def test_closing_lets_those_who_wait_go(cast: Cast, need: Need) -> None:
    offer = answers.apply(need=need, by=cast.stranger)
    client_of(cast.lead).post(f"/needs/{need.pk}/close/")
    offer.refresh_from_db()
    assert offer.state == Answer.State.CLOSED
    assert OutboxEntry.objects.filter(
        kind="need", lane=Lane.WITHDRAWALS, key=str(need.pk)
    ).exists()
    page = client_of(cast.former).get(f"/needs/{need.pk}/").content.decode()
    assert "no longer looking" in page
    refused = client_of(cast.former).post(f"/needs/{need.pk}/apply/", {})
    assert refused.status_code == 403


def test_needs_expire_after_their_last_day(cast: Cast, project: Project) -> None:
    today = timezone.localdate()
    last = make_need(project, cast.lead, until=today)
    over = make_need(project, cast.lead, until=today)
    Need.objects.filter(pk=over.pk).update(until=today - timedelta(days=1))
    offer = answers.apply(need=last, by=cast.stranger)
    assert needs.expire_needs() == 1
    assert needs.expire_needs() == 0
    for row in (last, over, offer):
        row.refresh_from_db()
    assert (last.state, over.state) == (Need.State.OPEN, Need.State.EXPIRED)
    assert offer.state == Answer.State.APPLIED
    assert list(queries.open_needs()) == [last]


def test_open_needs_are_those_of_published_projects(
    cast: Cast, project: Project, draft: Project
) -> None:
    shown, hidden = make_need(project, cast.lead), make_need(draft, cast.lead)
    assert list(queries.open_needs()) == [shown]
    assert hidden not in queries.open_needs()


def test_a_note_that_is_too_long_is_kept(cast: Cast, need: Need) -> None:
    note = "word " * 200
    page = client_of(cast.stranger).post(f"/needs/{need.pk}/apply/", {"note": note})
    assert page.status_code == 422
    assert note.strip() in page.content.decode()


def test_the_team_does_not_offer_help_to_itself(cast: Cast, need: Need) -> None:
    assert client_of(cast.lead).post(f"/needs/{need.pk}/apply/").status_code == 404


def test_an_invitation_comes_from_a_card_or_from_nowhere(
    cast: Cast, need: Need
) -> None:
    lead, url = client_of(cast.lead), f"/needs/{need.pk}/invite/"
    for data in ({}, {"person": "nonsense"}, {"person": str(uuid4())}):
        assert lead.post(url, data).status_code == 404
    sent = lead.post(url, {"person": str(cast.stranger.pk)})
    assert sent["Location"] == f"/needs/{need.pk}/answers/"
    assert Answer.objects.get().person == cast.stranger


FOLD = re.compile(
    r'<details class="mentions"( open)?><summary>(?:(?!<details).)*More: people', re.S
)


def fold_of(answer: Any) -> bool:
    """Whether the folded part of the form is open."""
    found = FOLD.search(answer.content.decode())
    assert found is not None
    return found[1] is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"seats": ""},
        {"hours_per_week": "0"},
        {"min_experience": "-1"},
        {"safeguarding_tier": "9"},
        {"starts_on": "soon"},
        {"until": "2020-01-01"},
        {"kind": "money", "amount": ""},
        {"kind": "thing", "quantity": "none"},
    ],
)
def test_a_fault_in_the_fold_is_shown(
    cast: Cast, project: Project, fields: dict[str, str]
) -> None:
    answer = post(cast, project, **fields)
    assert answer.status_code == 422
    assert fold_of(answer)


def test_the_fold_is_shut_where_nothing_in_it_is_wrong(
    cast: Cast, project: Project
) -> None:
    path = f"/projects/{project.slug}/needs/new/"
    assert not fold_of(client_of(cast.lead).get(path))
    assert not fold_of(post(cast, project, title=""))


def test_no_browser_stops_the_form_for_what_it_does_not_show(
    cast: Cast, project: Project
) -> None:
    """A field in a shut fold cannot take the focus: the form would just not go."""
    page = client_of(cast.lead).get(f"/projects/{project.slug}/needs/new/")
    (form,) = re.findall(r"<form[^>]*data-unsent[^>]*>", page.content.decode())
    assert " novalidate" in form
