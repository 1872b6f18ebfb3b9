from moderation.models.recovery import (
    AccessRecovery,
    AccessRecoveryQuerySet,
    RecoveryDecision,
    RecoveryState,
)
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
    "AccessRecovery",
    "AccessRecoveryQuerySet",
    "RecoveryDecision",
    "RecoveryState",
    "Report",
    "ReportQuerySet",
]
