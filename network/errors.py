"""Error pages. The 404 is a constant: hidden and missing must be equal to the byte."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    body = render_to_string("404.html")  # no request: no nonce, token, name or path
    return HttpResponse(body, status=404)


def refused(request: HttpRequest, message: object = "") -> HttpResponse:
    return render(request, "403.html", {"message": message}, status=403)


def permission_denied(request: HttpRequest, exception: object = None) -> HttpResponse:
    return not_found(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "This page was open for too long, or your browser blocks cookies. "
        "Go back, reload the page and send it again: your text is still there."
    )
    return render(request, "403.html", {"message": message}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)
