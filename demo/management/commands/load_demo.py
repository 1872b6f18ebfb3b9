from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import QuerySet
from faker import Faker
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from demo import (
    canaries,
    consents,
    content,
    conversations,
    crowd,
    desk,
    looks,
    people,
    projects,
    publishing,
)
from demo.password import demo_password
from network import worker
from network.models import OutgoingMail, User
from search import replica


class Command(BaseCommand):
    help = "Loads the demonstration into an empty database; does nothing the next time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=300)
        parser.add_argument("--volunteers", type=int, default=2000)
        parser.add_argument("--projects", type=int, default=81)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        check_debug()
        if demo_accounts().exists():
            self.stdout.write("The demonstration is already here.")
            return
        check_empty()
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
        )
        with Progress(*columns, console=Console(stderr=True)) as progress:
            Loading(progress, options).run()
        replica.replica.reset()


def demo_accounts() -> QuerySet[User]:
    """The cast and the bulk people; not whoever has signed up in the demonstration."""
    return User.objects.filter(email__endswith=f"@{people.DOMAIN}")


def check_debug() -> None:
    if not settings.DEBUG:
        raise CommandError("The demonstration is for DEBUG only.")


def check_empty() -> None:
    """Raises `CommandError` for a database that is in use for something else."""
    if User.objects.exists():
        raise CommandError(
            "This database holds accounts and no demonstration. Nothing was changed."
        )


class Loading:
    """All or nothing: a run that is broken off leaves the database empty."""

    def __init__(self, progress: Progress, options: dict[str, Any]) -> None:
        self.progress = progress
        self.options = options
        self.crowd = crowd.Crowd(options["seed"])

    def run(self) -> None:
        with transaction.atomic():
            consents.load_consent_texts()
            cast = self.step("The cast", lambda: people.load_cast(demo_password()))
            members = self.step("Members", self.members)
            self.step("Canaries", canaries.load_canaries)
            self.step("Who looked", lambda: looks.load_looks(cast, members))
            self.step(
                "Volunteers",
                lambda: crowd.load_volunteers(self.options["volunteers"], self.crowd),
            )
            by_slug = self.step(
                "Projects",
                lambda: projects.load_projects(cast, members, self.options["projects"]),
            )
            self.step("Conversations", lambda: conversations.load_conversations(cast))
            self.step("Introductions", lambda: conversations.load_introductions(cast))
            self.step("The vetters' desk", lambda: desk.load_desk(cast))
            self.step("Applicants", lambda: desk.load_applicants(demo_password()))
            for title, count, work in publishing.steps(cast):
                bar = self.progress.add_task(title, total=count)
                for _ in work:
                    self.progress.advance(bar)
            for row in content.every("appeals"):
                appeal = projects.load_appeal(row, by_slug)
                publishing.load_appeal_pages(appeal)
            OutgoingMail.objects.all().delete()  # nobody is written to for all this
        bar = self.progress.add_task("Building the packs", total=1)
        worker.run_queued()
        self.progress.update(bar, completed=1)

    def members(self) -> list[User]:
        faker = Faker(["en_GB", "fr_FR", "de_DE", "es_ES", "nl_NL", "sv_SE"])
        faker.seed_instance(self.options["seed"])
        count = self.options["members"]
        names = [
            f"{faker.first_name()} {faker.random_uppercase_letter()}."
            for _ in range(count)
        ]
        return crowd.load_members(count, self.crowd, names)

    def step(self, title: str, work: Any) -> Any:
        bar = self.progress.add_task(title, total=None)
        result = work()
        self.progress.update(bar, total=len(result), completed=len(result))
        return result
