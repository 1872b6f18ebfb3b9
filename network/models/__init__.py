from network.models.audit import AuditEntry, AuditSeal
from network.models.base import BaseModel, VersionedQuerySet
from network.models.mail import (
    MailChoice,
    MailedLink,
    Notice,
    OutgoingMail,
    Pace,
)
from network.models.outbox import Lane, OutboxEntry, OutboxPosition
from network.models.push import PushHint, PushSubscription
from network.models.site import Helpline, PeriodicRun, RateCounter
from network.models.tombstone import Tombstone
from network.models.user import User

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "BaseModel",
    "Helpline",
    "Lane",
    "MailChoice",
    "MailedLink",
    "Notice",
    "OutboxEntry",
    "OutboxPosition",
    "OutgoingMail",
    "Pace",
    "PeriodicRun",
    "PushHint",
    "PushSubscription",
    "RateCounter",
    "Tombstone",
    "User",
    "VersionedQuerySet",
]
