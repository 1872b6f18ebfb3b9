from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from network import parts
from network.access import NotFound, Refused
from network.models import AuditEntry, Lane, Notice, OutboxEntry
from profiles.actions import volunteers
from profiles.actions.blocks import block_person
from profiles.models import Block, ContactGrant, Profile
from projects.actions import answers, appeals, projects
from projects.models import Answer, Appeal, Need, Project, ProjectMember
from projects.parts import follow_registrations
from tests.cast import Cast, client_of
from tests.projects.conftest import make_need, make_project, make_registration, publish

pytestmark = pytest.mark.django_db

FORM = {
    "title": "Second Harvest",
    "summary": "Two who were enemies work one strip.",
    "body": "A long field.",
    "causes": ["reconciliation"],
    "town": "",
    "country": "NG",
    "language": "en",
    "stage": "running",
}


def test_a_member_proposes_and_an_editor_publishes(cast: Cast) -> None:
    lead, editor = client_of(cast.lead), client_of(cast.editor)
    created = lead.post("/projects/new/", {**FORM, "key": str(uuid4())})
    project = Project.objects.get()
    assert (
        created["Location"]
        == f"/projects/{project.slug}/"
        == "/projects/second-harvest/"
    )
    lead.post("/projects/second-harvest/submit/")
    assert "Second Harvest" in editor.get("/projects/review/").content.decode()
    read = editor.get("/projects/second-harvest/").context["reading"]["read"].value()
    editor.post(
        "/projects/second-harvest/publish/", {"decision": "publish", "read": read}
    )
    page = Client().get("/projects/second-harvest/")
    assert page.status_code == 200
    assert "Two who were enemies" in page.content.decode()
    assert Notice.objects.filter(person=cast.lead, kind="project published").exists()
    assert OutboxEntry.objects.filter(
        kind="project", key=str(project.pk), lane=Lane.REST
    ).exists()


def test_the_same_form_twice_is_one_project(cast: Cast) -> None:
    client, key = client_of(cast.lead), str(uuid4())
    first = client.post("/projects/new/", {**FORM, "key": key})
    second = client.post("/projects/new/", {**FORM, "key": key})
    assert first["Location"] == second["Location"]
    assert Project.objects.count() == 1
    client.post("/projects/new/", {**FORM, "key": str(uuid4())})
    assert Project.objects.values("slug").distinct().count() == 2


def test_text_is_kept_when_something_is_missing(cast: Cast) -> None:
    page = client_of(cast.lead).post("/projects/new/", {**FORM, "title": ""})
    assert page.status_code == 422
    assert "A long field." in page.content.decode()


def test_an_empty_form_says_what_is_missing(cast: Cast, project: Project) -> None:
    for path in ("/projects/new/", f"/projects/{project.slug}/edit/"):
        answer = client_of(cast.lead).post(path, {})
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
        assert re.search(r'name="key" value="[0-9a-f-]{36}"', answer.content.decode())


@pytest.mark.parametrize("title", ["مشروع", "New", "review"])
def test_no_title_takes_another_page_s_address(cast: Cast, title: str) -> None:
    project = make_project(cast.lead, title=title)
    assert project.slug not in {"", "new", "review"}
    assert client_of(cast.lead).get(f"/projects/{project.slug}/").status_code == 200


@pytest.mark.parametrize("state", ["draft", "in-review", "hidden", "archived"])
def test_what_is_not_published_is_there_for_its_team_alone(
    cast: Cast, project: Project, need: Need, state: str
) -> None:
    Project.objects.filter(pk=project.pk).update(state=state)
    urls = (f"/projects/{project.slug}/", f"/needs/{need.pk}/")
    missing = Client().get("/projects/there-is-none/")
    for url in urls:
        for person in (None, cast.stranger, cast.moderator, cast.vetter):
            answer = client_of(person).get(url)
            assert answer.status_code == 404
            assert answer.content == missing.content
        assert client_of(cast.lead).get(url).status_code == 200
        seen = client_of(cast.editor).get(url).status_code
        assert seen == (200 if state == "in-review" else 404)
    assert project.title not in Client().get("/projects/").content.decode()
    applied = client_of(cast.stranger).post(f"/needs/{need.pk}/apply/", {})
    assert applied.status_code == 404


