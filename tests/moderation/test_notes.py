"""Notes of vetters beside an application: for vetters, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from moderation import chores
from moderation.actions import notes, vetting
from moderation.models import DossierNote
from network import parts
from network.access import NotFound, Refused, Role
from network.models import AuditEntry, User
from profiles.actions import joining
from profiles.models import Application, Assignment, Decision
from tests.at_once import at_once
from tests.cast import Cast, client_of, create_cast, create_staff
from tests.moderation.conftest import create_application
from tests.moderation.reading import stolen

pytestmark = pytest.mark.django_db

WORDS = "The brass compass was mentioned by two of them."


def url_of(application: Application) -> str:
    return f"/staff/vetting/{application.pk}/"


def write(person: User, application: Application, **form: Any) -> Any:
    form = {"words": WORDS, **form}
    return client_of(person).post(f"{url_of(application)}notes/", form)


def dossier(person: User, application: Application) -> str:
    return client_of(person).get(url_of(application)).content.decode()


def take_back(person: User, note: DossierNote) -> Any:
    path = f"{url_of(note.application)}notes/{note.pk}/take-back/"
    return client_of(person).post(path, follow=True)


def deeds() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="note")
    return list(found.order_by("at").values_list("action", flat=True))


def test_a_note_is_read_by_the_other_vetter_with_its_author(
    cast: Cast, application: Application
) -> None:
    answer = write(cast.vetter, application)
    assert answer["Location"] == url_of(application)
    page = dossier(cast.second_vetter, application)
    assert WORDS in page
    assert str(cast.vetter) in page
    assert "Delete this note" not in page
    entry = AuditEntry.objects.get(action="note added")
    assert (entry.actor, entry.reason) == (cast.vetter.pk, "")


def test_the_same_form_twice_is_one_note(cast: Cast, application: Application) -> None:
    key = uuid4()
    for _twice in range(2):
        assert write(cast.vetter, application, key=key).status_code == 302
    assert DossierNote.objects.get().pk == key
    assert deeds() == ["note added"]


def test_the_key_of_anothers_note_changes_nothing_of_it(
    cast: Cast, application: Application
) -> None:
    write(cast.vetter, application)
    note = DossierNote.objects.get()
    write(cast.second_vetter, application, key=note.pk, words="Mine instead.")
    note = DossierNote.objects.get()
    assert (note.words, note.author) == (WORDS, cast.vetter)


@pytest.mark.parametrize(
    ("words", "told"), [(" ", "Write the note first"), ("long " * 900, "4000")]
)
def test_what_is_wrong_is_said_and_the_words_stay(
    cast: Cast, application: Application, words: str, told: str
) -> None:
    answer = write(cast.vetter, application, words=words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert words.strip() in page
    assert DossierNote.objects.count() == 0


class TestTakingBack:
    def test_the_author_can_for_ten_minutes(
        self, cast: Cast, application: Application
    ) -> None:
        write(cast.vetter, application)
        note = DossierNote.objects.get()
        assert "Delete this note" in dossier(cast.vetter, application)
        page = take_back(cast.vetter, note).content.decode()
        assert "Your note is gone" in page
        assert WORDS not in page
        again = take_back(cast.vetter, note)
        assert again.status_code == 200
        assert "no note that you can still delete" in again.content.decode()
        assert deeds() == ["note added", "note taken back"]

    def test_afterwards_it_stays(self, cast: Cast, application: Application) -> None:
        write(cast.vetter, application)
        later = timezone.now() + timedelta(minutes=11)
        with time_machine.travel(later, tick=False):
            assert "Delete this note" not in dossier(cast.vetter, application)
            take_back(cast.vetter, DossierNote.objects.get())
        assert DossierNote.objects.count() == 1

    def test_anothers_and_none_are_one_answer(
        self, cast: Cast, application: Application
    ) -> None:
        write(cast.vetter, application)
        note = DossierNote.objects.get()
        client = client_of(cast.second_vetter)
        for key in (note.pk, uuid4()):
            path = f"{url_of(application)}notes/{key}/take-back/"
            answer = client.post(path)
            assert answer["Location"] == url_of(application)
        told = client.get(url_of(application)).content.decode()
        assert told.count("no note that you can still delete") == 2
        assert DossierNote.objects.count() == 1

    def test_under_another_application_it_is_not_there(
        self, cast: Cast, application: Application
    ) -> None:
        write(cast.vetter, application)
        note = DossierNote.objects.get()
        other = create_application(cast.newcomer)
        assert not notes.take_back_note(
            note_id=note.pk, application=other, by=cast.vetter
        )
        assert DossierNote.objects.count() == 1


def test_whom_the_application_is_not_open_to_finds_nothing(
    cast: Cast, application: Application
) -> None:
    write(cast.vetter, application)
    note = DossierNote.objects.get()
    third = create_staff("third", Role.VETTER)
    others = (cast.moderator, cast.dpo, cast.admin, cast.applicant, cast.stranger)
    for person in (third, *others):
        assert write(person, application).status_code == 404
        assert take_back(person, note).status_code == 404
    Assignment.objects.filter(vetter=cast.vetter).delete()
    assert take_back(cast.vetter, note).status_code == 404
    with pytest.raises(NotFound):
        notes.add_note(key=uuid4(), application=application, by=third, words="Hello")
    assert DossierNote.objects.count() == 1


def test_nothing_is_noted_once_it_is_decided(
    cast: Cast, application: Application
) -> None:
    write(cast.vetter, application)
    for vetter in (cast.vetter, cast.second_vetter):
        vetting.decide_application(
            application=application,
            by=vetter,
            answer=Decision.Answer.APPROVE,
            reason="Steady.",
        )
    for words in ("Late.", " "):
        assert write(cast.vetter, application, words=words).status_code == 302
    with pytest.raises(Refused):
        notes.add_note(
            key=uuid4(), application=application, by=cast.vetter, words="Late."
        )
    assert DossierNote.objects.count() == 1
    why = {"why": "A complaint came in."}
    page = client_of(cast.second_vetter).post(url_of(application), why)
    assert WORDS in page.content.decode()
    assert "Add the note" not in page.content.decode()


def test_the_applicant_reads_none_and_takes_none_along(
    cast: Cast, application: Application
) -> None:
    write(cast.vetter, application)
    client = client_of(cast.applicant)
    for path in ("/join/status/", "/me/notices/", "/me/export/?format=json"):
        assert "brass compass" not in client.get(path).content.decode()
    exported = str([list(part.rows(cast.applicant)) for part in parts.exporters])
    assert "brass compass" not in exported


def test_a_thief_of_the_database_reads_no_word(
    cast: Cast, application: Application
) -> None:
    write(cast.vetter, application)
    assert "brass compass" not in stolen()


class TestForgetting:
    def test_a_note_goes_with_the_applicant(
        self, cast: Cast, application: Application
    ) -> None:
        write(cast.vetter, application)
        for part in parts.erasers:
            part.erase(cast.applicant)
        assert DossierNote.objects.count() == 0

    def test_a_vetter_who_leaves_is_not_named_any_more(
        self, cast: Cast, application: Application
    ) -> None:
        write(cast.vetter, application)
        for part in parts.erasers:
            part.erase(cast.vetter)
        assert DossierNote.objects.get().author is None
        assert "Somebody who has left" in dossier(cast.second_vetter, application)

    def test_a_note_goes_with_what_was_taken_back(
        self, cast: Cast, application: Application
    ) -> None:
        write(cast.vetter, application)
        joining.withdraw_application(application=application, by=cast.applicant)
        chores.forget_sheets_and_notes()
        assert DossierNote.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_pressed_many_times_at_once_it_is_one_note() -> None:
    cast = create_cast()
    application = create_application(cast.applicant)
    key = uuid4()
    at_once(
        [
            lambda: notes.add_note(
                key=key, application=application, by=cast.vetter, words=WORDS
            )
        ]
        * 6
    )
    assert DossierNote.objects.count() == 1
    assert deeds() == ["note added"]
