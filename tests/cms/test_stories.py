"""SAFETY, trap 11: a story in the making is its author's alone, and so is its end."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from cms import parts
from cms.actions import packs, pages, stories
from cms.models import (
    FileTombstone,
    PackBuild,
    PackPage,
    Story,
    StoryFile,
    StoryPage,
    StoryTombstone,
)
from demo.consents import load_consent_texts
from network.access import NotFound, Refused
from network.models import AuditEntry, Lane, Notice, OutboxEntry
from profiles.actions.consent import withdraw_purpose
from profiles.models import Purpose
from tests.cast import Cast, client_of
from tests.cms.conftest import told

pytestmark = pytest.mark.django_db
WORDS = "The canary word of this draft is quillwort."
WRITE = {"title": "A door", "language": "en", "body": f"{WORDS}\n\nAnd a second part."}
NOTE = {
    "mentions": "Mentions a quarrel. Nothing is described.",
    "kind": "former",
    "pseudonym": "Elin",
    "region": "Northern Europe",
    "summary": "",
}
CONSENT = {"uses": ["site", "classroom", "download"], "period": "", "agrees": "on"}


def write(client: Client) -> Story:
    """Goes through the wizard by plain POST."""
    answer = client.post("/me/stories/new/", WRITE)
    assert answer.status_code == 302
    story = Story.objects.get()
    for step, data in (("note", NOTE), ("consent", CONSENT)):
        answer = client.post(f"/me/stories/{story.pk}/{step}/", data)
        assert answer.status_code == 302, answer.content.decode()
    return story


def answer_to(client: Client, story: Story, answer: str) -> int:
    url = f"/me/stories/{story.pk}/answer/"
    return client.post(url, {"answer": answer}).status_code


def rested(story: Story) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Story.objects.filter(pk=story.pk).update(rests_until=past)
    parts.move_rested()


def dump(*, without: tuple[str, ...] = ()) -> str:
    """Every value of every table, but for the named ones."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in without:
                quoted = connection.ops.quote_name(table)
                cursor.execute(f"SELECT * FROM {quoted}")  # noqa: S608
                found += [f"{table}:{row}" for row in cursor.fetchall()]
    return "\n".join(found)


def test_from_the_first_line_to_the_page(cast: Cast) -> None:
    client = client_of(cast.former)
    story = write(client)
    assert WORDS in client.get(f"/me/stories/{story.pk}/preview/").content.decode()
    assert answer_to(client, story, "submit") == 302
    story.refresh_from_db()
    assert story.state == Story.State.RESTING
    editor = client_of(cast.editor)
    assert editor.get(f"/staff/stories/{story.pk}/").status_code == 404
    rested(story)
    url = f"/staff/stories/{story.pk}/"
    assert WORDS not in editor.get(url).content.decode()  # not before it is taken
    assert editor.post(url, {"answer": "take"}).status_code == 302
    page = editor.get(url).content.decode()
    assert WORDS in page
    draft = Story.objects.get().agreed
    changes = {name: draft[name] for name in ("title", "mentions", "summary", "body")}
    assert editor.post(url, changes).status_code == 302
    story = Story.objects.get()
    assert story.state == Story.State.PUBLISHED
    public = StoryPage.objects.get(public_key=story.page_key)
    assert WORDS in Client().get(public.url).content.decode()
    assert Notice.objects.filter(person=cast.former, kind="story").count() == 1


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("times", [2, 5])
def test_the_first_page_sent_again_is_one_draft(cast: Cast, times: int) -> None:
    client = client_of(cast.former)
    data = {**WRITE, "key": key_in(client.get("/me/stories/new/").content.decode())}
    answers = [client.post("/me/stories/new/", data) for _time in range(times)]
    story = Story.objects.get()
    assert {answer["Location"] for answer in answers} == {
        f"/me/stories/{story.pk}/note/"
    }
    begun = AuditEntry.objects.filter(action="story begun", actor=cast.former.pk)
    assert begun.count() == 1
    # what was changed on the page before it was sent again is not lost
    client.post("/me/stories/new/", {**data, "title": "A gate"})
    assert Story.objects.get().draft["title"] == "A gate"


def test_who_begins_again_is_shown_what_was_begun(cast: Cast) -> None:
    client = client_of(cast.survivor)
    assert (
        "You have begun before" not in client.get("/me/stories/new/").content.decode()
    )
    begun = client.post("/me/stories/new/", WRITE)["Location"]
    page = client.get("/me/stories/new/").content.decode()
    assert "You have begun before" in page
    assert begun.rpartition("/note/")[0] + "/write/" in page
    other = client_of(cast.former).get("/me/stories/new/").content.decode()
    assert "You have begun before" not in other


