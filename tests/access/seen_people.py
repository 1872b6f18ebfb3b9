"""Where one member sees another: profiles, lists, connections, introductions, notices.

A surface makes what is there to see, and says how one looks.
"""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from network.models import Notice, User
from profiles.actions import connections, introductions
from profiles.models import Connection, Introduction, Profile, ProfileSkill
from tests.cast import client_of, create_member

NAME = "Quiet Harbour"
NOTE = "We both mend nets in winter."


class Two:
    """`viewer` looks; `other` is whom they see before the block."""

    def __init__(self) -> None:
        self.viewer, self.other = create_member("viewer"), create_member("other")
        Profile.objects.filter(user=self.other).update(pseudonym=NAME)
        self.other = User.objects.get(pk=self.other.pk)
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        self._client = self._client or client_of(self.viewer)
        return self._client

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        return answer.content.decode() if answer.status_code == 200 else ""


Looking = Callable[[], bool]
Surface = Callable[[Two], Looking]


def named_on(two: Two, path: str, word: str = NAME) -> Looking:
    return lambda: word in two.page(path)


def there(two: Two, path: str) -> Looking:
    return lambda: two.client.get(path).status_code == 200


def connect(one: User, other: User) -> Connection:
    asked = connections.request_connection(by=one, recipient=other.profile)
    return connections.accept_connection(connection=asked, by=other)


# --- people ---------------------------------------------------------------------------


def profile_page(two: Two) -> Looking:
    return named_on(two, f"/people/{two.other.pk}/")


def profile_page_of_a_connection(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return named_on(two, f"/people/{two.other.pk}/")


def asking_for_contact(two: Two) -> Looking:
    return there(two, f"/people/{two.other.pk}/connect/")


def directory(two: Two) -> Looking:
    return named_on(two, "/people/")


def directory_by_name(two: Two) -> Looking:
    return lambda: str(two.other.pk) in two.page("/people/?q=quiet")


def directory_by_skill(two: Two) -> Looking:
    ProfileSkill.objects.create(profile=two.other.profile, skill="first-aid", level=9)
    return named_on(two, "/people/?skill=first-aid")


def mutual_connection(two: Two) -> Looking:
    """On the page of somebody whom both know."""
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.other, third)
    connect(two.viewer, two.other)
    Profile.objects.update(shows_mutual=True)
    two.viewer = User.objects.get(pk=two.viewer.pk)
    return named_on(two, f"/people/{third.pk}/")


def who_else_is_known(two: Two) -> Looking:
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.other, third)
    Profile.objects.update(shows_mutual=True)
    two.viewer = User.objects.get(pk=two.viewer.pk)
    return named_on(two, f"/people/{two.other.pk}/", "You both know")


# --- connections and introductions ----------------------------------------------------


def among_connections(two: Two) -> Looking:
    """Apart from the list of whom one has blocked, which is one's own."""

    def looks() -> bool:
        text, _sep, _blocked = two.page("/connections/").partition("People you blocked")
        return NAME in text

    return looks


def request_received(two: Two) -> Looking:
    connections.request_connection(by=two.other, recipient=two.viewer.profile)
    return among_connections(two)


def request_sent(two: Two) -> Looking:
    connections.request_connection(by=two.viewer, recipient=two.other.profile)
    return among_connections(two)


def request_sent_and_declined(two: Two) -> Looking:
    asked = connections.request_connection(by=two.viewer, recipient=two.other.profile)
    connections.decline_connection(connection=asked, by=two.other)
    return among_connections(two)


def connected(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return among_connections(two)


def requests_counted(two: Two) -> Looking:
    connections.request_connection(by=two.other, recipient=two.viewer.profile)
    return named_on(two, "/me/", "One member asks you for contact")


def introduced_to(two: Two) -> Looking:
    third = create_member("third")
    connect(third, two.viewer)
    connect(third, two.other)
    introductions.introduce(
        by=third, one=two.viewer.profile, other=two.other.profile, note=NOTE
    )
    return named_on(two, "/connections/", NOTE)


def introduced_to_and_said_yes(two: Two) -> Looking:
    look = introduced_to(two)
    introductions.say_yes(introduction=Introduction.objects.get(), by=two.viewer)
    return look


def introduced_by(two: Two) -> Looking:
    third = create_member("third")
    connect(two.other, two.viewer)
    connect(two.other, third)
    introductions.introduce(
        by=two.other, one=two.viewer.profile, other=third.profile, note=NOTE
    )
    return named_on(two, "/connections/", NOTE)


def introducing(two: Two) -> Looking:
    """Whom one chooses from."""
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.viewer, two.other)
    return named_on(two, f"/people/{third.pk}/introduce/")


def introductions_proposed(two: Two) -> Looking:
    third = create_member("third")
    connect(two.viewer, third)
    connect(two.viewer, two.other)
    introductions.introduce(
        by=two.viewer, one=third.profile, other=two.other.profile, note=NOTE
    )
    return named_on(two, "/connections/", "waiting until")


def notices(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return named_on(two, "/me/notices/", f"/people/{two.other.pk}/")


def notices_for_the_digest(two: Two) -> Looking:
    connect(two.viewer, two.other)
    return lambda: Notice.objects.filter(person=two.viewer).exists()


PEOPLE: list[Surface] = [
    profile_page,
    profile_page_of_a_connection,
    asking_for_contact,
    directory,
    directory_by_name,
    directory_by_skill,
    mutual_connection,
    who_else_is_known,
    request_received,
    request_sent,
    request_sent_and_declined,
    connected,
    requests_counted,
    introduced_to,
    introduced_to_and_said_yes,
    introduced_by,
    introducing,
    introductions_proposed,
    notices,
    notices_for_the_digest,
]
