"""The weights and gates of matching that both engines share."""

from hashlib import blake2b
from typing import Final

SKILLS: Final = 0.50
PLACE: Final = 0.15
TIME: Final = 0.15
CAUSE: Final = 0.10
RECENCY: Final = 0.05
EXPERIENCE: Final = 0.05

PIVOT_KM: Final = 10.0
PIVOT_DAYS: Final = 60
FULL_EXPERIENCE_YEARS: Final = 10
EARTH_RADIUS_KM: Final = 6371.0087714
REACHES: Final = (5, 10, 25, 50, 100)
SCORE_PLACES: Final = 6


def reach_km(travel_km: int) -> int:
    """The widest preset within `travel_km`; 0, which reaches nothing, below 5 km."""
    return max((reach for reach in REACHES if reach <= travel_km), default=0)


def skills_needed(required: int) -> int:
    """How many of the required skills must be met. Never 0: nothing meets nothing."""
    return max(1, (required + 1) // 2)


def experience_points(years: int) -> float:
    return (
        EXPERIENCE * min(max(years, 0), FULL_EXPERIENCE_YEARS) / FULL_EXPERIENCE_YEARS
    )


def recency_points(idle_days: int) -> float:
    return RECENCY * PIVOT_DAYS / (PIVOT_DAYS + abs(idle_days))


def tie_key(doc_id: str) -> int:
    """63 bits that order equal scores the same in every process and engine."""
    return int.from_bytes(blake2b(doc_id.encode(), digest_size=8).digest()) >> 1
