from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from moderation.actions.canaries import Invented, create_canary, remove_canary
from moderation.models import Canary
from network.access import Refused


class Command(BaseCommand):
    """A command and no page: whoever may run it reads the database anyhow, and nobody
    on the staff has to know which members are invented."""

    help = (
        "Invented members of the directory whose opening is reported: "
        '`canary add "Noor V." --language nl --skill first-aid`, `canary list`, '
        "`canary remove ID`. Three are enough."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        add = what.add_parser("add")
        add.add_argument("name")
        add.add_argument("--language", action="append", default=[])
        add.add_argument("--skill", action="append", default=[])
        add.add_argument("--cause", action="append", default=[])
        add.add_argument("--way", default="", help="a few sentences")
        what.add_parser("list")
        what.add_parser("remove").add_argument("id", type=UUID)

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            getattr(self, f"_{what}")(options)
        except Refused as refusal:
            raise CommandError(str(refusal.message)) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        made = create_canary(
            invented=Invented(
                pseudonym=options["name"],
                languages=options["language"],
                skills=options["skill"],
                causes=options["cause"],
                way=options["way"],
            )
        )
        self.stdout.write(str(made.pk))

    def _list(self, options: dict[str, Any]) -> None:
        for row in Canary.objects.select_related("person__profile"):
            self.stdout.write(f"{row.pk}  {row.person.profile.pseudonym}")

    def _remove(self, options: dict[str, Any]) -> None:
        row = Canary.objects.filter(pk=options["id"]).first()
        if row is None:
            raise CommandError("There is none with this id.")
        remove_canary(canary=row)
        self.stdout.write("Gone.")
