from __future__ import annotations

import threading
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from messaging import actions, crypt
from messaging.models import Conversation, Message, Participant
from network.access import Refused
from network.crypto import Tampered
from network.models import OutboxEntry
from profiles.models import Block, ContactGrant, Profile, Standing
from tests.cast import Cast, client_of, create_cast
from tests.messaging.conftest import (
    grant_contact,
    participant,
    participant_of_volunteer,
)

pytestmark = pytest.mark.django_db


def test_messages_are_numbered_without_gaps(
    cast: Cast, conversation: Conversation
) -> None:
    for person in (cast.former, cast.survivor, cast.former):
        actions.send_message(
            participant=participant(conversation, person),
            body="Good morning",
            client_uuid=uuid4(),
        )
    assert [message.seq for message in Message.objects.order_by("seq")] == [1, 2, 3]
    assert OutboxEntry.objects.filter(kind="message").count() == 3


def test_the_same_message_twice_is_stored_once(
    cast: Cast, conversation: Conversation
) -> None:
    uuid = uuid4()
    mine = participant(conversation, cast.former)
    first = actions.send_message(participant=mine, body="Hello", client_uuid=uuid)
    again = actions.send_message(participant=mine, body="Hello", client_uuid=uuid)
    assert first.pk == again.pk
    assert Message.objects.count() == 1


def test_text_is_unreadable_in_the_database(
    cast: Cast, conversation: Conversation
) -> None:
    mine = participant(conversation, cast.former)
    actions.send_message(
        participant=mine, body="the lighthouse keeper", client_uuid=uuid4()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM messaging_message")
        assert "lighthouse" not in str(cursor.fetchall())


def test_a_message_moved_to_another_row_does_not_open(
    cast: Cast, conversation: Conversation
) -> None:
    mine = participant(conversation, cast.former)
    one = actions.send_message(participant=mine, body="One", client_uuid=uuid4())
    two = actions.send_message(participant=mine, body="Two", client_uuid=uuid4())
    two.ciphertext = one.ciphertext
    with pytest.raises(Tampered):
        crypt.text_of(conversation, two)


def test_a_blank_data_key_shreds_everything(
    cast: Cast, conversation: Conversation
) -> None:
    mine = participant(conversation, cast.former)
    message = actions.send_message(participant=mine, body="One", client_uuid=uuid4())
    conversation.data_key = None
    conversation.save()
    conversation.refresh_from_db()
    assert crypt.text_of(conversation, message) == ""
    with pytest.raises(Refused):
        actions.send_message(participant=mine, body="Two", client_uuid=uuid4())


@pytest.mark.parametrize("how", ["grant", "block", "suspended", "left"])
def test_nobody_writes_after_the_right_ended(
    how: str, cast: Cast, conversation: Conversation
) -> None:
    mine = participant(conversation, cast.former)
    if how == "grant":
        ContactGrant.objects.update(ended_at=timezone.now())
    elif how == "block":
        Block.objects.create(blocker=cast.survivor, blocked=cast.former)
    elif how == "suspended":
        Profile.objects.filter(user=cast.former).update(standing=Standing.SUSPENDED)
        mine = participant(conversation, cast.former)
    else:
        actions.leave_conversation(
            participant=participant(conversation, cast.survivor), by=cast.survivor
        )
    with pytest.raises(Refused):
        actions.send_message(participant=mine, body="Still there?", client_uuid=uuid4())
    assert Message.objects.count() == 0


@pytest.mark.parametrize("who", ["newcomer", "volunteer"])
def test_who_is_not_yet_trusted_cannot_send_links(cast: Cast, who: str) -> None:
    if who == "newcomer":
        grant = grant_contact(cast.newcomer, cast.stranger)
        conversation = actions.open_conversation(grant=grant)
        mine = participant(conversation, cast.newcomer)
    else:
        mine = participant_of_volunteer(cast)
    for text in ("see https://x.example", "go to www.x.example", "chat on t.me"):
        with pytest.raises(actions.Unsendable):
            actions.send_message(participant=mine, body=text, client_uuid=uuid4())
    actions.send_message(
        participant=mine, body="Without a link, e.g. this.", client_uuid=uuid4()
    )
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("half of an emoji \ud83d here", "cannot be stored"),
        ("a nul \x00 here", "cannot be stored"),
        ("\u200b\u200b", "Write something first"),
        (" \u2060\n\u200f", "Write something first"),
    ],
)
def test_what_cannot_be_read_is_refused_for_what_it_is(
    cast: Cast, conversation: Conversation, body: str, said: str
) -> None:
    mine = participant(conversation, cast.former)
    with pytest.raises(actions.Unsendable, match=said):
        actions.send_message(participant=mine, body=body, client_uuid=uuid4())
    actions.send_message(participant=mine, body="\U0001f44d", client_uuid=uuid4())


def test_a_burst_is_slowed_down(cast: Cast, conversation: Conversation) -> None:
    mine = participant(conversation, cast.former)
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(actions.BURST):
            actions.send_message(participant=mine, body="x", client_uuid=uuid4())
        with pytest.raises(actions.Unsendable):
            actions.send_message(participant=mine, body="x", client_uuid=uuid4())


def test_erasing_a_person_blanks_their_words_and_keeps_the_numbers(
    cast: Cast, conversation: Conversation
) -> None:
    for person in (cast.former, cast.survivor):
        actions.send_message(
            participant=participant(conversation, person),
            body="Words",
            client_uuid=uuid4(),
        )
    actions.erase_words(person=cast.former)
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    page = client_of(cast.survivor).get(f"/messages/{conversation.pk}/")
    assert page.status_code == 200
    assert "Former" not in page.content.decode()
    assert Message.objects.get(seq=1).ciphertext == ""


def test_opening_a_grant_twice_makes_one_conversation(cast: Cast) -> None:
    grant = grant_contact(cast.former, cast.lead)
    assert actions.open_conversation(grant=grant) == actions.open_conversation(
        grant=grant
    )
    assert Participant.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_writing_at_once_get_different_numbers() -> None:
    cast = create_cast()
    grant = grant_contact(cast.former, cast.survivor)
    conversation = actions.open_conversation(grant=grant)
    people = (cast.former, cast.survivor)
    errors: list[Exception] = []

    def write(mine: Participant) -> None:
        try:
            for _ in range(8):
                actions.send_message(participant=mine, body="Hi", client_uuid=uuid4())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    writers = [
        threading.Thread(target=write, args=[participant(conversation, person)])
        for person in people
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert errors == []
    numbers = list(Message.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, 17))