def test_a_block_takes_the_lead_s_projects_out_of_sight(
    cast: Cast, project: Project, need: Need
) -> None:
    offer = answers.apply(need=need, by=cast.stranger)
    Block.objects.create(blocker=cast.lead, blocked=cast.stranger)
    client = client_of(cast.stranger)
    for url in (
        f"/projects/{project.slug}/",
        f"/needs/{need.pk}/",
        f"/answers/{offer.pk}/",
    ):
        assert client.get(url).status_code == 404
    assert project.title not in client.get("/projects/").content.decode()
    page = client_of(cast.lead).get(f"/needs/{need.pk}/answers/").content.decode()
    assert "Stranger" not in page


def test_only_a_lead_changes_a_project(
    cast: Cast, project: Project, need: Need
) -> None:
    ProjectMember.objects.create(project=project, person=cast.former)  # not a lead
    for person in (cast.former, cast.stranger, cast.editor, cast.moderator):
        client = client_of(person)
        for url in ("edit/", "needs/new/"):
            assert client.get(f"/projects/{project.slug}/{url}").status_code == 404
        for path in (
            f"/projects/{project.slug}/archive/",
            f"/needs/{need.pk}/close/",
            f"/needs/{need.pk}/invite/",
        ):
            assert client.post(path).status_code == 404
        assert client.get(f"/needs/{need.pk}/answers/").status_code == 404
    Profile.objects.filter(user=cast.lead).update(standing="suspended")
    page = client_of(cast.lead).get(f"/projects/{project.slug}/edit/")
    assert page.status_code == 404


def test_newcomers_may_propose_and_applicants_may_not(cast: Cast) -> None:
    assert client_of(cast.newcomer).get("/projects/new/").status_code == 200
    for person in (cast.applicant, cast.suspended, cast.editor):
        assert client_of(person).get("/projects/new/").status_code == 404


def test_an_editor_on_the_team_does_not_publish_it(cast: Cast) -> None:
    project = make_project(cast.lead)
    projects.submit_project(project=project, by=cast.lead)
    ProjectMember.objects.create(project=project, person=cast.editor)
    with pytest.raises(Refused):
        projects.publish_project(project=project, by=cast.editor, read="")
    page = client_of(cast.editor).post(
        f"/projects/{project.slug}/publish/", {"decision": "publish"}
    )
    assert page.status_code == 403
    project.refresh_from_db()
    assert project.state == Project.State.IN_REVIEW


def test_a_draft_cannot_be_published_past_its_lead(cast: Cast, draft: Project) -> None:
    page = client_of(cast.editor).post(
        f"/projects/{draft.slug}/publish/", {"decision": "publish"}
    )
    assert page.status_code == 404


def test_hiding_withdraws_the_project_and_its_needs_from_the_index(
    cast: Cast, project: Project, need: Need
) -> None:
    version = need.version
    projects.hide_project(project=project, by=cast.moderator, reason="a name in it")
    withdrawn = OutboxEntry.objects.filter(lane=Lane.WITHDRAWALS)
    assert withdrawn.filter(kind="project", key=str(project.pk)).exists()
    line = withdrawn.get(kind="need", key=str(need.pk))
    assert line.row_version > version
    assert AuditEntry.objects.filter(action="project hidden").exists()
    projects.restore_project(project=project, by=cast.moderator)
    assert project.state == Project.State.PUBLISHED


def test_a_report_finds_only_what_the_reporter_sees(
    cast: Cast, project: Project, draft: Project
) -> None:
    part = parts.reportables.get("project")
    assert part is not None
    assert part.find(cast.stranger, str(project.pk)) == project
    assert part.person_of(project) == cast.lead
    for key in (str(draft.pk), str(uuid4()), "nonsense"):
        with pytest.raises(NotFound):
            part.find(cast.stranger, key)


