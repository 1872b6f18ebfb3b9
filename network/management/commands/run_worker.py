import signal
from typing import Any

from django.core.management.base import BaseCommand

from network.worker import Worker


class Command(BaseCommand):
    help = "Runs background work until it is told to stop (SIGTERM, Ctrl+C)."

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
