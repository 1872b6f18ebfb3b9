"""A rush of registrations against many needs, through the product's own code and rows.

The floor is the engine alone: the same people's documents matched by it, without rows,
outbox or remembering. Both in turns and in processor time, batch by batch. All along,
people who were led somewhere withdraw; a withdrawal must be the next thing that is
read, however many wait.

    python -m bench.surge --people 50000 --needs 10000
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROWS_AT_ONCE = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        set_up(Path(folder))
        Console().print(drained(options))


def set_up(folder: Path) -> None:
    """A database of its own, empty."""
    os.environ |= {"WAYMARK_VAR": str(folder), "DATABASE_URL": ""}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def drained(options: argparse.Namespace) -> Table:
    from bench.rush import Rush

    rush = Rush(options.seed)
    rush.add_needs(options.needs)
    rush.begin()
    for count in track(list(portions(options.people)), "registrations", transient=True):
        rush.register(count)
    whole = least = 0.0
    while True:
        start = thread_time()
        read = rush.match_one_batch()
        whole += thread_time() - start
        if not read:
            break
        start = thread_time()
        rush.match_barely()
        least += thread_time() - start
        rush.withdraw_somebody()
    table = Table("", "seen")
    for title, told in rush.told().items():
        table.add_row(title, told)
    table.add_row(
        "milliseconds for each arrival", f"{1000 * whole / options.people:.2f}"
    )
    table.add_row("times the engine alone", f"{whole / least:.1f}")
    return table


def portions(count: int) -> Iterator[int]:
    while count > 0:
        yield min(count, ROWS_AT_ONCE)
        count -= ROWS_AT_ONCE


if __name__ == "__main__":
    main()
