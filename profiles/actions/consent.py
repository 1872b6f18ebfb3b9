"""Giving and taking back consent. The text that was shown is kept with its hash."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from network import audit
from network.models import User
from profiles import wording
from profiles.actions import changes
from profiles.models import (
    Application,
    ApplicationState,
    ConsentRecord,
    ConsentText,
    Profile,
    Purpose,
    VolunteerRegistration,
)

TOLD = ("kind", "way", "replies", "asked")  # answers that tell of somebody's past


def hash_of(title: str, body: str) -> str:
    return hashlib.sha256(f"{title}\n\n{body}".encode()).hexdigest()


def current_text(purpose: str, language: str) -> ConsentText:
    """The newest text for a purpose: in this language, else in English, else the
    built-in wording, which has no row until somebody agrees to it."""
    base = language.split("-")[0]
    for code in dict.fromkeys((base, "en")):
        published = ConsentText.objects.filter(
            purpose=purpose, language=code, number__gt=wording.NUMBER
        )
        if (found := published.order_by("-number").first()) is not None:
            return found
    return built_in_text(purpose, base)


def built_in_text(purpose: str, language: str) -> ConsentText:
    with override(language):
        title = str(Purpose(purpose).label)
        body = str(wording.WORDING[purpose])
    return ConsentText(
        purpose=purpose,
        language=language,
        number=wording.NUMBER,
        title=title,
        body=body,
        text_hash=hash_of(title, body),
    )


def stored(text: ConsentText) -> ConsentText:
    """The row of a text; a built-in one gets its row now."""
    if not text._state.adding:
        return text
    row, _created = ConsentText.objects.get_or_create(
        purpose=text.purpose,
        language=text.language,
        number=text.number,
        defaults={
            "title": text.title,
            "body": text.body,
            "text_hash": text.text_hash,
        },
    )
    return row


def give_consent(
    *,
    purpose: str,
    language: str,
    by: User | None,
    registration: VolunteerRegistration | None = None,
) -> ConsentRecord:
    """For oneself (`by`), or for the registration of somebody without an account.

    Agreeing again to the same text changes nothing.
    """
    with transaction.atomic():
        text = stored(current_text(purpose, language))
        person = by if registration is None else None
        found = ConsentRecord.objects.filter(
            person=person,
            registration=registration,
            purpose=purpose,
            text=text,
            withdrawn_at=None,
        ).first()
        if found is not None:
            return found
        record = ConsentRecord.objects.create(
            person=person,
            registration=registration,
            purpose=purpose,
            text=text,
            text_hash=text.text_hash,
        )
        audit.record(action="consent given", by=by, subject=record)
    return record


def withdraw_purpose(*, purpose: str, by: User) -> int:
    """Ends every live consent of this person for one purpose; returns how many."""
    with transaction.atomic():
        records = list(
            ConsentRecord.objects.filter(person=by, purpose=purpose, withdrawn_at=None)
        )
        for record in records:
            mark_withdrawn(record, by=by)
    return len(records)


def mark_withdrawn(record: ConsentRecord, *, by: User | None) -> None:
    ConsentRecord.objects.filter(pk=record.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    audit.record(action="consent withdrawn", by=by, subject=record)


def stop_matching(*, profile: Profile, by: User) -> None:
    """Matching goes on only while there is a consent to it."""
    with transaction.atomic():
        withdraw_purpose(purpose=Purpose.MATCHING, by=by)
        profile.is_matched = False
        profile.save(update_fields=["is_matched"])
        changes.tell_person(profile, withdrawn=True)


def forget_label(*, profile: Profile, by: User) -> None:
    """Takes former or survivor out of the profile, and its owner out of sight: rules
    that rest on the label cannot be kept without it. The application that made them a
    member forgets it too, with what they wrote about their way."""
    with transaction.atomic():
        withdraw_purpose(purpose=Purpose.SPECIAL_CATEGORY, by=by)
        forget_answers(by)
        profile.kind, profile.kind_until = "", None
        profile.contact_rules, profile.first_hand = {}, {}
        profile.is_listed = profile.is_matched = profile.is_open_to_contact = False
        profile.save()
        audit.record(action="label withdrawn", by=by, subject=profile)
        changes.tell_person(profile, withdrawn=True)


def forget_answers(person: User) -> None:
    approved = Application.objects.select_for_update().filter(
        applicant=person, state=ApplicationState.APPROVED
    )
    for row in approved:
        kept = {name: row.answers[name] for name in row.answers if name not in TOLD}
        row.answers = kept
        row.save(update_fields=["answers"])
