"""81 projects with their needs, and the appeal after an invented attack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from demo import content, places
from demo.content import Row
from network.models import User
from profiles import languages
from projects.models import Appeal, Need, NeedSkill, Project, ProjectMember


def project_rows() -> list[Row]:
    return [row for file in content.every("projects") for row in file["projects"]]


def load_projects(
    cast: Mapping[str, User], members: list[User], limit: int
) -> dict[str, Project]:
    """By slug. Led by the cast where the cast says so, else by a member."""
    leads = {
        slug: cast[row["key"]]
        for row in content.one("people/cast")["cast"]
        for slug in row["leads"]
    }
    # those that the cast and the appeal name come first, whatever the limit
    wanted = {
        *leads,
        *(slug for row in content.every("appeals") for slug in row["projects"]),
    }
    ordered = sorted(project_rows(), key=lambda row: row["slug"] not in wanted)
    found = {}
    for number, row in enumerate(ordered[: max(limit, len(wanted))]):
        fallback = members[number % len(members)] if members else cast["mirte"]
        found[row["slug"]] = load_project(row, leads.get(row["slug"], fallback))
    return found


def load_project(row: Row, lead: User) -> Project:
    town = places.city(row["town"], row["country"])
    project = Project.objects.create(
        slug=row["slug"],
        title=row["title"],
        summary=row["summary"],
        body=row["body"].strip(),
        language=row["language"],
        country=row["country"],
        town_id=town.id,
        town=row["town"],
        causes=row["causes"],
        stage=row["stage"],
        state=Project.State.PUBLISHED,
        published_at=timezone.now() - timedelta(days=len(row["title"])),
    )
    ProjectMember.objects.create(
        project=project, person=lead, role=ProjectMember.Role.LEAD
    )
    for need in row["needs"]:
        load_need(project, need)
    return project


def load_need(project: Project, row: Row) -> Need:
    today = timezone.localdate()
    town = places.city(project.town, project.country)
    need = Need.objects.create(
        project=project,
        kind=row["kind"],
        title=row["title"],
        description=row["description"].strip(),
        languages=[
            code for code in row.get("languages", []) if languages.is_language(code)
        ],
        is_remote=row.get("remote", False),
        town_id=town.id,
        town=project.town,
        country=project.country,
        lat=town.lat,
        lon=town.lon,
        slots=row.get("slots", []),
        causes=project.causes,
        seats=row.get("seats", 1),
        hours_per_week=row.get("hours_per_week", 2),
        min_experience=row.get("min_experience", 0),
        safeguarding_tier=row.get("safeguarding_tier", 0),
        starts_on=today + timedelta(days=row.get("starts_in_days", 0)),
        until=today
        + timedelta(days=row.get("starts_in_days", 0) + row.get("lasts_days", 120)),
        amount=row.get("amount"),
        currency=row.get("currency", ""),
        quantity=row.get("quantity"),
    )
    skills = [
        NeedSkill(need=need, skill=skill["id"], weight=skill["weight"])
        for skill in row.get("skills", [])
    ]
    NeedSkill.objects.bulk_create(skills)
    return need


def load_appeal(row: Row, projects: Mapping[str, Project]) -> Appeal:
    now = timezone.now()
    town = places.city(row["town"], row["country"])
    appeal = Appeal.objects.create(
        slug=row["slug"],
        title=row["title"],
        titles=row["titles"],
        region=row["region"],
        country=row["country"],
        town_id=town.id,
        state=Appeal.State.OPEN,
        opened_at=now - timedelta(days=row["opened_days_ago"]),
        closes_on=timezone.localdate() + timedelta(days=row["closes_in_days"]),
    )
    appeal.projects.set([projects[slug] for slug in row["projects"]])
    return appeal
