"""A story from its first line to its withdrawal (SAFETY: Consent for stories).

draft -> handed in, rests a day -> with an editor -> [waits for the author's yes] ->
published -> withdrawn. Only `agreed` is ever published: what the author said yes to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.actions import pages
from cms.models import Medium, Story, StoryPage, Use
from cms.text import minutes_to_read
from network import audit, notify, tombstones
from network.access import NotFound, Refused
from network.models import User
from profiles.actions.consent import current_text, give_consent
from profiles.models import ConsentRecord, ConsentText, Purpose

REST = timedelta(hours=24)
State = Story.State
WITHDRAWN, DELETED = "story withdrawn", "story deleted"  # tombstones
NEEDED = ("title", "body", "language", "kind", "pseudonym", "region", "mentions")


def save_draft(
    *,
    story: Story | None,
    by: User,
    fields: dict[str, Any],
    key: UUID | None = None,
) -> Story:
    """Keeps what was written, as far as it got. A yes belongs to one wording: what
    changes after it needs a new one. The same `key` again finds the draft that was
    begun with it."""
    with transaction.atomic():
        row = locked(story or begun(by, key or uuid4()), State.DRAFT)
        row.draft = {**row.draft, **fields}
        row.save(update_fields=["draft"])
    return row


def begun(by: User, key: UUID) -> Story:
    """A new draft, or the author's own of this key. Raises `NotFound` for another's."""
    try:
        with transaction.atomic():
            story = Story.objects.create(pk=key, author=by)
            audit.record(action="story begun", by=by, subject=story)
    except IntegrityError:
        found = Story.objects.filter(pk=key, author=by).first()
        if found is None:
            raise NotFound from None
        return found
    return story


def locked(story: Story, *states: str) -> Story:
    """The row as it is now, held. Raises `Refused` when it has moved on meanwhile."""
    row = Story.objects.select_for_update().get(pk=story.pk)
    if row.state not in states:
        raise Refused(_("This story has moved on meanwhile. Load the page again."))
    return row


def submit_story(*, story: Story, by: User) -> Story:
    """Hands the draft in with the author's yes to just this wording; it then rests."""
    with transaction.atomic():
        row = locked(story, State.DRAFT)
        if missing_in(row):
            raise Refused(_("Something is still missing. Go through the steps again."))
        row.agreed = agreed_to(row, give_story_consent(row, by))
        row.state, row.rests_until = State.RESTING, timezone.now() + REST
        row.save(update_fields=["agreed", "state", "rests_until"])
        audit.record(action="story handed in", by=by, subject=row)
    return row


def missing_in(story: Story) -> list[str]:
    """Names of the fields that are still to be filled before it can be handed in."""
    missing = [name for name in NEEDED if not story.draft.get(name)]
    if Use.SITE.value not in story.draft.get("uses", []):
        missing.append("uses")
    return missing


def give_story_consent(story: Story, by: User) -> ConsentRecord:
    language = consent_language(story, by)
    return give_consent(purpose=Purpose.STORY, language=language, by=by)


def consent_language(story: Story, author: User) -> str:
    return story.draft.get("language") or author.language


def agreed_to(story: Story, consent: ConsentRecord) -> dict[str, Any]:
    return {
        **agreed_words(story),
        "consent_text": consent.text.number,
        "consent_hash": consent.text_hash,
    }


def agreed_words(story: Story) -> dict[str, Any]:
    """The draft with what a list needs, where the author left it out."""
    body = story.draft.get("body", "")
    return {
        "medium": Medium.TEXT.value,
        "language": "en",
        "minutes": minutes_to_read(body),
        "summary": body[:219] + "…" if len(body) > 220 else body,
        "themes": [],
        **{name: value for name, value in story.draft.items() if value != ""},
    }


def text_to_agree(story: Story) -> ConsentText | None:
    """What the author consents to by agreeing to the editor's wording, where it is not
    the text that they agreed to before."""
    text = current_text(Purpose.STORY, consent_language(story, story.author))
    return None if text.text_hash == story.agreed.get("consent_hash") else text


def take_back(*, story: Story, by: User) -> Story:
    """The author changes their mind before it is published: a draft again."""
    with transaction.atomic():
        row = locked(story, State.RESTING, State.IN_REVIEW, State.AUTHOR)
        row.state, row.agreed, row.editor, row.rests_until = State.DRAFT, {}, None, None
        row.save(update_fields=["state", "agreed", "editor", "rests_until"])
        audit.record(action="story taken back", by=by, subject=row)
    return row


def move_rested() -> int:
    """Those that rested go to the editors; returns how many."""
    due = Story.objects.filter(state=State.RESTING, rests_until__lte=timezone.now())
    return due.update(state=State.IN_REVIEW)


def take_review(*, story: Story, by: User) -> Story:
    """Makes `by` the one editor who reads it; every opening is recorded."""
    with transaction.atomic():
        row = locked(story, State.IN_REVIEW)
        if row.author_id == by.pk or row.editor_id not in {None, by.pk}:
            raise Refused(_("Somebody else is reading this story already."))
        row.editor = by
        row.save(update_fields=["editor"])
        audit.record_view(by=by, subject=row, reason="review")
    return row


