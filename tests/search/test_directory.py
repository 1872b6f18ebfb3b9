"""Looking through the directory is counted as opening profiles is."""

import pytest

from network.models import Notice
from profiles.actions import profile
from profiles.models import Standing
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db
URL = "/people/"


def test_one_page_of_the_directory_too_many_is_refused_and_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(profile.LISTS_A_DAY, Standing.PROBATION, 2)
    client = client_of(cast.newcomer)
    for page in (1, 2):
        assert client.get(URL, {"page": page}).status_code == 200
    answer = client.get(URL, {"q": "a"})
    assert answer.status_code == 429
    assert "Enough for today" in answer.content.decode()
    client.get(URL)
    alerts = Notice.objects.filter(person=cast.moderator, kind="view_budget")
    assert alerts.count() == 1
    assert client_of(cast.former).get(URL).status_code == 200


def test_the_list_does_not_say_what_anybody_was(cast: Cast) -> None:
    for viewer in (cast.former, cast.newcomer):
        page = client_of(viewer).get(URL)
        assert page.context["cards"]
        words = page.content.decode().partition("<main")[2]
        assert 'class="tag former' not in words
        assert 'class="tag survivor' not in words