def test_the_key_of_anothers_draft_opens_nothing(cast: Cast) -> None:
    story = write(client_of(cast.former))
    again = {**WRITE, "title": "Mine now", "key": str(story.pk)}
    answer = client_of(cast.survivor).post("/me/stories/new/", again)
    assert answer.status_code == 404
    assert Story.objects.get().draft["title"] == WRITE["title"]


def test_an_empty_first_page_says_what_is_missing_and_keeps_a_key(cast: Cast) -> None:
    answer = client_of(cast.former).post("/me/stories/new/", {})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert UUID(key_in(answer.content.decode()))
    assert not Story.objects.exists()


def test_an_empty_review_is_not_taken_for_a_first_look(cast: Cast) -> None:
    client = client_of(cast.former)
    story = write(client)
    answer_to(client, story, "submit")
    rested(story)
    editor, url = client_of(cast.editor), f"/staff/stories/{story.pk}/"
    editor.post(url, {"answer": "take"})
    answer = editor.post(url, {})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_trap_11_a_draft_is_nowhere_in_plain(cast: Cast) -> None:
    write(client_of(cast.former))
    assert "quillwort" not in dump()
    assert Page.objects.filter(title="A door").count() == 0
    assert Revision.objects.count() == 0
    editor = client_of(cast.editor)
    story = Story.objects.get()
    for path in (
        f"/me/stories/{story.pk}/write/",
        f"/me/stories/{story.pk}/preview/",
        f"/staff/stories/{story.pk}/",
    ):
        assert editor.get(path).status_code == 404, path
    search = editor.get("/cms/pages/search/?q=door").content.decode()
    assert "A door" not in search


def test_trap_11_nothing_leads_from_a_page_to_its_author(
    cast: Cast, authors_story: Story, story_page: StoryPage
) -> None:
    own = (
        "cms_story",
        "network_user",
        "network_auditentry",
        "profiles_profile",
        "profiles_consentrecord",
        "account_emailaddress",
    )
    everything = dump(without=own)
    for key in (cast.former.pk, authors_story.pk):
        for form in (str(key), key.hex):
            assert form not in everything
    assert story_page.owner_id is None
    assert story_page.latest_revision_id is None
    assert not PageLogEntry.objects.filter(page_id=story_page.pk).exists()
    for entry in AuditEntry.objects.filter(actor=cast.former.pk):
        assert str(story_page.pk) != entry.subject.rpartition(":")[2]
        assert str(story_page.public_key) not in entry.subject
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_key FROM cms_story")
        assert str(story_page.public_key) not in str(cursor.fetchall())


def test_trap_11_no_hour_leads_from_a_page_to_its_author(
    cast: Cast, authors_story: Story, story_page: StoryPage
) -> None:
    """The audit log says when a story was approved and withdrawn."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert story_page.first_published_at == story_page.last_published_at == midnight
    file = StoryFile(story=story_page, role=StoryFile.Role.CAPTIONS, size=1)
    file.file.save("x.vtt", ContentFile(b"WEBVTT"), save=False)
    file.save()
    assert file.created_at == midnight
    stories.withdraw_story(story=authors_story, by=cast.former)
    assert StoryTombstone.objects.get().created_at == midnight
    stones = set(FileTombstone.objects.values_list("created_at", flat=True))
    assert stones == {midnight}


def test_trap_11_editors_do_not_change_stories(
    cast: Cast, story_page: StoryPage
) -> None:
    client = client_of(cast.editor)
    parent = story_page.get_parent()
    base = f"/cms/pages/{story_page.pk}"
    for url in (f"{base}/edit/", f"{base}/copy/", f"{base}/delete/"):
        for method in ("get", "post"):
            answer = getattr(client, method)(url, {"title": "Changed"})
            assert answer.status_code in {302, 403}, url
    client.post(f"/cms/pages/add/cms/storypage/{parent.pk}/", {"title": "New"})
    client.post(
        f"/cms/bulk/wagtailcore/page/delete/?id={story_page.pk}&next=/cms/",
        {"next": "/cms/"},
    )
    client.post(f"/cms/pages/{parent.pk}/delete/", {})
    story_page.refresh_from_db()
    assert story_page.title == "Leaving twice"
    assert StoryPage.objects.count() == 1


def test_an_editors_change_needs_the_authors_yes(cast: Cast) -> None:
    client, editor = client_of(cast.former), client_of(cast.editor)
    story = write(client)
    answer_to(client, story, "submit")
    rested(story)
    url = f"/staff/stories/{story.pk}/"
    editor.post(url, {"answer": "take"})
    agreed = Story.objects.get().agreed
    changes = {name: agreed[name] for name in ("title", "mentions", "summary", "body")}
    editor.post(url, {**changes, "title": "Another door"})
    story = Story.objects.get()
    assert story.state == Story.State.AUTHOR
    assert StoryPage.objects.count() == 0
    assert editor.get(url).status_code == 404
    with pytest.raises(Refused):
        stories.agree_story(story=Story.objects.create(author=cast.lead), by=cast.lead)
    assert answer_to(client, story, "agree") == 302
    assert StoryPage.objects.get().title == "Another door"


def proposed(client: Client, editor: Client, **changes: str) -> str:
    """The author's page once an editor has proposed these changes."""
    story = write(client)
    answer_to(client, story, "submit")
    rested(story)
    url = f"/staff/stories/{story.pk}/"
    editor.post(url, {"answer": "take"})
    agreed = Story.objects.get().agreed
    words = {name: agreed[name] for name in ("title", "mentions", "summary", "body")}
    assert editor.post(url, {**words, **changes}).status_code == 302
    return client.get(f"/me/stories/{story.pk}/preview/").content.decode()


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page.replace("<dd", " <dd")).split())


