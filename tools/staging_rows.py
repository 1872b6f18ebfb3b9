"""Rows that a page needs and that the demonstration leaves to its visitors: an
application, reports, a story on its way, answers to a need, a registration.

Made through the rooms' own actions. `create` answers where each can be seen, and with
which session. Run it in a demonstration's shell (`tools.staging`).
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from cms.actions import stories
from cms.models import AppealPage, PackPage, PracticePage, Story, StoryPage
from demo.conversations import connect
from messaging.models import Conversation
from moderation.access import LOST_ACCESS, STOP_RECOVERY
from network.models import User
from network.notify import STOP_MAILS
from profiles.access import ACCOUNT_WISH, own_profile
from profiles.actions import blocks, connections
from profiles.models import (
    ConsentRecord,
    VolunteerRegistration,
)
from projects.actions import answers, needs, projects
from projects.models import Need, Project
from search.matching import people_for_need
from tests.access.keys import create_key
from tests.cast import client_of
from tools.staging_desk import (
    Places,
    applications,
    desk,
    guests,
    link_session,
    lost_access,
)
from tools.staging_people import (
    empty_session,
    has_looked_at_many,
    has_stopped,
    helper_session,
    newcomer,
    registered,
    session_cookie,
    volunteer,
    volunteer_session,
)

STORY = {
    "title": "The key under the stone",
    "language": "en",
    "body": "For two years I kept a key under a stone by the river.\n\nIt opened a "
    "room where nobody asked me what I believed. I went there to sleep, and one "
    "morning I stayed for breakfast.",
    "mentions": "Leaving a violent group. Nothing is described in detail.",
    "kind": "former",
    "pseudonym": "Marek",
    "region": "Central Europe",
    "summary": "A room where nobody asked.",
    "uses": ["site"],
}

NEWCOMERS = ("marek", "nadia", "jo", "ida", "sol", "curious")


def create() -> dict[str, dict[str, str]]:
    everybody = User.objects.filter(email__endswith="@demo.waymark.example")
    cast = {user.email.partition("@")[0]: user for user in everybody}
    newcomers = {name: newcomer(name) for name in NEWCOMERS}
    has_looked_at_many(newcomers["curious"], yet_not_at=cast["grace"])
    registration = volunteer()
    volunteer("curious")  # a member by now
    places = {
        **applications(cast, newcomers),
        **texts(cast),
        **work(cast, registration),
        **between_people(cast),
        **desk(cast),
        "key": reverse("mfa_edit_webauthn", args=[create_key(cast["samuel"])]),
    }
    lost = lost_access(cast)
    places["recovery"] = reverse("moderation:recovery", args=[lost["waiting"].pk])
    sessions = {name: session_cookie(user) for name, user in newcomers.items()}
    return {
        "places": places,
        "sessions": {
            **sessions,
            "volunteer": volunteer_session(registration),
            "wisher": volunteer_session(registered("wisher"), ACCOUNT_WISH),
            "leaver": volunteer_session(volunteer("leaver")),
            "registered": volunteer_session(registered("registered")),
            "helper": helper_session(),
            "halfway": empty_session(),
            **{name: link_session(row, LOST_ACCESS) for name, row in lost.items()},
            "warned": link_session(lost["agreed"], STOP_RECOVERY),
            "mailed": link_session(cast["leila"], STOP_MAILS),
            "unmailed": link_session(has_stopped(newcomers["jo"]), STOP_MAILS),
            **guests(cast),
        },
    }


def texts(cast: dict[str, User]) -> Places:
    """One story at each station, and one withdrawn."""
    keep_what_is_seen_of_an_unbuilt_pack()
    draft = stories.save_draft(story=None, by=cast["tomas"], fields=STORY)
    waiting, taken, changed = (in_review(cast["tomas"]) for _ in range(3))
    stories.take_review(story=taken, by=cast["camille"])
    stories.take_review(story=changed, by=cast["camille"])
    proposed = {
        "title": "The key by the river",
        "body": str(STORY["body"]).replace("to sleep, and one", "to sleep. One"),
    }
    stories.review_story(story=changed, by=cast["camille"], changes=proposed)
    told = Story.objects.get(author=cast["tomas"], state=Story.State.PUBLISHED)
    taken_back = Story.objects.get(author=cast["ines"])
    page = stories.page_of(taken_back)
    read = StoryPage.objects.get(slug="the-night-i-stopped-answering")
    stories.withdraw_story(story=taken_back, by=cast["ines"])

    def mine(story: Story, step: str) -> str:
        return reverse("cms:my_story", args=[story.pk, step])

    return {
        "story step": mine(draft, "write"),
        "story note": mine(draft, "note"),
        "story consent": mine(draft, "consent"),
        "story preview": mine(draft, "preview"),
        "story proposed": mine(changed, "preview"),
        "story withdraw": reverse("cms:story_withdraw", args=[told.pk]),
        "review take": reverse("cms:review", args=[waiting.pk]),
        "review": reverse("cms:review", args=[taken.pk]),
        "gone": page.url if page else "",
        "story": read.url,
        "report story": reverse("moderation:report", args=["story", read.public_key]),
        "story in Arabic": StoryPage.objects.get(slug="al-kursi-al-farigh").url,
        "pack": PackPage.objects.get(slug="the-pull-and-the-push").url,
        "practice": PracticePage.objects.filter(locale__language_code="en")[0].url,
        "appeal": AppealPage.objects.get(locale__language_code="en").url,
    }


def keep_what_is_seen_of_an_unbuilt_pack() -> None:
    """In `not-ready.html`. The worker builds it within seconds, so this is undone."""
    pack = PackPage.objects.get(slug="reading-a-rumour")
    with transaction.atomic():
        pack.builds.all().delete()
        answer = client_of().get(
            reverse("cms:pack_file", args=[pack.translation_key]), HTTP_HOST="localhost"
        )
        (settings.VAR_DIR / "not-ready.html").write_bytes(answer.content)
        transaction.set_rollback(True)


def in_review(author: User) -> Story:
    story = stories.save_draft(story=None, by=author, fields=STORY)
    stories.submit_story(story=story, by=author)
    Story.objects.filter(pk=story.pk).update(state=Story.State.IN_REVIEW)
    return Story.objects.get(pk=story.pk)


def work(cast: dict[str, User], registration: VolunteerRegistration) -> Places:
    """A need with an invitation, an offer and an agreement; a project to review."""
    own = Need.objects.filter(
        project__team__person=cast["mirte"], kind=Need.Kind.SKILL, seats__gt=1
    )
    need = max(own, key=lambda need: len(people_for_need(need, cast["mirte"])))
    asked = answers.invite(need=need, by=cast["mirte"], whom=cast["tomas"])
    answers.apply(need=need, by=cast["leila"], note="On Tuesdays I am free.")
    agreed = answers.invite(need=need, by=cast["mirte"], whom=cast["samuel"])
    answers.accept(answer=agreed, by=cast["samuel"])
    volunteered = answers.invite(need=need, by=cast["mirte"], whom=registration)
    waiting = projects.create_project(
        content=projects.ProjectContent(
            title="A bench by the school",
            summary="Two hours a week on a bench, for whoever sits down.",
            body="We begin with one bench and one afternoon.",
            country="BE",
        ),
        by=cast["mirte"],
    )
    unseen = needs.post_need(
        project=waiting,
        content=needs.NeedContent(
            title="Somebody who listens", skills={"mentoring": 1}, languages=["en"]
        ),
        by=cast["mirte"],
    )
    projects.submit_project(project=waiting, by=cast["mirte"])
    proposed = with_new_words(cast, "A table by the harbour")
    returned = with_new_words(cast, "A walk along the canal")
    projects.return_project(
        project=returned, by=cast["camille"], reason="Say that it is open to all."
    )
    return {
        "project proposed": reverse("projects:detail", args=[proposed.slug]),
        "project returned": reverse("projects:detail", args=[returned.slug]),
        "project": reverse("projects:detail", args=[need.project.slug]),
        "project edit": reverse("projects:edit", args=[need.project.slug]),
        "need": reverse("projects:need_detail", args=[need.pk]),
        "need edit": reverse("projects:need_edit", args=[need.pk]),
        "need new": reverse("projects:need_create", args=[need.project.slug]),
        "matches": reverse("search:matches_for_need", args=[need.pk]),
        "not yet": reverse("search:matches_for_need", args=[unseen.pk]),
        "answers": reverse("projects:answers", args=[need.pk]),
        "answer": reverse("projects:answer", args=[asked.pk]),
        "volunteer answer": reverse("projects:volunteer_answer", args=[volunteered.pk]),
    }


def with_new_words(cast: dict[str, User], title: str) -> Project:
    """Published, and changed since: nobody has read what it says now."""
    lead = cast["mirte"]
    content = projects.ProjectContent(
        title=title, summary="An hour on Sundays, and soup.", country="BE"
    )
    project = projects.create_project(content=content, by=lead)
    projects.submit_project(project=project, by=lead)
    read = projects.mark_of(project)
    projects.publish_project(project=project, by=cast["camille"], read=read)
    newer = replace(content, summary="Two hours on Sundays, with soup and bread.")
    projects.edit_project(project=project, content=newer, by=lead)
    return project


def between_people(cast: dict[str, User]) -> Places:
    """Tomas and Leila write to each other in the demonstration; here others ask."""
    leila = own_profile(cast["leila"])
    if leila is not None:
        connections.request_connection(
            by=cast["samuel"], recipient=leila, note="We met at the course in Ghent."
        )
    connect(cast["leila"], cast["eszter"])  # they have not written yet
    blocks.block_person(by=cast["leila"], person=cast["joris"])
    talks = Conversation.objects.filter(participants__person=cast["leila"])
    with_tomas = talks.get(participants__person=cast["tomas"])
    with_amina = talks.get(participants__person=cast["amina"])
    consent = ConsentRecord.objects.filter(person=cast["tomas"], withdrawn_at=None)[0]
    stranger = cast["grace"].pk

    def of(name: str, key: UUID) -> str:
        return reverse(name, args=[key])

    return {
        "conversation": of("messaging:detail", with_tomas.pk),
        "conversation in Arabic": "/ar" + of("messaging:detail", with_amina.pk),
        "safety": of("messaging:safety", with_tomas.pk),
        "person": of("profiles:profile_detail", stranger),
        "connect": of("profiles:connection_request", stranger),
        "introduce": of("profiles:introduce", cast["amina"].pk),
        "mutual": of("profiles:profile_detail", cast["tomas"].pk),
        "block": of("profiles:block", stranger),
        "start": of("messaging:start", cast["eszter"].pk),
        "consent": of("profiles:consent_withdraw", consent.pk),
        "report": reverse("moderation:report", args=["profile", stranger]),
    }
