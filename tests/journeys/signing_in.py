"""Somebody of the demonstration signs in, as `make demo` says they can."""

from __future__ import annotations

from demo.management.commands.demo_code import current_code
from demo.password import demo_password
from demo.people import address_of
from tests.journeys.reading import Visitor


def sign_in(name: str) -> Visitor:
    visitor = Visitor()
    visitor.opens("/")
    visitor.follows("Sign in")
    visitor.presses("Sign in", login=address_of(name), password=demo_password())
    visitor.presses("Sign in", code=current_code(address_of(name)))
    return visitor
