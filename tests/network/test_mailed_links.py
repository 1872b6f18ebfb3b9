from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from network import mailed_links
from network.access import NotFound
from network.models import MailedLink, User

DAY = timedelta(days=1)
SUBJECT = uuid4()


def browser(user: User | None = None) -> HttpRequest:
    request = RequestFactory().get("/")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    request.user = user or AnonymousUser()
    return request


def issue(subject: UUID = SUBJECT, lifetime: timedelta = DAY) -> str:
    return mailed_links.issue(purpose="manage", subject=subject, lifetime=lifetime)


@pytest.mark.django_db
def test_link_leads_to_its_subject_and_then_lives_in_the_session() -> None:
    request, token = browser(), issue()
    assert mailed_links.open(request, "manage", token) == SUBJECT
    assert mailed_links.current(request, "manage") == SUBJECT
    assert token not in str(dict(request.session.items()))


@pytest.mark.django_db
def test_token_is_long_and_only_its_hash_is_stored() -> None:
    token = issue()
    assert len(token) >= 43
    assert token not in str(MailedLink.objects.values().get())


@pytest.mark.django_db
def test_scanner_that_opens_the_link_changes_nothing() -> None:
    token = issue()
    before = MailedLink.objects.values().get()
    for _ in range(3):
        mailed_links.open(browser(), "manage", token)
    assert MailedLink.objects.values().get() == before


@pytest.mark.django_db
def test_button_acts_once() -> None:
    request, token = browser(), issue()
    mailed_links.open(request, "manage", token)
    assert mailed_links.spend(request, "manage") == SUBJECT
    for again in (mailed_links.spend, mailed_links.current):
        with pytest.raises(NotFound):
            again(request, "manage")
    with pytest.raises(NotFound):
        mailed_links.open(browser(), "manage", token)


@pytest.mark.django_db
def test_action_that_fails_leaves_the_link_usable() -> None:
    request, token = browser(), issue()
    mailed_links.open(request, "manage", token)
    with transaction.atomic():
        mailed_links.spend(request, "manage")
        transaction.set_rollback(True)
    assert mailed_links.spend(request, "manage") == SUBJECT


@pytest.mark.django_db
def test_link_is_for_one_purpose() -> None:
    request, token = browser(), issue()
    with pytest.raises(NotFound):
        mailed_links.open(request, "thread", token)
    mailed_links.open(request, "manage", token)
    for use in (mailed_links.current, mailed_links.spend):
        with pytest.raises(NotFound):
            use(request, "thread")


@pytest.mark.django_db
def test_link_expires_also_for_a_browser_that_opened_it() -> None:
    request, token = browser(), issue()
    mailed_links.open(request, "manage", token)
    with time_machine.travel(timezone.now() + DAY + timedelta(seconds=1)):
        for use in (mailed_links.current, mailed_links.spend):
            with pytest.raises(NotFound):
                use(request, "manage")
        with pytest.raises(NotFound):
            mailed_links.open(browser(), "manage", token)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "x", "é\x00", "a" * 10_000])
def test_guessed_token_looks_like_any_missing_page(token: str) -> None:
    issue()
    with pytest.raises(NotFound):
        mailed_links.open(browser(), "manage", token)


@pytest.mark.django_db
def test_hash_out_of_the_database_opens_nothing() -> None:
    issue()
    stolen = MailedLink.objects.get().token_hash
    with pytest.raises(NotFound):
        mailed_links.open(browser(), "manage", stolen)


@pytest.mark.django_db
def test_two_purposes_stand_side_by_side_and_are_closed_one_by_one() -> None:
    request, other = browser(), uuid4()
    thread = mailed_links.issue(purpose="thread", subject=other, lifetime=DAY)
    mailed_links.open(request, "manage", issue())
    mailed_links.open(request, "thread", thread)
    mailed_links.close(request, "manage")
    assert mailed_links.current(request, "thread") == other
    with pytest.raises(NotFound):
        mailed_links.current(request, "manage")


@pytest.mark.django_db
def test_planted_session_gains_nothing() -> None:
    request = browser()
    request.session["planted"] = True
    request.session.create()
    known_to_the_attacker = request.session.session_key
    mailed_links.open(request, "manage", issue())
    assert request.session.session_key != known_to_the_attacker


@pytest.mark.django_db
def test_signed_in_person_keeps_their_session() -> None:
    request = browser(User.objects.create_user("kept@example.org"))
    request.session.create()
    key = request.session.session_key
    mailed_links.open(request, "manage", issue())
    assert request.session.session_key == key


@pytest.mark.django_db
def test_erasure_withdraws_links_about_the_subject() -> None:
    request, token = browser(), issue()
    kept = issue(subject=uuid4())
    mailed_links.open(request, "manage", token)
    assert mailed_links.withdraw(subject=SUBJECT, purpose="thread") == 0
    assert mailed_links.withdraw(subject=SUBJECT) == 1
    with pytest.raises(NotFound):
        mailed_links.spend(request, "manage")
    mailed_links.open(browser(), "manage", kept)


@pytest.mark.django_db(transaction=True)
def test_two_buttons_pressed_at_once_act_once() -> None:
    token, start = issue(), Barrier(6)
    requests = [browser() for _ in range(6)]
    for request in requests:
        mailed_links.open(request, "manage", token)

    def press(request: HttpRequest) -> bool:
        start.wait(timeout=10)
        try:
            mailed_links.spend(request, "manage")
        except NotFound:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(press, requests)) == 1
    assert MailedLink.objects.get().spent_at is not None


@pytest.mark.django_db
def test_the_page_of_a_link_that_has_ended_says_how_to_get_another() -> None:
    old = issue(lifetime=-DAY)
    mailed_links.issue(purpose="volunteer", subject=SUBJECT, lifetime=DAY)
    pages = {
        Client().get(f"/registration/open/{token}/").content
        for token in (old, "never-there")
    }
    (page,) = pages
    assert b"leads nowhere any more" in page
    assert b"/get-involved/" in page
    assert b"/ar/lost-access/" in page
