"""Narrowed requests: what the middleware has put there, told to the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from network.models import User


class Request(HttpRequest):
    htmx: HtmxDetails


class MemberRequest(Request):
    """A request behind `access.require_login`."""

    user: User
