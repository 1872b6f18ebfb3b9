from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.table import Table

from cms.actions.packs import build_pack
from cms.models import PackPage
from demo import content
from demo.password import demo_password
from demo.people import address_of

ROLES = {
    "former": "Former, a member",
    "survivor": "Survivor, a member",
    "project_lead": "Lead of a project",
    "mentor": "Mentor",
    "partner": "Partner organisation",
    "educator": "Educator",
    "vetter": "Vetter",
    "moderator": "Moderator",
    "editor": "Editor",
    "dpo": "Data-protection officer",
    "admin": "Administrator",
}


class Command(BaseCommand):
    help = "Brings the site up with demonstration content and serves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            with console.status("Creating the database …"):
                call_command("migrate", verbosity=0)
        port = options["port"]
        base = f"http://localhost:{port}"
        # what is loaded says where it stands: on the sheets of packs, in mails
        os.environ["WAYMARK_BASE_URL"] = settings.BASE_URL = base
        call_command("load_demo")
        with console.status("Looking through the packs …"):
            for pack in PackPage.objects.live():
                build_pack(pack=pack)  # anew where it says another port
        console.print(sign_ins())
        console.print(f"Password for all of them: [bold]{demo_password()}[/bold]")
        console.print(
            "Their second factor: .venv/bin/python manage.py demo_code E-MAIL"
        )
        console.print(f"Mails that the site sends: {base}/mailbox/")
        console.print(f"Ready: [bold]{base}/[/bold]")
        serve = ["-m", "uvicorn", "network.asgi:application", "--port", str(port)]
        quiet = [
            "--lifespan",
            "off",
            "--ws-max-size",
            "65536",
            "--log-level",
            "warning",
        ]
        os.execv(sys.executable, [sys.executable, *serve, *quiet])  # noqa: S606


def sign_ins() -> Table:
    """One for each role."""
    table = Table("Role", "Sign in as", title="Who can sign in")
    seen = set()
    for row in content.one("people/cast")["cast"]:
        if row["role"] in seen and row["role"] != "vetter":
            continue
        seen.add(row["role"])
        table.add_row(ROLES[row["role"]], address_of(row["key"]))
    for row in content.one("people/applicants")["applicants"]:
        table.add_row("Applicant, waiting", address_of(row["key"]))
    return table
