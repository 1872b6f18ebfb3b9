"""The traps that stand in no room of their own, and the list of all in docs."""

from __future__ import annotations

import ast
import json
import re
import weakref
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models.signals import post_save
from django.template.loader import render_to_string

from network.crypto import Tampered
from tests.network.signing_in import create_person, give_factor

ROOT = Path(__file__).resolve().parents[2]


def raw_factors() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return json.dumps([str(row[0]) for row in cursor.fetchall()])


@pytest.mark.django_db
def test_trap_2_no_seed_of_a_factor_stands_in_plain() -> None:
    secret = give_factor(create_person("walker"))
    assert secret not in raw_factors()
    assert "v1:" in raw_factors()


@pytest.mark.django_db
def test_trap_2_a_seed_moved_to_another_account_does_not_open() -> None:
    one, other = create_person("one"), create_person("other")
    give_factor(one)
    give_factor(other)
    stolen = Authenticator.objects.get(user=one).data
    Authenticator.objects.filter(user=other).update(data=stolen)
    with pytest.raises(Tampered):
        Authenticator.objects.get(user=other)


def test_trap_5_nothing_indexes_from_a_signal_of_saving() -> None:
    ours = ("network.", "profiles.", "projects.", "messaging.", "cms.", "search.")
    modules = {receiver_module(each[1]) for each in post_save.receivers}
    assert [name for name in modules if name.startswith("modelsearch.")]  # it sees any
    assert not [name for name in modules if name.startswith(ours)]


def receiver_module(receiver: Any) -> str:
    called = receiver() if isinstance(receiver, weakref.ref) else receiver
    return str(getattr(called, "__module__", ""))


def test_trap_9_htmx_keeps_no_page() -> None:
    body = render_to_string("components/htmx.html")
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", body)
    assert found
    settings = json.loads(found[1])
    assert settings["historyCacheSize"] == 0
    assert settings["allowEval"] is False


def test_every_trap_names_tests_that_exist() -> None:
    rows = re.findall(
        r"^\| (\d+) \|(.+)$", (ROOT / "docs/traps.md").read_text(), re.MULTILINE
    )
    assert [int(number) for number, _rest in rows] == list(range(1, 15))
    for number, rest in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", rest)
        assert named, f"trap {number} names no test"
        for file, test in named:
            assert test in functions(ROOT / file), f"trap {number}: {file}::{test}"


def functions(file: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.walk(ast.parse(file.read_text()))
    return {node.name for node in tree if isinstance(node, kinds)}