def test_the_author_sees_what_would_be_different(cast: Cast) -> None:
    page = proposed(
        client_of(cast.former),
        client_of(cast.editor),
        title="A gate",
        summary="Written by an editor for lists.",
        mentions="Mentions a fight. Nothing is described.",
        body=f"{WORDS}\n\nAnd a third part.",
    )
    for gone, new in (("door", "gate"), ("quarrel.", "fight."), ("second", "third")):
        assert f"taken out: {gone} (end) put in: {new} (end)" in plain(page)
    assert "put in: Written by an editor for lists. (end)" in plain(page)
    assert page.count("quillwort") == 2  # as it would be published, and in no change


def test_the_author_sees_all_that_would_be_published(cast: Cast) -> None:
    page = proposed(client_of(cast.former), client_of(cast.editor), title="A gate")
    assert "In the classroom, As a download, also in lesson packs" in plain(page)
    assert "Until I withdraw it" in plain(page)
    summary = stories.agreed_words(Story.objects.get())["summary"]
    assert f"Summary {' '.join(summary.split())}" in plain(page)


def test_a_yes_to_a_newer_text_of_consent_shows_that_text(cast: Cast) -> None:
    client = client_of(cast.former)
    page = proposed(client, client_of(cast.editor), title="A gate")
    assert "newer than the one that you agreed to" not in page
    load_consent_texts()
    page = client.get(f"/me/stories/{Story.objects.get().pk}/preview/").content.decode()
    assert "newer than the one that you agreed to" in page
    assert "<h3>Your story is yours</h3>" in page


def test_nobody_reviews_their_own_story(cast: Cast) -> None:
    story = Story.objects.create(author=cast.editor, state=Story.State.IN_REVIEW)
    client = client_of(cast.editor)
    assert client.get(f"/staff/stories/{story.pk}/").status_code == 404
    with pytest.raises(Refused):
        stories.take_review(story=story, by=cast.editor)


def test_two_editors_do_not_read_the_same_story(cast: Cast) -> None:
    story = Story.objects.create(author=cast.former, state=Story.State.IN_REVIEW)
    other = cast.dpo
    stories.take_review(story=story, by=cast.editor)
    with pytest.raises(Refused):
        stories.take_review(story=story, by=other)


def test_the_text_of_the_consent_is_set_and_not_shown_as_it_was_typed(
    cast: Cast,
) -> None:
    load_consent_texts()
    client = client_of(cast.former)
    story = write(client)
    page = client.get(f"/me/stories/{story.pk}/consent/").content.decode()
    assert "<h3>Your story is yours</h3>" in page
    assert "<li>in the classroom</li>" in page
    assert not re.search(r"## |^- |<br>- ", page, re.MULTILINE)


def test_without_consent_nothing_is_published(cast: Cast) -> None:
    story = write(client_of(cast.former))
    with pytest.raises(Refused):
        stories.publish_story(story=story)
    story = stories.submit_story(story=story, by=cast.former)
    withdraw_purpose(purpose=Purpose.STORY, by=cast.former)
    with pytest.raises(Refused):
        stories.publish_story(story=story)
    assert StoryPage.objects.count() == 0