def test_erasing_a_lead_archives_what_nobody_else_leads(
    cast: Cast, project: Project, need: Need
) -> None:
    offer = answers.apply(need=need, by=cast.stranger)
    answers.accept(answer=offer, by=cast.lead)
    eraser = parts.erasers.get("projects")
    assert eraser is not None
    eraser.erase(cast.lead)
    project.refresh_from_db()
    assert project.state == Project.State.ARCHIVED
    assert ContactGrant.objects.get().ended_at is not None
    assert not ProjectMember.objects.filter(person=cast.lead).exists()


def test_erasing_a_helper_gives_the_seat_back(cast: Cast, need: Need) -> None:
    offer = answers.apply(need=need, by=cast.stranger, note="words of mine")
    answers.accept(answer=offer, by=cast.lead)
    exporter = parts.exporters.get("projects")
    assert exporter is not None
    assert "words of mine" in str(list(exporter.rows(cast.stranger)))
    assert "words of mine" not in str(list(exporter.rows(cast.lead)))
    eraser = parts.erasers.get("projects")
    assert eraser is not None
    eraser.erase(cast.stranger)
    need.refresh_from_db()
    assert (need.seats_filled, need.state) == (0, Need.State.OPEN)
    assert not Answer.objects.exists()
    assert ContactGrant.objects.get().ended_at is not None


def test_an_erased_registration_gives_its_seat_back(cast: Cast, need: Need) -> None:
    row = make_registration()
    offer = answers.apply(need=need, by=row, note="words of mine")
    answers.accept(answer=offer, by=cast.lead)
    volunteers.erase_registration(registration=row)
    follow_registrations()
    need.refresh_from_db()
    offer.refresh_from_db()
    assert need.seats_filled == 0
    assert offer.note == ""
    assert ContactGrant.objects.get().ended_at is not None


def test_the_home_panel_counts_what_waits(cast: Cast, invitation: Answer) -> None:
    part = parts.home_panels.get("projects")
    assert part is not None

    def shown_to(person: Any) -> dict[str, Any] | None:
        request = Client().get("/").wsgi_request
        request.user = person
        return part.context(request)

    asked = shown_to(cast.stranger)
    assert asked is not None
    assert asked["invitations"] == 1
    led = shown_to(cast.lead)
    assert led is not None
    assert [each.title for each in led["projects"]] == ["Kitchen on the Quay"]
    assert shown_to(cast.applicant) is None


def test_filters_narrow_the_list(cast: Cast, project: Project) -> None:
    other = make_project(
        cast.lead, title="Far Field", country="NG", causes=["sport"], stage="idea"
    )
    publish(other, cast.editor, cast.lead)
    for query in ("country=NG", "cause=sport", "stage=idea"):
        page = Client().get(f"/projects/?{query}").content.decode()
        assert "Far Field" in page
        assert "Kitchen on the Quay" not in page
    both = Client().get("/projects/?cause=nonsense&stage=never").content.decode()
    assert "Far Field" in both
    assert "Kitchen on the Quay" in both


def test_an_open_appeal_stands_where_people_get_involved(
    cast: Cast, project: Project, draft: Project
) -> None:
    appeal = appeals.open_appeal(
        by=cast.editor,
        slug="after-the-tram",
        title="After the tram",
        region="Basel",
        country="CH",
        projects=[project, draft],
    )
    page = Client().get("/get-involved/").content.decode()
    assert "After the tram" in page
    assert "/help/after-the-tram/" in page
    assert project.title in page
    assert draft.title not in page
    assert OutboxEntry.objects.filter(kind="appeal", key=str(appeal.pk)).exists()
    appeals.close_appeal(appeal=appeal, by=cast.editor)
    assert appeal.state == Appeal.State.CLOSED
    assert "After the tram" not in Client().get("/get-involved/").content.decode()


def test_many_projects_are_shown_in_pages(cast: Cast) -> None:
    for number in range(26):
        project = make_project(cast.lead, title=f"Cairn {number}")
        make_need(project, cast.lead)
        Project.objects.filter(pk=project.pk).update(state="published")
    assert Client().get("/projects/").content.decode().count("card-link") == 24
    assert Client().get("/projects/?page=2").content.decode().count("card-link") == 2


