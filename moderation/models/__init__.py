from moderation.models.canaries import Canary
from moderation.models.checks import (
    CheckQuerySet,
    CheckState,
    CheckVoice,
    Ground,
    SafeguardingCheck,
)
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
from moderation.models.vetting import TAKEN_BACK_WITHIN, DossierNote, Interview

__all__ = [
    "DANGER_WITHIN",
    "SITUATION",
    "TAKEN_BACK_WITHIN",
    "WAITING",
    "AccessRecovery",
    "AccessRecoveryQuerySet",
    "Canary",
    "CheckQuerySet",
    "CheckState",
    "CheckVoice",
    "DossierNote",
    "Ground",
    "Interview",
    "RecoveryDecision",
    "RecoveryState",
    "Report",
    "ReportQuerySet",
    "SafeguardingCheck",
]
