"""Every access function of every room, and what it would say if it let all pass.

None is listed by hand: the modules are walked, and the annotation of what a function
returns tells what a yes is. `BARE` holds the yes of those whose annotation does not.
"""

from __future__ import annotations

import gc
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import partial
from importlib import import_module
from types import CodeType, FunctionType, UnionType
from typing import Any, TypeGuard, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from cms.models import PackBuild, StoryPage
from messaging.access import Verdict as MayWrite
from moderation.access import Thing
from network.access import NotFound, Role
from network.models import User
from network.parts import reportables
from profiles.access import Verdict
from profiles.models import (
    Application,
    ApplicationState,
    Audience,
    Block,
    Connection,
    ContactGrant,
    Profile,
)
from profiles.shown import ShownProfile, show
from projects.access import Helper
from projects.models import ProjectMember

ROOMS = (
    "network",
    "profiles",
    "projects",
    "messaging",
    "cms",
    "search",
    "moderation",
)
Function = Callable[..., Any]
# a yes of these keeps somebody out: letting pass is their no
KEEPS_OUT = frozenset(
    {
        "profiles.is_kept_from",
        "profiles.people_kept_from",
        "profiles.is_blocked_between",
        "profiles.is_overdue",
        "profiles.has_said_no",
        "projects.led_behind_a_block",
        "messaging.blocked_between",
        "cms.is_withdrawn_path",
        "cms.has_expired",
    }
)


def doors() -> dict[str, FunctionType]:
    """`profiles.can_request` → the function, in whatever file of the package."""
    found: dict[str, FunctionType] = {}
    for room in ROOMS:
        module = import_module(f"{room}.access")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__.startswith(module.__name__):
                found[f"{room}.{name}"] = function
    return found


# --- what a yes is --------------------------------------------------------------------


def yes(name: str, function: FunctionType) -> Function:
    """What stands in for a function: whatever it is asked, it lets pass."""
    if name in BARE:
        return BARE[name]
    if guards_made_by(function):
        return function  # `instead` opens what it has put around views
    kind = without_none(get_type_hints(function).get("return", Any))
    if kind is bool or get_origin(kind) is TypeGuard:
        return partial(always, name not in KEEPS_OUT)
    if get_origin(kind) is list:
        return partial(always, [])
    if kind is type(None):
        return partial(always, None)
    return yes_of_class(name, function, kind)


def yes_of_class(name: str, function: FunctionType, kind: Any) -> Function:
    if inspect.isclass(kind) and issubclass(kind, QuerySet):
        return partial(every_row, name, model_of(function, kind))
    if inspect.isclass(kind) and issubclass(kind, IntEnum):
        return partial(always, max(kind))
    if inspect.isclass(kind) and issubclass(kind, Model):
        return partial(bare, kind, inspect.signature(function))
    raise TypeError(f"say in BARE what lets pass at {name}, which returns {kind}")


def always(answer: Any, *args: Any, **kwargs: Any) -> Any:
    return answer


def without_none(kind: Any) -> Any:
    if get_origin(kind) in {Union, UnionType}:
        return next(one for one in get_args(kind) if one is not type(None))
    return kind


def model_of(function: FunctionType, kind: Any) -> type[Model]:
    """Of `QuerySet[Project]`, whose model is only in the text of the annotation, or of
    a class for one model, such as `CheckQuerySet`."""
    named = re.search(r"\[(\w+)", function.__annotations__["return"])
    if named:
        model: type[Model] = function.__globals__[named[1]]
        return model
    [only] = [
        model
        for model in apps.get_models()
        if isinstance(model._default_manager.all(), kind)
    ]
    return only


def every_row(name: str, model: type[Model], *args: Any, **kwargs: Any) -> Any:
    """Everything there is; nothing, where the rows are those that are kept out."""
    rows = model._default_manager.all()
    rows = rows.none() if name in KEEPS_OUT else rows
    return rows.values("project") if model is ProjectMember else rows


def bare(
    model: type[Model], signature: inspect.Signature, *args: Any, **kwargs: Any
) -> Any:
    """The object by its key, whoever asks; the viewer, where a person is asked for; any
    that there is, where no key is given."""
    given = signature.bind(*args, **kwargs).arguments
    keys = {
        name: key for name, key in given.items() if isinstance(key, UUID | str | int)
    }
    if not keys:
        return found(of_viewer(model, next(iter(given.values()), None)))
    name, key = keys.popitem()
    rows = model._default_manager
    by_name = {name.removesuffix("_id"): key}
    row = None if name == "slug" else rows.filter(pk=key).first()
    if row is None and hasattr(model, next(iter(by_name))):
        row = rows.filter(**by_name).first()
    return found(row)


def found(row: Any) -> Any:
    if row is None:
        raise NotFound
    return row


