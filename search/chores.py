"""What this room does every so often."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from network import tasks
from search import arrivals, feeder, peers
from search.budget import forget_earlier_days


@tasks.periodic("forget seen cards", timedelta(hours=1))
def forget_seen_cards() -> None:
    forget_earlier_days()
    peers.forget_old()
    arrivals.forget_old()


@tasks.periodic("match who arrives", timedelta(seconds=1))
def match_who_arrives() -> None:
    arrivals.match_arrivals()


@tasks.periodic("keep the search cluster fed", timedelta(seconds=15))
def keep_cluster_fed() -> None:
    if settings.ELASTICSEARCH_URLS:
        feeder.keep_running()
