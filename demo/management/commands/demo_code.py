from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.management.commands.load_demo import check_debug, demo_accounts


class Command(BaseCommand):
    help = "Prints the current code of a demonstration account's second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        check_debug()
        self.stdout.write(current_code(options["email"]))


def current_code(email: str) -> str:
    """Six digits of this half minute. Raises `CommandError` without a factor."""
    factor = Authenticator.objects.filter(
        user__in=demo_accounts().filter(email=email.strip().lower()),
        type=Authenticator.Type.TOTP,
    ).first()
    if factor is None:
        raise CommandError("The demonstration has no account of that address.")
    counters = list(yield_hotp_counters_from_time())
    now = counters[len(counters) // 2]
    return str(format_hotp_value(hotp_value(decrypt(factor.data["secret"]), now)))
