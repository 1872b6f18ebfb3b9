from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging import access, actions
from messaging.models import Conversation, Message
from network import mailed_links
from profiles.models import Block, Profile
from tests.cast import Cast, client_of, create_member
from tests.messaging.conftest import (
    grant_contact,
    participant,
    participant_of_volunteer,
)

pytestmark = pytest.mark.django_db


def post(client: Client, conversation: Conversation, **fields: str) -> int:
    data = {"uuid": str(uuid4()), **fields}
    return client.post(f"/messages/{conversation.pk}/send/", data).status_code


def test_two_members_write_by_plain_post(
    cast: Cast, conversation: Conversation
) -> None:
    former, survivor = client_of(cast.former), client_of(cast.survivor)
    assert post(former, conversation, body="Good morning, how was the visit?") == 302
    page = survivor.get(f"/messages/{conversation.pk}/").content.decode()
    assert "Good morning, how was the visit?" in page
    assert post(survivor, conversation, body="Better than I feared.") == 302
    page = former.get(f"/messages/{conversation.pk}/").content.decode()
    assert "Better than I feared." in page


def test_an_empty_message_is_explained_and_a_long_one_kept(
    cast: Cast, conversation: Conversation
) -> None:
    client = client_of(cast.former)
    assert post(client, conversation, body="   ") == 422
    text = "ش" * 5000  # under the limit of letters, over that of bytes
    answer = client.post(
        f"/messages/{conversation.pk}/send/", {"uuid": str(uuid4()), "body": text}
    )
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert Message.objects.count() == 0


def test_any_message_of_the_other_side_can_be_reported(
    cast: Cast, conversation: Conversation
) -> None:
    former, survivor = client_of(cast.former), client_of(cast.survivor)
    for number in range(23):
        post(survivor, conversation, body=f"Said {number:02}.")
    for _line in range(12):  # their own words push nothing out
        post(former, conversation, body="Mine.")
    url, found = f"/messages/{conversation.pk}/safety/", []
    address = url
    for _page in range(3):
        page = former.get(address).content.decode()
        assert "Mine." not in page
        found += re.findall(r"/report/message/([0-9a-f-]+)/", page)
        more = re.search(r'href="(\?before=\d+)', page)
        address = url + more[1] if more else ""
    assert address == ""
    theirs = Message.objects.exclude(sender__person=cast.former).order_by("-seq")
    assert found == [str(each.pk) for each in theirs]
    past = former.get(f"{url}?before=1").content.decode()
    assert "There is nothing earlier." in past
    assert "has not written anything" not in past
    for odd in ("-1", "x", "9" * 40):
        assert former.get(f"{url}?before={odd}").status_code == 200


def test_the_composer_cuts_nothing_that_is_pasted(
    cast: Cast, conversation: Conversation
) -> None:
    page = client_of(cast.former).get(f"/messages/{conversation.pk}/")
    assert "maxlength" not in page.content.decode()


def test_others_find_nothing_there(cast: Cast, conversation: Conversation) -> None:
    url = f"/messages/{conversation.pk}/"
    missing = client_of(cast.stranger).get(f"/messages/{uuid4()}/")
    for person in (cast.stranger, cast.moderator, cast.admin, cast.suspended):
        client = client_of(person)
        answer = client.get(url)
        assert answer.status_code == 404
        assert answer.content == missing.content
        assert client.get(f"{url}after/?have=0").status_code == 404
        assert post(client, conversation, body="Hello") == 404
    assert Client().get(url).status_code == 302


def test_a_block_hides_the_conversation_from_both(
    cast: Cast, conversation: Conversation
) -> None:
    Block.objects.create(blocker=cast.survivor, blocked=cast.former)
    for person in (cast.former, cast.survivor):
        client = client_of(person)
        assert client.get(f"/messages/{conversation.pk}/").status_code == 404
        assert str(conversation.pk) not in client.get("/messages/").content.decode()


