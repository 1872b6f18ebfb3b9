"""SAFETY, trap 12: files are served in parts, and only while their story is live."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.http.response import HttpResponseBase
from django.test import AsyncClient, Client

from cms.actions import stories
from cms.models import Story, StoryFile, StoryPage

pytestmark = pytest.mark.django_db


def body(answer: HttpResponseBase) -> bytes:
    return b"".join(answer)  # type: ignore[arg-type]


@pytest.fixture
def sound(story_page: StoryPage) -> StoryFile:
    return StoryFile.objects.get(story=story_page, role=StoryFile.Role.AUDIO)


@pytest.fixture
def url(sound: StoryFile) -> str:
    return f"/files/story/{sound.pk}/"


def test_the_whole_file_with_its_checks(url: str, sound: StoryFile) -> None:
    answer = Client().get(url)
    whole = body(answer)
    assert answer.status_code == 200
    assert hashlib.sha256(whole).hexdigest() == sound.sha256
    assert int(answer["Content-Length"]) == len(whole) == sound.size
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["ETag"] == f'"{sound.sha256}"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"].startswith("audio/")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, -1),
        ("bytes=-10", -10, -1),
        ("bytes=5-99999999999", 5, -1),
        ("bytes=-99999999999", 0, -1),
    ],
)
def test_trap_12_one_part_of_a_file(
    url: str, sound: StoryFile, asked: str, first: int, last: int
) -> None:
    whole = body(Client().get(url))
    answer = Client().get(url, headers={"range": asked})
    start = first % sound.size
    end = last % sound.size
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{sound.size}"
    assert body(answer) == whole[start : end + 1]
    assert int(answer["Content-Length"]) == end - start + 1


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_trap_12_a_part_behind_the_end(url: str, sound: StoryFile, asked: str) -> None:
    answer = Client().get(url, headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{sound.size}"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b", "x"]
)
def test_what_cannot_be_read_is_answered_in_full(url: str, asked: str) -> None:
    assert Client().get(url, headers={"range": asked}).status_code == 200


def test_a_part_of_another_version_is_not_mixed_in(url: str, sound: StoryFile) -> None:
    headers = {"range": "bytes=0-1", "if-range": '"other"'}
    assert Client().get(url, headers=headers).status_code == 200
    headers["if-range"] = f'"{sound.sha256}"'
    assert Client().get(url, headers=headers).status_code == 206


def test_unchanged_files_are_not_sent_again(url: str, sound: StoryFile) -> None:
    answer = Client().get(url, headers={"if-none-match": f'W/"{sound.sha256}"'})
    assert answer.status_code == 304
    assert not answer.content


def test_head_tells_the_size_alone(url: str, sound: StoryFile) -> None:
    answer = Client().head(url)
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == sound.size
    assert answer.content == b""
    assert Client().post(url).status_code == 405


def test_an_asynchronous_server_streams_without_a_warning(
    url: str, recwarn: pytest.WarningsRecorder
) -> None:
    async def first_bytes() -> bytes:
        answer = await AsyncClient().get(url, headers={"range": "bytes=0-99"})
        assert answer.status_code == 206
        return b"".join([part async for part in answer])

    # not an async test: its database would be another thread's
    assert len(async_to_sync(first_bytes)()) == 100
    assert not [one for one in recwarn if "synchronous iterators" in str(one.message)]


def test_trap_12_withdrawn_files_are_gone(
    url: str,
    story_page: StoryPage,
    authors_story: Story,
    django_capture_on_commit_callbacks: object,
) -> None:
    path = StoryFile.objects.get(story=story_page, role="audio").file.path
    etag = Client().get(url)["ETag"]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        stories.withdraw_story(story=authors_story, by=authors_story.author)
    for headers in ({}, {"range": "bytes=0-9"}, {"if-none-match": etag}):
        assert Client().get(url, headers=headers).status_code == 410
    with pytest.raises(FileNotFoundError):
        open(path, "rb")  # noqa: PTH123, SIM115


def test_files_of_a_page_that_is_not_live_are_hidden(
    url: str, story_page: StoryPage
) -> None:
    story_page.unpublish()
    missing = Client().get(f"/files/story/{uuid4()}/")
    hidden = Client().get(url)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
