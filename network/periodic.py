"""What the base itself does every so often."""

from datetime import timedelta
from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from network import audit, digest, notify, outbox, push, ratelimit, tasks, tombstones
from network.cache import RowCache
from network.models import MailedLink, OutgoingMail


@tasks.periodic("seal audit", timedelta(seconds=1))
def seal_audit() -> None:
    audit.seal(since=timedelta(hours=2))


@tasks.periodic("seal what came late", timedelta(hours=1))
def seal_latecomers() -> None:
    """Written in a transaction that took hours, or under a clock that was wrong."""
    audit.seal()


@tasks.periodic("deliver mail", timedelta(seconds=1))
def deliver_mail() -> None:
    notify.deliver_waiting()


@tasks.periodic("deliver pushes", timedelta(seconds=1))
def deliver_pushes() -> None:
    push.deliver_waiting()


@tasks.periodic("send digests", timedelta(minutes=1))
def send_digests() -> None:
    digest.send_due_digests()


@tasks.periodic("requeue abandoned tasks", timedelta(minutes=1))
def requeue_abandoned() -> None:
    tasks.requeue_abandoned()


@tasks.periodic("prune", timedelta(hours=1))
def prune() -> None:
    """Retention of the base's own rows (SAFETY: Data)."""
    now = timezone.now()
    outbox.renumber_after_restore()
    outbox.prune()
    ratelimit.prune()
    audit.drop_old()
    Session.objects.filter(expire_date__lt=now).delete()
    push.drop_over()
    MailedLink.objects.filter(expires_at__lt=now - timedelta(days=7)).delete()
    OutgoingMail.objects.filter(sent_at__lt=now - timedelta(days=7)).delete()
    cast(RowCache, caches["default"]).forget_expired()
    DBTaskResult.objects.filter(finished_at__lt=now - timedelta(days=7)).delete()


@tasks.periodic("complete the tombstones", timedelta(hours=1))
def complete_tombstones() -> None:
    tombstones.complete_file()


@tasks.periodic("blank addresses of sessions", timedelta(hours=1))
def blank_addresses() -> None:
    week_ago = timezone.now() - timedelta(days=7)
    UserSession.objects.filter(last_seen_at__lt=week_ago).exclude(ip="0.0.0.0").update(  # noqa: S104
        ip="0.0.0.0"  # noqa: S104
    )
