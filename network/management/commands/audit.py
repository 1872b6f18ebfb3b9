from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network import audit


class Command(BaseCommand):
    help = "Checks the audit log: `manage.py audit verify`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subcommand", choices=["verify"])
        parser.add_argument(
            "--head",
            default="",
            metavar="NUMBER:HASH",
            help="a head that was printed earlier: is it still in the chain?",
        )

    def handle(self, *args: Any, head: str, **options: Any) -> None:
        broken = 0
        for sentence in audit.broken_links():
            self.stderr.write(sentence)
            broken += 1
        if head and not audit.holds_head(head):
            self.stderr.write("The noted head is gone: the end of the chain was cut.")
            broken += 1
        self._tell(audit.state())
        if broken:
            raise CommandError(f"{broken} broken links")

    def _tell(self, state: audit.State) -> None:
        self.stdout.write(
            f"{state.sealed} entries sealed, {state.dropped} of them dropped after "
            f"their time, {state.waiting} waiting for the seal"
        )
        self.stdout.write(f"Head, to be noted elsewhere: {state.head or 'none yet'}")
