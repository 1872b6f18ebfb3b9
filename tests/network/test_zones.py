from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from network.zones import zone_choices, zone_of


def test_a_country_with_one_clock_goes_by_its_name_and_others_by_town() -> None:
    labels = dict(zone_choices())
    assert labels["Europe/Brussels"] == "Belgium"
    assert labels["Atlantic/Canary"] == "Spain – Canary"
    assert labels["America/New_York"] == "United States – New York"


def test_names_are_those_of_the_readers_language() -> None:
    with translation.override("ar"):
        assert dict(zone_choices())["Africa/Tunis"] == "تونس"


def test_every_choice_is_a_clock_and_stands_there_once() -> None:
    names = [name for name, _label in zone_choices()]
    assert len(names) == len(set(names)) > 400
    for name in names:
        assert zone_of(name) == ZoneInfo(name)


@pytest.mark.parametrize("kept", ["UTC", "Asia/Calcutta", "Europe/Brussels"])
def test_what_somebody_has_is_among_them(kept: str) -> None:
    names = [name for name, _label in zone_choices(kept)]
    assert names[0] == "UTC"
    assert names.count(kept) == 1


@pytest.mark.parametrize(
    "name", ["", "America", "no/such", "../../etc/passwd", "x" * 9]
)
def test_what_is_no_zone_is_taken_for_utc(name: str) -> None:
    assert zone_of(name) == ZoneInfo("UTC")