def test_only_members_begin_and_only_authors_see(cast: Cast) -> None:
    for person in (cast.newcomer, cast.applicant, cast.suspended, cast.moderator):
        assert client_of(person).get("/me/stories/new/").status_code == 404
    assert Client().get("/me/stories/new/").status_code == 302
    story = write(client_of(cast.former))
    stranger = client_of(cast.stranger)
    for path in ("write/", "preview/", "withdraw/"):
        assert stranger.get(f"/me/stories/{story.pk}/{path}").status_code == 404
    assert answer_to(stranger, story, "submit") == 404


def test_a_break_keeps_what_is_there(cast: Cast) -> None:
    client = client_of(cast.former)
    half = {"title": "", "language": "en", "body": WORDS, "later": "1"}
    assert client.post("/me/stories/new/", half).status_code == 302
    story = Story.objects.get()
    assert WORDS in client.get(f"/me/stories/{story.pk}/write/").content.decode()
    answer = client.post(
        "/me/stories/new/", {"title": "", "language": "en", "body": ""}
    )
    assert answer.status_code == 422
    assert answer_to(client, story, "submit") == 302
    assert Story.objects.get().state == Story.State.DRAFT  # something is missing


def test_what_was_handed_in_can_be_taken_back(cast: Cast) -> None:
    client = client_of(cast.former)
    story = write(client)
    answer_to(client, story, "submit")
    answer_to(client, story, "take-back")
    story = Story.objects.get()
    assert story.state == Story.State.DRAFT
    assert story.agreed == {}


def test_withdrawal_takes_two_clicks(
    cast: Cast, authors_story: Story, story_page: StoryPage
) -> None:
    client = client_of(cast.former)
    withdraw = f"/me/stories/{authors_story.pk}/withdraw/"
    assert withdraw in client.get("/me/stories/").content.decode()
    assert client.get(withdraw).status_code == 200
    assert Client().get(story_page.url).status_code == 200
    assert client.post(withdraw).status_code == 302
    assert Client().get(story_page.url).status_code == 410
    assert client.post(withdraw).status_code == 302  # pressed twice


def test_withdrawal_leaves_a_tombstone_and_no_trace(
    authors_story: Story, story_page: StoryPage, pack: PackPage
) -> None:
    Revision.objects.create(
        content_object=story_page,
        base_content_type_id=1,
        content={"title": story_page.title},
    )
    url, key, title = story_page.url, story_page.pk, story_page.title
    stories.withdraw_story(story=authors_story, by=authors_story.author)
    answer = Client().get(url)
    assert answer.status_code == 410
    assert title not in answer.content.decode()
    left = dump(without=("cms_packbuild", "cms_storytombstone", "cms_story"))
    assert title not in left
    assert not StoryFile.objects.filter(story_id=key).exists()
    assert not ReferenceIndex.objects.filter(to_object_id=str(key)).exists()
    assert not ReferenceIndex.objects.filter(object_id=str(key)).exists()
    told = OutboxEntry.objects.filter(kind="page", key=str(key)).order_by("seq")
    assert told.last() is not None
    assert told.last().lane == Lane.WITHDRAWALS  # type: ignore[union-attr]


