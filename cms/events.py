"""What the other rooms are told of a page, in the transaction of its change."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.models import Page

from network import outbox
from network.models import Lane, OutboxEntry

KIND = "page"


def next_version(page: Page) -> int:
    """Wagtail's pages have no counter. The clock serves, held above what was told
    before, so that a clock set back cannot make new look old."""
    told = OutboxEntry.objects.filter(kind=KIND, key=str(page.pk))
    last = told.aggregate(last=Max("row_version"))["last"] or 0
    return max(last + 1, time.time_ns() // 1000)


def tell_page(page: Page, *, withdrawn: bool = False) -> None:
    with transaction.atomic():
        outbox.append(
            lane=Lane.WITHDRAWALS if withdrawn else Lane.REST,
            kind=KIND,
            key=str(page.pk),
            version=next_version(page),
        )


def page_was_published(instance: Page, **kwargs: Any) -> None:
    tell_page(instance)


def page_was_unpublished(instance: Page, **kwargs: Any) -> None:
    tell_page(instance, withdrawn=True)
