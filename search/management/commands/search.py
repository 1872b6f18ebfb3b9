"""`manage.py search status|reindex|verify`: the cluster, seen and mended by hand."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from search import feed, health, reindexing, verifying
from search.elastic import ElasticEngine
from search.elastic.connection import engine_on, feeding_client
from search.engine import Counts, EngineUnavailable
from search.replica import related_skills, replica

NAMES = {
    "fill": "Filling the new indices",
    "catch up": "Catching up",
    "compare": "Comparing with the tables",
    "done": "The new indices answer",
}


class Command(BaseCommand):
    help = "Shows, rebuilds or compares what search and matching hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["status", "reindex", "verify"])
        parser.add_argument(
            "--sample",
            type=int,
            default=verifying.SAMPLE,
            help="how many documents are compared letter by letter",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(file=cast(IO[str], self.stdout._out))
        if options["what"] != "status" and not settings.ELASTICSEARCH_URLS:
            raise CommandError(
                "No cluster is set (ELASTICSEARCH_URL): each process answers from its "
                "own memory, which it fills from the tables. Nothing to do."
            )
        try:
            getattr(self, options["what"])(options)
        except EngineUnavailable as error:
            raise CommandError(f"The cluster does not answer: {error}") from error

    def engine(self) -> ElasticEngine:
        return engine_on(feeding_client(), related_skills())

    def status(self, options: dict[str, Any]) -> None:
        table = Table("", "people", "needs", "texts", "behind", "")
        if settings.ELASTICSEARCH_URLS:
            state = health.cluster()
            told = state.error or state.generation or "no indices"
            table.add_row("cluster", *held(state.counts), str(state.behind), told)
        own = replica.engine()
        memory = own.memory()
        told = f"this process: {size(memory.people)} people, {size(memory.needs)} needs"
        table.add_row("memory", *held(own.count()), "0", told)
        self.console.print(table)

    def reindex(self, options: dict[str, Any]) -> None:
        try:
            self.build()
        except reindexing.Building as error:
            raise CommandError("New indices are being built already.") from error
        except reindexing.Differs as error:
            self.tell(error.differences)
            raise CommandError("The old indices go on answering.") from error

    def build(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self.console) as progress:
            bar = progress.add_task(NAMES["fill"], total=None)
            for step in reindexing.reindex(self.engine()):
                progress.update(bar, description=NAMES[step.name])
                if step.total:
                    progress.update(bar, completed=step.done, total=step.total)

    def verify(self, options: dict[str, Any]) -> None:
        engine = self.engine()
        generation = engine.current()
        if generation is None or not feed.is_fed(generation):
            raise CommandError("The indices are not those of this database: reindex.")
        found = list(verifying.differences(engine.of(generation), options["sample"]))
        self.tell(found)
        if found:
            raise CommandError(f"{len(found)} differences")
        self.console.print("The cluster holds what the tables do.")

    def tell(self, differences: list[str]) -> None:
        for one in differences:
            self.console.print(one)


def size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def held(counts: Counts | None) -> list[str]:
    if counts is None:
        return ["–"] * 3
    return [str(number) for number in (counts.people, counts.needs, counts.texts)]
