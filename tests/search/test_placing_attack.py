"""A lead who places 50 needs where they like, and reads all that the rankings tell,
cannot place a member closer than the cell of 25 km that they live in."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from itertools import combinations
from random import Random

import pytest
from django.db import transaction

from network import places
from profiles.actions.changes import tell_person
from profiles.actions.profile import cell_of
from profiles.models import Profile
from projects.models import Need, NeedSkill
from search.models import Recommendation
from tests.cast import Cast, client_of, create_member
from tests.profiles.conftest import without_tokens
from tests.search.conftest import create_need, offer

pytestmark = pytest.mark.django_db

NEEDS = 50
WITHIN_KM = 90  # around the region that the attacker suspects
DECOYS = 4  # others who fit too: an order to read needs somebody to be before
TOWNS = """Gent Brugge Antwerpen Aalst Kortrijk Leuven Mechelen Lokeren Deinze Zele
Hamme Temse Beveren Boom Willebroek Puurs Bornem Lier Duffel Zottegem Ninove
Geraardsbergen Wetteren Lebbeke Dendermonde"""
SKILLS = ("first-aid", "youth-work", "mediation")


def towns_by_cell() -> list[list[places.City]]:
    """Of Belgium, where towns lie close together; the fullest cells first."""
    cells: dict[tuple[float, float], list[places.City]] = defaultdict(list)
    for name in TOWNS.split():
        for town in places.search(name, country="BE", limit=1):
            cells[places.cell_centre(town.lat, town.lon)].append(town)
    return sorted(cells.values(), key=len, reverse=True)


def live_in(profile: Profile, town: places.City) -> None:
    profile.place = cell_of(town)
    profile.save()
    with transaction.atomic():
        tell_person(profile)


def chosen_places(around: places.City) -> list[tuple[float, float]]:
    """As an attacker would: rings and a scatter around the region."""
    chance = Random(7)
    found = []
    for number in range(NEEDS):
        km = WITHIN_KM * math.sqrt((number + 0.5) / NEEDS)
        turn = chance.uniform(0, 2 * math.pi)
        lat = around.lat + km * math.cos(turn) / 111.2
        lon = around.lon + km * math.sin(turn) / (111.2 * math.cos(math.radians(lat)))
        found.append((lat, lon))
    return found


def placed_needs(cast: Cast, around: places.City) -> list[Need]:
    """With other skills, times and seats each, so that bands and reasons vary too."""
    chance = Random(8)
    made = []
    for lat, lon in chosen_places(around):
        slots = chance.sample(["tue-eve", "mon-am", "sat-pm"], chance.randint(0, 2))
        need = create_need(cast.lead, lat=lat, lon=lon, slots=slots)
        extra = chance.sample(SKILLS[1:], chance.randint(0, 1))
        NeedSkill.objects.filter(need=need).update(weight=1 / (1 + len(extra)))
        for skill in extra:
            NeedSkill.objects.create(need=need, skill=skill, weight=0.5)
        made.append(need)
    return made


def read_everything(cast: Cast, needs: list[Need]) -> list[str]:
    """Order, bands, reasons, counts, offers: every letter of every page."""
    Recommendation.objects.all().delete()
    client = client_of(cast.lead)
    pages = []
    for need in needs:
        page = client.get(f"/needs/{need.pk}/matches/")
        assert page.status_code == 200
        text = without_tokens(page.content.decode())
        pages.append(re.sub(r"\s+", " ", text))
    return pages


def test_fifty_needs_cannot_place_a_member_within_their_cell(cast: Cast) -> None:
    cells = towns_by_cell()
    home, elsewhere = cells[0], cells[1]
    one, other = max(combinations(home, 2), key=lambda pair: distance(*pair))
    assert distance(one, other) > 8  # they do live in different places
    for number in range(DECOYS):
        decoy = create_member(f"decoy-{number}")
        live_in(offer(decoy, level=8 + number % 3), cells[2 + number][0])
    target = offer(cast.former)
    target.travel_km = 50
    needs = placed_needs(cast, home[0])
    live_in(target, one)
    seen = read_everything(cast, needs)
    assert any(target.pseudonym in page for page in seen)
    live_in(target, other)
    assert read_everything(cast, needs) == seen
    live_in(target, elsewhere[0])
    assert read_everything(cast, needs) != seen  # the reading would notice


def distance(one: places.City, other: places.City) -> float:
    north = (one.lat - other.lat) * 111.2
    east = (one.lon - other.lon) * 111.2 * math.cos(math.radians(one.lat))
    return math.hypot(north, east)