EDIT = {"decision": "publish"}


def test_new_words_of_a_published_project_wait_for_an_editor(
    cast: Cast, project: Project
) -> None:
    lead, editor = client_of(cast.lead), client_of(cast.editor)
    path, old = f"/projects/{project.slug}/", project.summary
    words = {**FORM, "title": project.title, "summary": "Come to our secret meeting."}
    page = lead.post(f"{path}edit/", words, follow=True).content.decode()
    assert "An editor reads your new words." in page
    assert "Come to our secret meeting." in page
    for client in (Client(), client_of(cast.stranger)):
        page = client.get(path).content.decode()
        assert old in page
        assert "secret meeting" not in page
    assert "secret meeting" in lead.get(f"{path}edit/").content.decode()
    assert "secret meeting" in editor.get("/projects/review/").content.decode()
    form = editor.get(path).context["reading"]
    editor.post(f"{path}publish/", {**EDIT, "read": form["read"].value()})
    assert "secret meeting" in Client().get(path).content.decode()
    assert "secret" not in editor.get("/projects/review/").content.decode()


def test_an_editor_publishes_only_the_words_that_were_read(
    cast: Cast, project: Project
) -> None:
    lead, editor = client_of(cast.lead), client_of(cast.editor)
    path = f"/projects/{project.slug}/"
    lead.post(f"{path}edit/", {**FORM, "summary": "Warm meals, and a piano."})
    read = editor.get(path).context["reading"]["read"].value()
    lead.post(f"{path}edit/", {**FORM, "summary": "Something else."})
    answer = editor.post(f"{path}publish/", {**EDIT, "read": read})
    assert answer.status_code == 403
    assert "have changed since" in answer.content.decode()
    project.refresh_from_db()
    assert project.summary not in {"Warm meals, and a piano.", "Something else."}


def test_what_is_given_back_says_why_and_keeps_its_words(
    cast: Cast, project: Project
) -> None:
    lead, editor = client_of(cast.lead), client_of(cast.editor)
    path = f"/projects/{project.slug}/"
    lead.post(f"{path}edit/", {**FORM, "summary": "A name in it."})
    page = editor.post(f"{path}publish/", {"decision": "return", "reason": ""})
    assert page.status_code == 422
    assert "Say what has to change." in page.content.decode()
    note = {"decision": "return", "reason": "Take the name out, please."}
    editor.post(f"{path}publish/", note)
    assert Notice.objects.filter(person=cast.lead, kind="project returned").exists()
    page = lead.get(path).content.decode()
    assert "Take the name out, please." in page
    assert "A name in it." in page
    for client in (Client(), editor):
        assert "the name out" not in client.get(path).content.decode()
    assert "A name in it." in lead.get(f"{path}edit/").content.decode()
    assert not editor.get("/projects/review/").context["page"].object_list


@pytest.mark.parametrize("field", ["title", "summary"])
def test_a_projects_card_leads_nowhere_else(cast: Cast, field: str) -> None:
    words = {**FORM, field: "Join us at t.me/elsewhere"}
    page = client_of(cast.lead).post("/projects/new/", words)
    assert page.status_code == 422
    assert "t.me/elsewhere" in page.content.decode()  # the text is kept
    assert not Project.objects.exists()


def test_lists_name_no_project_behind_a_block(cast: Cast) -> None:
    project = make_project(cast.lead, title="Quillwort gardens")
    Project.objects.filter(pk=project.pk).update(state="published", country="TG")
    appeal = Appeal.objects.create(
        slug="after", title="After", region="Togo", country="TG", state="open"
    )
    appeal.projects.add(project)
    for path in ("/get-involved/", "/projects/"):
        assert project.title in client_of(cast.stranger).get(path).content.decode()
    block_person(by=cast.lead, person=cast.stranger)
    for path in ("/get-involved/", "/projects/"):
        page = client_of(cast.stranger).get(path).content.decode()
        assert project.title not in page, path
        assert 'value="TG"' not in page
    assert project.title in Client().get("/get-involved/").content.decode()