def test_versions_told_of_a_page_only_rise(
    authors_story: Story, story_page: StoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = OutboxEntry.objects.filter(kind="page", key=str(story_page.pk))
    first = told.get().row_version
    hour_ago = time.time_ns() - 3600 * 10**9
    monkeypatch.setattr("cms.events.time.time_ns", lambda: hour_ago)
    story_page.unpublish()
    assert max(told.values_list("row_version", flat=True)) > first


def test_unpublishing_is_told_as_a_withdrawal(story_page: StoryPage) -> None:
    story_page.unpublish()
    last = OutboxEntry.objects.filter(key=str(story_page.pk)).order_by("seq").last()
    assert last is not None
    assert last.lane == Lane.WITHDRAWALS


def test_a_consent_taken_back_elsewhere_withdraws(
    cast: Cast, authors_story: Story, story_page: StoryPage
) -> None:
    parts.withdraw_without_consent()
    assert Client().get(story_page.url).status_code == 200
    withdraw_purpose(purpose=Purpose.STORY, by=cast.former)
    parts.withdraw_without_consent()
    assert Client().get(story_page.url).status_code == 410


def test_a_consent_that_ran_out_ends_the_page(story_page: StoryPage) -> None:
    url = story_page.url
    yesterday = timezone.localdate() - timedelta(days=1)
    StoryPage.objects.filter(pk=story_page.pk).update(consent_until=yesterday)
    assert Client().get(url).status_code == 410  # before the sweep too
    assert stories.withdraw_expired() == 1
    assert Client().get(url).status_code == 410
    assert not StoryPage.objects.exists()


def test_erasure_withdraws_and_leaves_nothing(
    cast: Cast, authors_story: Story, story_page: StoryPage
) -> None:
    own = list(parts.own_words(cast.former))
    assert "I left twice" in own[0]["draft"]["body"]
    parts.erase(cast.former)
    assert not Story.objects.filter(author=cast.former).exists()
    assert Client().get(story_page.url).status_code == 410


def test_a_report_finds_the_story_and_not_its_author(
    cast: Cast, story_page: StoryPage
) -> None:
    found = parts.story_for_reader(cast.stranger, str(story_page.public_key))
    assert found == story_page
    parts.hide(found, cast.moderator)
    assert Client().get(story_page.url).status_code == 404
    with pytest.raises(NotFound):
        parts.story_for_reader(cast.stranger, str(story_page.public_key))
    with pytest.raises(NotFound):
        parts.story_for_reader(cast.stranger, "nonsense")


def test_files_of_no_story_are_swept_when_they_are_old(
    story_page: StoryPage, settings: Any
) -> None:
    import os
    from pathlib import Path

    folder = Path(settings.MEDIA_ROOT) / "stories"
    kept = len(list(folder.iterdir()))
    old, young = folder / "old.m4a", folder / "young.m4a"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    parts.sweep_files()
    assert not old.exists()
    assert young.exists()
    assert len(list(folder.iterdir())) == kept + 1


def test_the_tree_is_planted_once_and_survives_a_flush() -> None:
    from cms import tree

    before = Page.objects.count()
    tree.plant()
    assert Page.objects.count() == before
    assert {home.locale.language_code for home in tree.HomePage.objects.all()} == set(
        tree.LANGUAGES
    )
    assert apps.get_model("auth", "Group").objects.filter(name="Editors").count() == 0


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "cms", check=True, dry_run=True, verbosity=0)


def test_a_slug_says_nothing_where_a_title_has_no_latin_letters() -> None:
    from cms import tree

    shelf = tree.index(tree.StoryIndexPage, "ar")
    assert pages.free_slug(shelf, "").startswith("story-")


def test_unpublishing_stops_the_packs_too(
    story_page: StoryPage, pack: PackPage
) -> None:
    story_page.unpublish()
    assert PackBuild.objects.get(pack=pack).is_stale
    packs.build_missing()
    build = PackBuild.objects.get(pack=pack)
    assert build.manifest["stories"] == ["forty-messages-a-day"]


def test_staff_views_are_recorded(cast: Cast) -> None:
    story = Story.objects.create(author=cast.former, state=Story.State.IN_REVIEW)
    client = client_of(cast.editor)
    client.post(f"/staff/stories/{story.pk}/", {"answer": "take"})
    client.get(f"/staff/stories/{story.pk}/")
    seen = AuditEntry.objects.filter(
        action="viewed", actor=cast.editor.pk, subject=f"cms.Story:{story.pk}"
    )
    assert seen.count() == 2


def test_my_stories_lead_to_the_page_of_what_is_published(
    cast: Cast, authors_story: Story, story_page: StoryPage
) -> None:
    client = client_of(cast.former)
    client.post("/me/stories/new/", WRITE)
    page = client.get("/me/stories/").content.decode()
    assert page.count(f'href="{story_page.url}"') == 1
    assert client.get(story_page.url).status_code == 200
    for words in ("Published", "Everybody can read it.", "Being written"):
        assert words in page
    yesterday = timezone.localdate() - timedelta(days=1)
    StoryPage.objects.filter(pk=story_page.pk).update(consent_until=yesterday)
    page = client.get("/me/stories/").content.decode()
    assert story_page.url not in page
    assert "It is not on the site any more." in page
    assert "Published" not in page


def test_more_stories_need_no_more_queries(cast: Cast, authors_story: Story) -> None:
    client = client_of(cast.former)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/me/stories/").status_code == 200
        return len(queries)

    asked()
    before = asked()
    told("the-first-honest-job", author=cast.former)
    told("what-the-coach-saw", author=cast.former)
    assert asked() == before
