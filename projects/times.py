"""The times that a hurried person ticks, and the slots of a week behind them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network.widgets import DAYS, PARTS_OF_DAY, SLOTS

WEEKEND = ("sat", "sun")
ANY_TIME = "any"
TIMES = (
    ("weekdays", _("Weekdays in the daytime")),
    ("evenings", _("Weekday evenings")),
    ("weekends", _("At weekends")),
    (ANY_TIME, _("Any time")),
)


def slots_of(times: list[str]) -> list[str]:
    if ANY_TIME in times:
        return list(SLOTS)
    return [
        f"{day}-{part}"
        for day, _day in DAYS
        for part, _part in PARTS_OF_DAY
        if _time_of(day, part) in times
    ]


def _time_of(day: str, part: str) -> str:
    if day in WEEKEND:
        return "weekends"
    return "evenings" if part == "eve" else "weekdays"
