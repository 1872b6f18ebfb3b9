"""Error pages. The 404 is a constant: hidden and missing must be equal to the byte.
Mailed links have one of their own, whatever became of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from network import resend
from network.http import page_shown

LINK_OVER = "waymark.link_over"  # in META: a mailed link that opens nothing


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    is_link = request.META.get(LINK_OVER, False)
    # without the request: no nonce, token, name or path
    body = render_to_string("404_link.html" if is_link else "404.html")
    return HttpResponse(body, status=404)


def not_allowed(request: HttpRequest, refusal: HttpResponse) -> HttpResponse:
    """A constant too, but for the way back: it names the page before, or leads up the
    path without a word of it."""
    shown, here = page_shown(request), request.path
    if shown != "/" and here.startswith(shown):
        shown = "../" * here[len(shown) :].count("/")
    way_back = "" if shown == "/" else shown
    body = render_to_string("405.html", {"way_back": way_back})
    response = HttpResponse(body, status=405)
    response["Allow"] = refusal.get("Allow", "")
    return response


def not_readable(request: HttpRequest, exception: object = None) -> HttpResponse:
    """Too large, or not what a form sends. Nothing of it is read: a constant."""
    return HttpResponse(render_to_string("400.html"), status=400)


def refused(request: HttpRequest, message: object = "") -> HttpResponse:
    return render(request, "403.html", {"message": message}, status=403)


def permission_denied(request: HttpRequest, exception: object = None) -> HttpResponse:
    return not_found(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Another site's form never comes back ready to be sent."""
    if resend.is_own_form(request) and resend.has_words(request):
        return resend.resend_page(request, status=403)
    message = _(
        "This page was open for too long, or your browser blocks cookies. "
        "Go back, copy what you wrote, then reload the page and send it again."
    )
    return render(request, "403.html", {"message": message}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)
