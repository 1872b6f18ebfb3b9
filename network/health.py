"""/health/: ok or not for everybody; the parts only for staff."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from network import parts, worker
from network.access import Role, has_role
from network.http import Request
from network.parts import Health

SILENT_FOR = timedelta(minutes=2)


def database() -> Health:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Health("database", is_ok=False, detail=type(error).__name__)
    return Health("database", is_ok=True, detail=connection.vendor)


def background_worker() -> Health:
    pulse = worker.last_pulse()
    is_ok = pulse is not None and timezone.now() - pulse < SILENT_FOR
    return Health("worker", is_ok=is_ok, checked_at=pulse)


parts.health_checks.register("database", database)
parts.health_checks.register("worker", background_worker)


def health(request: Request) -> HttpResponse:
    results = [check() for check in parts.health_checks]
    is_ok = all(result.is_ok for result in results if result.name != "worker")
    status = 200 if is_ok else 503
    if has_role(request.user, Role.ADMIN):
        context = {"results": results, "is_ok": is_ok}
        return render(request, "network/health.html", context, status=status)
    return JsonResponse({"ok": is_ok}, status=status)