def review_story(*, story: Story, by: User, changes: dict[str, Any]) -> Story:
    """Without changes it is published as agreed. With changes it goes back to the
    author, whose yes to the new wording alone can publish it."""
    with transaction.atomic():
        row = locked(story, State.IN_REVIEW)
        changed = {k: v for k, v in changes.items() if row.agreed.get(k, "") != v}
        if not changed:
            audit.record(action="story approved", by=by, subject=row)
            publish_story(story=row)
            tell_author(row)
            return row
        row.draft = {**row.draft, **changed}
        row.state = State.AUTHOR
        row.save(update_fields=["draft", "state"])
        audit.record(action="story changed in review", by=by, subject=row)
        tell_author(row)
    return row


def agree_story(*, story: Story, by: User) -> Story:
    """The author says yes to the wording that the editor proposed; it is published."""
    with transaction.atomic():
        row = locked(story, State.AUTHOR)
        row.agreed = agreed_to(row, give_story_consent(row, by))
        row.save(update_fields=["agreed"])
        audit.record(action="story agreed to", by=by, subject=row)
        publish_story(story=row)
    return row


def tell_author(story: Story) -> None:
    notify.notify(
        person=story.author,
        kind="story",
        url=reverse("cms:my_story", args=[story.pk, "preview"]),
    )


def publish_story(
    *, story: Story, slug: str = "", files: dict[str, Path] | None = None
) -> StoryPage:
    """Makes the page from `agreed`, by nobody's account. Raises `Refused` without a
    live consent of the author to the text that was agreed to."""
    with transaction.atomic():
        if not story.agreed or not has_consent(story):
            raise Refused(_("The author's consent to publish is missing."))
        page = pages.make_story_page(story.agreed, slug=slug, files=files)
        story.state, story.page_key = State.PUBLISHED, str(page.public_key)
        story.save(update_fields=["state", "page_key"])
        audit.record(action="story published", by=None, subject=story)
    return page


def has_consent(story: Story) -> bool:
    return ConsentRecord.objects.filter(
        person=story.author_id,
        purpose=Purpose.STORY,
        text_hash=story.agreed.get("consent_hash", ""),
        withdrawn_at=None,
    ).exists()


def page_of(story: Story) -> StoryPage | None:
    if not story.page_key:
        return None
    return StoryPage.objects.filter(public_key=UUID(story.page_key)).first()


def withdraw_story(*, story: Story, by: User | None) -> Story:
    """Page, files, packs: gone at once. A second call changes nothing."""
    with transaction.atomic():
        row = Story.objects.select_for_update().get(pk=story.pk)
        if row.state == State.WITHDRAWN:
            return row
        with tombstones.erasing(kind=WITHDRAWN, keys=[row.pk]):
            page = page_of(row)
            if page is not None:
                pages.take_down(page)
            row.state, row.withdrawn_at = State.WITHDRAWN, timezone.now()
            row.agreed, row.page_key = {}, ""
            row.save(update_fields=["state", "withdrawn_at", "agreed", "page_key"])
            audit.record(action="story withdrawn", by=by, subject=row)
    return row


def delete_story(*, story: Story, by: User) -> None:
    """Destroys a draft or a withdrawn story for good."""
    with tombstones.erasing(kind=DELETED, keys=[story.pk]):
        row = locked(story, State.DRAFT, State.WITHDRAWN)
        audit.record(action="story deleted", by=by, subject=row)
        row.delete()


def stories_standing() -> Iterable[UUID]:
    return Story.objects.values_list("pk", flat=True).iterator()


def stories_open() -> Iterable[UUID]:
    left = Story.objects.exclude(state=State.WITHDRAWN)
    return left.values_list("pk", flat=True).iterator()


def withdraw_again(key: UUID) -> None:
    for story in Story.objects.filter(pk=key):
        withdraw_story(story=story, by=None)


def delete_again(key: UUID) -> None:
    """As it was in the backup it may still have been public."""
    with transaction.atomic():
        withdraw_again(key)
        audit.record(action="story deleted", by=None, subject=f"cms.Story:{key}")
        Story.objects.filter(pk=key).delete()


def withdraw_without_consent() -> int:
    """Stories whose author took the consent back elsewhere; returns how many."""
    agreed = ConsentRecord.objects.filter(purpose=Purpose.STORY, withdrawn_at=None)
    alone = Story.objects.filter(state=State.PUBLISHED).exclude(
        author__in=agreed.values("person")
    )
    for story in alone:
        withdraw_story(story=story, by=story.author)
    return len(alone)


def withdraw_expired(today: date | None = None) -> int:
    """Pages whose consent has run out go as if withdrawn; returns how many."""
    today = today or timezone.localdate()
    ended = list(StoryPage.objects.filter(consent_until__lt=today))
    for page in ended:
        pages.take_down(page)
    return len(ended)
