"""/health/: ok or not for everybody; the parts only for staff."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from network import factors, outbox, parts, tombstones, worker
from network.access import is_signed_in, is_staff_role
from network.http import Request
from network.parts import Health, HealthCheck

SILENT_FOR = timedelta(minutes=2)
MANY_BEHIND = 10_000  # entries; what a consumer should have caught up with in a minute


def database() -> Health:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Health(
            "database", is_ok=False, detail=type(error).__name__, is_vital=True
        )
    return Health("database", is_ok=True, detail=connection.vendor, is_vital=True)


def background_worker() -> Health:
    pulse = worker.last_pulse()
    is_ok = pulse is not None and timezone.now() - pulse < SILENT_FOR
    return Health("worker", is_ok=is_ok, checked_at=pulse)


def outbox_lag() -> Health:
    behind = {name: outbox.lag(name) for name in outbox.consumers()}
    is_ok = all(count < MANY_BEHIND for count in behind.values())
    detail = ", ".join(f"{name} {count}" for name, count in behind.items())
    return Health("outbox", is_ok=is_ok, detail=detail)


def erasures() -> Health:
    """Not well after a restore, until `manage.py replay_erasures` has run."""
    kept, known = tombstones.read(), tombstones.known()
    unknown, missing = len(kept.stones.keys() - known), len(known - kept.stones.keys())
    told = {
        "erased before and unknown to this database, run replay_erasures": unknown,
        "missing from the file of tombstones": missing,
        "lines of that file unreadable": len(kept.unreadable),
    }
    detail = ", ".join(f"{count} {words}" for words, count in told.items() if count)
    return Health("erasures", is_ok=not detail, detail=detail or f"{len(known)} kept")


parts.health_checks.register("database", database)
parts.health_checks.register("erasures", erasures)
parts.health_checks.register("outbox", outbox_lag)
parts.health_checks.register("worker", background_worker)


def result_of(name: str, check: HealthCheck) -> Health:
    try:
        return check()
    except Exception as error:  # a check that breaks is an answer too
        return Health(name, is_ok=False, detail=type(error).__name__)


def health(request: Request) -> HttpResponse:
    results = [result_of(*named) for named in parts.health_checks.items()]
    is_ok = all(result.is_ok for result in results if result.is_vital)
    status = 200 if is_ok else 503
    if is_ok and may_see_parts(request):
        context = {"results": results, "is_ok": is_ok}
        return render(request, "network/health.html", context, status=status)
    return JsonResponse({"ok": is_ok}, status=status)


def may_see_parts(request: Request) -> bool:
    user = request.user
    if not is_signed_in(user) or factors.is_missing(request, user):
        return False
    return is_staff_role(user)