def test_what_is_missing_is_fetched_by_number(
    cast: Cast, conversation: Conversation
) -> None:
    mine = participant(conversation, cast.former)
    for number in range(1, 6):
        actions.send_message(
            participant=mine, body=f"Line {number}", client_uuid=uuid4()
        )
    answer = client_of(cast.survivor).get(f"/messages/{conversation.pk}/after/?have=3")
    assert [line["seq"] for line in answer.json()["messages"]] == [4, 5]


def test_reading_moves_the_mark(cast: Cast, conversation: Conversation) -> None:
    mine = participant(conversation, cast.former)
    actions.send_message(participant=mine, body="Hi", client_uuid=uuid4())
    client = client_of(cast.survivor)
    assert "1 new" in client.get("/messages/").content.decode()
    client.get(f"/messages/{conversation.pk}/")
    assert "1 new" not in client.get("/messages/").content.decode()


def test_the_list_costs_the_same_for_many(
    cast: Cast, conversation: Conversation
) -> None:
    client = client_of(cast.former)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/messages/")
        return len(queries)

    client.get("/messages/")
    before = count()
    for number in range(6):
        grant = grant_contact(cast.former, create_member(f"friend{number}"))
        other = actions.open_conversation(grant=grant)
        actions.send_message(
            participant=participant(other, cast.former),
            body="Hello",
            client_uuid=uuid4(),
        )
    assert count() == before


def test_a_volunteer_writes_by_a_mailed_link(cast: Cast) -> None:
    linked = participant_of_volunteer(cast)
    conversation = linked.conversation
    token = mailed_links.issue(
        purpose=access.LINK_PURPOSE, subject=linked.pk, lifetime=access.LINK_LIFETIME
    )
    client = Client()
    first = client.get(f"/messages/open/{token}/")
    assert first.status_code == 302
    assert token not in first["Location"]
    assert post(client, conversation, body="I can come on Tuesday") == 302
    page = client_of(cast.lead).get(f"/messages/{conversation.pk}/").content.decode()
    assert "I can come on Tuesday" in page
    assert "vol@example.org" not in page
    other = Client()
    assert other.get(f"/messages/{conversation.pk}/").status_code == 302


def test_a_mailed_link_opens_beside_somebody_who_is_signed_in(cast: Cast) -> None:
    linked = participant_of_volunteer(cast)
    token = mailed_links.issue(
        purpose=access.LINK_PURPOSE, subject=linked.pk, lifetime=access.LINK_LIFETIME
    )
    client = client_of(cast.stranger)
    path = f"/messages/{linked.conversation_id}/"
    assert client.get(path).status_code == 404
    assert client.get(f"/messages/open/{token}/").headers["Location"] == path
    assert client.get(path).status_code == 200
    # and no other conversation
    grant = grant_contact(cast.former, cast.survivor)
    other = actions.open_conversation(grant=grant)
    assert client.get(f"/messages/{other.pk}/").status_code == 404


def test_the_quick_exit_closes_a_mailed_link_too(cast: Cast) -> None:
    linked = participant_of_volunteer(cast)
    token = mailed_links.issue(
        purpose=access.LINK_PURPOSE, subject=linked.pk, lifetime=access.LINK_LIFETIME
    )
    client, path = Client(), f"/messages/{linked.conversation_id}/"
    assert "data-beacon" not in client.get("/stories/").content.decode()
    client.get(f"/messages/open/{token}/")
    assert 'data-beacon="/exit/"' in client.get(path).content.decode()
    answer = client.post("/exit/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert client.get(path).status_code == 302


def test_who_writes_to_somebody_on_a_pause_is_told_so_and_may_write(
    cast: Cast, conversation: Conversation
) -> None:
    client, url = client_of(cast.former), f"/messages/{conversation.pk}/"
    assert "On a pause" not in client.get(url).content.decode()
    until = timezone.now() + timedelta(days=9)
    Profile.objects.filter(user=cast.survivor).update(hidden_until=until)
    assert "On a pause" in client.get(url).content.decode()
    assert post(client, conversation, body="Take your time.") == 302
