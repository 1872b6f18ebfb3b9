"""The house's walls, where import-linter does not see: relations, receivers, people.

A foreign key by string and a receiver on a higher room's model reach upward as an
import does.
"""

from __future__ import annotations

import ast
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import SET_NULL, Field, Model, signals
from django.db.models.signals import ModelSignal
from modelsearch.backends import get_search_backends
from modelsearch.backends.database.fallback import DatabaseSearchBackend

from network import parts
from network.models import User
from profiles.models import VolunteerRegistration

# from the ground up; `projects` and `messaging` stand side by side
STOREYS = (
    {"network"},
    {"profiles"},
    {"projects", "messaging"},
    {"cms"},
    {"search"},
    {"moderation"},
    {"demo"},
)
ROOMS = {room: storey for storey, rooms in enumerate(STOREYS) for room in rooms}
PEOPLE = (User, VolunteerRegistration)

# Models with a person's key that no exporter or eraser names, and why that is right.
UNEXPORTED = {
    # what a vetter said of somebody else belongs to that person's file and its appeal
    "profiles.Decision",
    # and what they heard in a conversation with them
    "moderation.Interview",
    "moderation.DossierNote",
    # who set or lifted it; the address in it is known by nobody
    "profiles.Ban",
    # and that they were to read it
    "profiles.Assignment",
    # that somebody is invented would tell whoever has the account of it
    "moderation.Canary",
}
UNNAMED = {
    # joins a registration, which its own link shows and blanks, to an appeal
    "projects.AppealRegistration",
    # the one that stays: the same registration, blanked together with it
    "profiles.VolunteerRegistration",
    # who of the staff vouched or uploaded: a key that is emptied with the account
    "profiles.Organisation",
    "cms.SiteImage",
    "cms.SiteDocument",
    "cms.SiteMedia",
}


def our_models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS
    ]


def relations(model: type[Model]) -> Iterator[Field[Any, Any]]:
    """Its own and its parents' in our rooms, many-to-many included."""
    for field in model._meta.get_fields(include_hidden=True):
        if field.is_relation and field.concrete and field.model is model:
            yield field


def may_reach(room: str, other: str) -> bool:
    return other not in ROOMS or room == other or ROOMS[other] < ROOMS[room]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_relations_point_down_the_house(model: type[Model]) -> None:
    room = model._meta.app_label
    for field in relations(model):
        target = field.related_model
        if isinstance(target, type):  # a generic relation names no model
            assert may_reach(room, target._meta.app_label), field


def test_two_rooms_of_a_storey_do_not_know_each_other() -> None:
    assert not may_reach("projects", "messaging")
    assert not may_reach("messaging", "projects")
    assert not may_reach("profiles", "cms")
    assert may_reach("cms", "projects")


def test_the_storeys_are_those_that_import_linter_holds() -> None:
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text()
    layers = "layers = [" + ", ".join(
        f'"{" | ".join(sorted(rooms, reverse=True))}"' for rooms in reversed(STOREYS)
    )
    assert layers in text


# --- receivers ---


def receivers(signal: ModelSignal) -> Iterator[tuple[Callable[..., Any], int]]:
    """Each with the id of the model that it listens to."""
    for (_key, sender), reference, *_more in signal.receivers:
        found = reference() if isinstance(reference, weakref.ref) else reference
        if found is not None:
            yield found, sender


def model_signals() -> Iterator[tuple[str, ModelSignal]]:
    for name, signal in vars(signals).items():
        if isinstance(signal, ModelSignal):
            yield name, signal


def room_of(receiver: Callable[..., Any]) -> str:
    return receiver.__module__.partition(".")[0]


def test_no_room_listens_to_a_model_above_it() -> None:
    by_id = {id(model): model for model in apps.get_models()}
    heard = [
        (room_of(receiver), by_id[sender]._meta.app_label)
        for _name, signal in model_signals()
        for receiver, sender in receivers(signal)
        if room_of(receiver) in ROOMS and sender in by_id
    ]
    assert [pair for pair in heard if not may_reach(*pair)] == []


@pytest.mark.parametrize("name", ["post_save", "post_delete"])
def test_no_room_indexes_when_a_row_is_saved_or_deleted(name: str) -> None:
    """The index follows the outbox: SAFETY, trap 5."""
    ours = [
        receiver.__qualname__
        for receiver, _sender in receivers(getattr(signals, name))
        if room_of(receiver) in ROOMS
    ]
    assert ours == []


def test_wagtails_own_receivers_write_no_index() -> None:
    for backend in get_search_backends():
        assert type(backend) is DatabaseSearchBackend
        assert backend.get_index_for_model(User).add_items(User, [User()]) is None


def test_no_room_asks_for_a_model_by_its_name() -> None:
    """`apps.get_model` would be an import that nobody sees."""
    for room in ROOMS:
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            if "migrations" not in path.parts:
                names = {
                    node.attr
                    for node in ast.walk(ast.parse(path.read_text()))
                    if isinstance(node, ast.Attribute)
                }
                assert "get_model" not in names, path


def test_a_form_that_was_sent_empty_is_a_form_that_was_sent() -> None:
    """`network.http.posted` is the way: `or None` shows it anew, without a word."""
    for room in ROOMS:
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            text = path.read_text().replace("`request.POST or None`", "")
            assert "POST or None" not in text, path


# --- people's keys ---


def keys_to_people(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in relations(model) if field.related_model in PEOPLE]


def models_with_people() -> set[str]:
    """Groups of an account go with it: the joining rows are Django's own."""
    return {
        model._meta.label
        for model in our_models()
        if keys_to_people(model) and not model._meta.auto_created
    }


def named_by(registry: parts.Registry[Any]) -> set[str]:
    return {label for part in registry for label in part.models}


def test_every_model_with_a_persons_key_is_erased() -> None:
    assert models_with_people() - named_by(parts.erasers) == UNNAMED


def test_every_model_with_a_persons_key_is_exported() -> None:
    missing = models_with_people() - named_by(parts.exporters)
    # told to the account that has the same address
    assert missing == (UNNAMED | UNEXPORTED) - {"profiles.VolunteerRegistration"}


def test_what_no_eraser_names_forgets_an_account_by_itself() -> None:
    keys = [
        field
        for label in UNNAMED
        for field in keys_to_people(apps.get_model(label))
        if field.related_model is User
    ]
    assert keys
    assert {field.remote_field.on_delete for field in keys} == {SET_NULL}


def test_parts_name_models_that_exist() -> None:
    for label in named_by(parts.erasers) | named_by(parts.exporters):
        assert apps.get_model(label)._meta.label == label
