"""What the base itself does every so often."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from network import audit, notify, outbox, ratelimit, tasks
from network.models import MailedLink, OutgoingMail


@tasks.periodic("seal audit", timedelta(seconds=1))
def seal_audit() -> None:
    audit.seal()


@tasks.periodic("deliver mail", timedelta(seconds=1))
def deliver_mail() -> None:
    notify.deliver_waiting()


@tasks.periodic("requeue abandoned tasks", timedelta(minutes=1))
def requeue_abandoned() -> None:
    tasks.requeue_abandoned()


@tasks.periodic("prune", timedelta(hours=1))
def prune() -> None:
    """Retention of the base's own rows (SAFETY: Data)."""
    now = timezone.now()
    outbox.prune()
    ratelimit.prune()
    audit.drop_old()
    Session.objects.filter(expire_date__lt=now).delete()
    MailedLink.objects.filter(expires_at__lt=now - timedelta(days=7)).delete()
    OutgoingMail.objects.filter(
        state=OutgoingMail.State.SENT, sent_at__lt=now - timedelta(days=7)
    ).delete()
    DBTaskResult.objects.filter(finished_at__lt=now - timedelta(days=7)).delete()


@tasks.periodic("blank addresses of sessions", timedelta(hours=1))
def blank_addresses() -> None:
    week_ago = timezone.now() - timedelta(days=7)
    UserSession.objects.filter(created_at__lt=week_ago).exclude(ip="0.0.0.0").update(  # noqa: S104
        ip="0.0.0.0"  # noqa: S104
    )
