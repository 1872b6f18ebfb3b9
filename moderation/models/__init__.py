from moderation.models.reports import (
    DANGER_WITHIN,
    SITUATION,
    WAITING,
    Report,
    ReportQuerySet,
)

__all__ = [
    "DANGER_WITHIN",
    "SITUATION",
    "WAITING",
    "Report",
    "ReportQuerySet",
]
