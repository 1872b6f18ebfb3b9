"""What each route's address names, and what is sent to it.

A parameter of an address is a noun of `things`; what is the same for every route stands
in `NOUNS`, what a route means otherwise in `OF_ROUTE`. `FORMS` holds what a POST sends
beyond its address: enough to be let through, so that what stops it is the access.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from moderation.criteria import FORMER
from tests.access.routes import Route
from tests.access.things import Things

NOUNS = {
    "conversation_id": "conversation",
    "need_id": "need",
    "answer_id": "answer",
    "slug": "project",
    "person_id": "person",
    "user_id": "person",
    "connection_id": "connection",
    "consent_id": "consent",
    "story_id": "story",
    "file_id": "story file",
    "pack_key": "pack",
    "report_id": "report",
    "application_id": "application",
    "recovery_id": "recovery",
    "referee_id": "referee",
    "invitation_id": "invitation",
    "push_id": "push",
    "introduction_id": "introduction",
    "note_id": "note",
    "ban_id": "ban",
    "review_id": "review",
    "check_id": "check",
    "question_id": "joining question",
}
OF_ROUTE = {
    ("messaging:open", "token"): "conversation token",
    ("projects:decide", "answer_id"): "offer",
    ("projects:volunteer_register", "slug"): "appeal",
    ("projects:volunteer_address", "slug"): "appeal",
    ("search:volunteer_result", "slug"): "appeal",
    ("projects:volunteer_answer", "answer_id"): "volunteer answer",
    ("projects:volunteer_open", "answer_id"): "volunteer answer",
    ("projects:volunteer_open", "token"): "registration token",
    ("profiles:volunteer_link", "token"): "registration token",
    ("profiles:volunteer_account_open", "token"): "account token",
    ("profiles:referee_open", "token"): "referee token",
    ("profiles:invitation_open", "token"): "invitation token",
    ("profiles:mail_stop_open", "token"): "mails token",
    ("profiles:unblock", "user_id"): "blocked person",
    ("profiles:introduction_withdraw", "introduction_id"): "proposed introduction",
    ("search:peer_pass_over", "user_id"): "peer",
    ("cms:review", "story_id"): "story in review",
    ("cms:editors_file", "name"): "picture",
    ("moderation:note_take_back", "application_id"): "application of note",
    ("moderation:ban", "application_id"): "declined application",
    ("moderation:lost_access_open", "token"): "recovery token",
    ("moderation:recovery_stop_open", "token"): "stop token",
    ("moderation:report", "key"): "reported",
    ("moderation:report", "kind"): "reported kind",
    ("wagtail_serve", "path"): "page",
    ("session_end", "pk"): "session",
    ("mfa_edit_webauthn", "pk"): "security key",
    ("mfa_remove_webauthn", "pk"): "security key",
}
FIXED: dict[str, Any] = {
    "seq": 1,
    "seed": "a-seed",
    "uidb36": "1",
    "key": "set-password",
    "pk": 1,
    "step": "write",
}
FIXED_OF_ROUTE = {
    ("network:art", "kind"): "cairn",
    ("cms:editors_file", "kind"): "original_images",
}
# patterns that `reverse` cannot fill
PATHS = {
    "cms_closed": "/cms/users/1/",
    "cms/^.*/$": "/cms/no-such-room/",
}

# further pages of a route without an object, by their query
QUERIES: dict[str, dict[str, str]] = {
    "profiles:apply": {"-:first": "?step=1", "-:last": "?step=4"},
    "profiles:profile_preview": {"-:stranger": "?as=stranger", "-:lead": "?as=lead"},
    "profiles:export": {"-:file": "?format=json", "-:page": "?format=html"},
    "moderation:reports": {"-:decided": "?show=decided"},
    "moderation:vetting": {"-:decided": "?show=decided"},
    "moderation:recoveries": {"-:decided": "?show=decided"},
    "moderation:reviews": {"-:decided": "?show=decided"},
    "moderation:checks": {"-:decided": "?show=decided"},
    "search:site": {"-:all": "?q=work"},
}

Form = Callable[[Things], dict[str, Any]]
FORMS: dict[str, Form] = {
    "messaging:send": lambda things: {"body": "A line.", "uuid": uuid4()},
    "projects:invite": lambda things: {"person": things.key("person", "other")},
    "projects:decide": lambda things: {"decision": "decline"},
    "projects:publish": lambda things: {
        "decision": "return",
        "reason": "A name stands in it.",
    },
    "projects:answer": lambda things: {"reply": "no"},
    "projects:volunteer_answer": lambda things: {"reply": "no"},
    "mfa_edit_webauthn": lambda things: {"name": "The blue one"},
    "profiles:referees": lambda things: {
        "email": "speaker@example.org",
        "known_as": "Finch",
    },
    "profiles:referee": lambda things: {"decline": "1"},
    "profiles:invitations": lambda things: {"email": "guest@example.org"},
    "profiles:connection_answer": lambda things: {"answer": "decline"},
    "profiles:introduction_answer": lambda things: {"answer": "no"},
    "profiles:introduce": lambda things: {
        "person": things.key("neighbour", "own"),
        "note": "You would like each other.",
    },
    "profiles:connection_request": lambda things: {"note": "Hello."},
    "profiles:notifications": lambda things: {"pace": "daily", "time_zone": "UTC"},
    "profiles:push_add": lambda things: {
        "endpoint": "https://fcm.googleapis.com/wp/a-browser",
    },
    "profiles:mail_stop_open": lambda things: {"List-Unsubscribe": "One-Click"},
    "cms:story_answer": lambda things: {"answer": "delete"},
    "cms:review": lambda things: {"answer": "take"},
    "wagtailadmin_pages:copy": lambda things: {
        "new_title": "A copy",
        "new_slug": "a-copy",
        "new_parent_page": things.editors["parent_page_id"],
    },
    "wagtailadmin_choose_page_external_link": lambda things: {
        "external-link-chooser-url": "https://example.org/",
        "external-link-chooser-link_text": "There",
    },
    "moderation:report": lambda things: {"reason": "other", "uuid": uuid4()},
    "moderation:report_step": lambda things: {"step": "Read it."},
    "moderation:report_decide": lambda things: {
        "outcome": "dismiss",
        "words": "Nothing is wrong.",
    },
    "moderation:application_decide": lambda things: {
        "answer": "approve",
        "reason": "A good conversation.",
    },
    "moderation:interview": lambda things: {
        "held_on": timezone.localdate(),
        **{one.key: "3" for one in FORMER},
    },
    "moderation:note_add": lambda things: {"words": "Call again.", "key": uuid4()},
    "moderation:ban": lambda things: {"reason": "A threat.", "is_sure": "on"},
    "moderation:ban_lift": lambda things: {"reason": "A mistake."},
    "moderation:joining_question_new": lambda things: {
        "kinds": ["former"],
        "position": "1",
        "text_en": "Who could you call at night?",
    },
    "moderation:joining_question": lambda things: {
        "kinds": ["former"],
        "position": "1",
        "text_en": "Whom could you call at night?",
    },
    "moderation:review_decide": lambda things: {"answer": "stay", "reason": "Known."},
    "moderation:own_check": lambda things: {"tier": "1", "words": "Ask the school."},
    "moderation:check_decide": lambda things: {
        "answer": "no",
        "ground": "nothing",
        "reason": "Nobody knows them.",
        "told": "Come back once you have worked with us for a while.",
    },
    "moderation:check_end": lambda things: {"told": "Two years are over."},
    "moderation:lost_access": lambda things: {"address": "owner@example.org"},
    "moderation:lost_access_yours": lambda things: {"words": "You know me."},
    "moderation:lost_access_password": lambda things: {
        "password": "seven stones beside a river",
    },
    "moderation:recovery_decide": lambda things: {
        "answer": "approve",
        "reason": "Knew the ticket.",
    },
}


def keywords(route: Route, name: str, things: Things) -> dict[str, Any]:
    """The address's parts for an object. What is no object is always the same."""
    return {each: part(route, each, name, things) for each in route.parameters}


def part(route: Route, parameter: str, name: str, things: Things) -> Any:
    if route.is_editors:
        return things.editors.get((route.name, parameter), things.editors[parameter])
    noun = OF_ROUTE.get((route.name, parameter)) or NOUNS.get(parameter)
    if noun is not None:
        return things.key(noun, name)
    return FIXED_OF_ROUTE.get((route.name, parameter)) or FIXED[parameter]


def form(route: Route, things: Things) -> dict[str, Any]:
    make = FORMS.get(route.name)
    return make(things) if make else {}