def of_viewer(model: type[Model], viewer: Any) -> Any:
    if isinstance(viewer, model):
        return viewer
    if model is Profile:
        return getattr(viewer, "profile", None)
    return model._default_manager.first()


def whole_profile(viewer: Any, user_id: UUID) -> ShownProfile:
    return shown_whole(found(Profile.objects.filter(user=user_id).first()))


def shown_whole(profile: Profile, *args: Any) -> ShownProfile:
    return show(profile, Audience.values)


def any_thing(viewer: Any, kind: str, key: str) -> Thing:
    part = found(reportables.get(kind))
    load = part.load or partial(by_public_key)
    return Thing(part, load(key), key)


def by_public_key(key: str) -> StoryPage:
    page: StoryPage = found(StoryPage.objects.filter(public_key=key).first())
    return page


def build_of(pack_key: UUID) -> PackBuild:
    builds = PackBuild.objects.filter(pack__translation_key=pack_key)
    build: PackBuild = found(builds.first())
    return build


def grant_with(person: User, other_id: UUID) -> ContactGrant:
    with_them = Q(person=other_id) | Q(other_person=other_id)
    grant: ContactGrant = found(ContactGrant.objects.filter(with_them).first())
    return grant


BARE: dict[str, Function] = {
    "network.roles_of": partial(always, frozenset(Role.values)),
    "profiles.profile_for_viewer": whole_profile,
    "profiles.reportable_profile": whole_profile,
    "profiles.shown_at": shown_whole,
    "profiles.application_for_applicant": lambda person: Application.objects.filter(
        state=ApplicationState.SUBMITTED
    ).first(),
    "profiles.application_to_appeal": lambda person: found(
        Application.objects.filter(applicant=person).first()
    ),
    "profiles.person_of_mail_token": lambda token: found(User.objects.first()),
    "profiles.name_at": lambda profile, tier: str(profile),
    "profiles.connection_between": lambda one, other: Connection.objects.first(),
    "profiles.friends_of": lambda person: set(
        User.objects.values_list("pk", flat=True)
    ),
    "profiles.mutual_connections": lambda viewer, profile: list(Profile.objects.all()),
    "profiles.can_request": partial(always, Verdict(True)),
    "profiles.block_by": lambda person, user_id: found(
        Block.objects.filter(blocked=user_id).first()
    ),
    "projects.helper_for": partial(always, Helper(False, None)),
    "projects.meeting_detail": lambda answer: answer.need.meeting_detail,
    "messaging.can_write": partial(always, MayWrite(True)),
    "messaging.grant_between": grant_with,
    "cms.pack_build": build_of,
    "moderation.thing_for_viewer": any_thing,
    "moderation.thing_for_reader": any_thing,
    "moderation.blockable_author": lambda viewer, thing: thing.person,
}


# --- putting it in the function's place -----------------------------------------------


@contextmanager
def instead(function: FunctionType, stand_in: Function) -> Iterator[None]:
    """Exchanges what the function does, and not its name in a module: whoever imported
    it by name, or keeps it in a registry, gets the other one too."""
    guards = guards_made_by(function)
    kept = [(one, one.__code__) for one in guards or [function]]
    for one, _ in kept:
        one.__code__ = open_guard(one) if guards else calling(stand_in)
    try:
        yield
    finally:
        for one, code in kept:
            one.__code__ = code


def calling(stand_in: Function) -> CodeType:
    def call(*args: Any, **kwargs: Any) -> Any:
        other: Any = "stand-in"
        return other(*args, **kwargs)

    code = call.__code__
    constants = (stand_in if one == "stand-in" else one for one in code.co_consts)
    return code.replace(co_consts=tuple(constants))


def original(function: FunctionType) -> FunctionType:
    """The function as it is now, in a body of its own."""
    twin = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def guards_made_by(decorator: FunctionType) -> list[FunctionType]:
    """What a decorator of views has put around them: `require_login` and the like did
    their work when the modules were loaded."""
    inner = [
        code for code in codes_in(decorator.__code__) if "view" in code.co_freevars
    ]
    return [
        one
        for code in inner
        for one in gc.get_referrers(code)
        if isinstance(one, FunctionType)
        and one.__code__ is code
        and len(one.__closure__ or ()) == len(code.co_freevars)
    ]


def codes_in(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from codes_in(one)


def open_guard(guard: FunctionType) -> CodeType:
    """Straight to the view. A code has to ask for as many outer names as the one whose
    place it takes."""

    def login(view: Any) -> FunctionType:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        return wrapped

    def role(roles: Any, view: Any) -> FunctionType:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return roles and view(*args, **kwargs)

        return wrapped

    makers = {("view",): login(None), ("roles", "view"): role(None, None)}
    return makers[guard.__code__.co_freevars].__code__
