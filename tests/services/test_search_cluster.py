"""The product on a real cluster: fed, built anew, compared, and done without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from network import outbox
from network.models import Lane, OutboxEntry, User
from profiles.actions.changes import tell_person
from profiles.models import Block, Profile
from search import feed, feeder, health, matching, reindexing, serving, verifying
from search.changes import changes
from search.elastic import ElasticEngine
from search.elastic.engine import reaching
from search.engine import Counts, EngineRefused, EngineUnavailable
from search.keys import PERSON, doc_id
from search.replica import replica
from tests.cast import Cast, client_of
from tests.search.conftest import create_need, offer

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def built(engine: ElasticEngine) -> str:
    """Everything in it, and found."""
    for _step in reindexing.reindex(engine):
        pass
    engine.refresh()
    generation = engine.current()
    assert generation is not None
    return generation


def told(profile: Profile, *, withdrawn: bool = False) -> None:
    with transaction.atomic():
        tell_person(profile, withdrawn=withdrawn)


def fed(engine: ElasticEngine) -> None:
    feed.feed(engine)
    engine.refresh()


def held(engine: ElasticEngine, person: User) -> bool:
    return doc_id(PERSON, person.pk) in set(engine.ids())


def ask(what: str, **options: Any) -> str:
    told = StringIO()
    call_command("search", what, stdout=told, **options)
    return told.getvalue()


def test_a_cluster_that_was_built_holds_and_answers_what_memory_does(
    cast: Cast, cluster: ElasticEngine
) -> None:
    offer(cast.former)
    need = create_need(cast.lead)
    built(cluster)
    assert cluster.count() == replica.engine().count() != Counts(0, 0, 0)
    (match,) = matching.people_for_need(need, cast.lead)
    assert match.person == cast.former.profile
    assert not serving.guarded().breaker.opened
    assert "holds what the tables do" in ask("verify")
    assert health.engines().is_ok


def test_withdrawals_go_before_everything_that_waits(
    cast: Cast, cluster: ElasticEngine
) -> None:
    profile = offer(cast.former)
    built(cluster)
    assert held(cluster, cast.former)
    with transaction.atomic():
        for number in range(2 * feed.BATCH):
            outbox.append(
                lane=Lane.REST, kind="report", key=str(number), version=number
            )
    Profile.objects.filter(pk=profile.pk).update(is_matched=False)
    told(profile, withdrawn=True)
    assert feed.feed(cluster, seconds=0) == feed.BATCH
    cluster.refresh()
    assert not held(cluster, cast.former)


@pytest.mark.parametrize("at", ["fill", "catch up", "compare"])
def test_what_changes_while_it_is_built_is_in_it(
    cast: Cast, cluster: ElasticEngine, at: str
) -> None:
    offer(cast.former)
    built(cluster)
    for step in reindexing.reindex(cluster):
        if step.name == at:
            told(offer(cast.survivor))
            Profile.objects.filter(user=cast.former).update(is_matched=False)
            told(cast.former.profile, withdrawn=True)
            fed(cluster)  # the old ones, meanwhile
            assert held(cluster, cast.survivor)
    fed(cluster)
    assert held(cluster, cast.survivor)
    assert not held(cluster, cast.former)
    ask("verify")


def test_an_old_line_that_comes_late_brings_nobody_back(
    cast: Cast, cluster: ElasticEngine
) -> None:
    """A feeder that was asleep between reading and writing."""
    profile = offer(cast.former)
    generation = built(cluster)
    told(profile)
    entries = outbox.read(feed.consumer_of(generation))
    stale = list(changes(entries, outbox.version_of))
    Profile.objects.filter(pk=profile.pk).update(is_matched=False)
    told(profile, withdrawn=True)
    fed(cluster)
    cluster.apply(stale)
    cluster.refresh()
    assert not held(cluster, cast.former)


def tampered(engine: ElasticEngine, how: str, person: User) -> str:
    client, index = engine._client, engine.indices.people
    identifier = doc_id(PERSON, person.pk)
    if how == "missing":
        client.delete(index=index, id=identifier)
    elif how == "surplus":
        identifier = doc_id(PERSON, "00000000-0000-4000-8000-000000000000")
        client.index(index=index, id=identifier, document={"live": True})
    else:
        client.update(index=index, id=identifier, doc={"experience": 40})
    engine.refresh()
    return identifier


@pytest.mark.parametrize("how", ["missing", "surplus", "differs"])
def test_verify_prints_what_differs_and_fails(
    cast: Cast, cluster: ElasticEngine, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "PAUSE", 0)
    offer(cast.former)
    built(cluster)
    identifier = tampered(cluster, how, cast.former)
    printed = StringIO()
    with pytest.raises(CommandError):
        call_command("search", "verify", stdout=printed)
    assert f"{how}: {identifier}" in printed.getvalue().replace("\n", "")


def test_indices_that_differ_do_not_answer(
    cast: Cast, cluster: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(cast.former)
    before = built(cluster)
    monkeypatch.setattr(verifying, "differences", lambda _engine: iter(["missing: x"]))
    with pytest.raises(CommandError):
        ask("reindex")
    assert cluster.current() == before
    assert cluster.generations() == [before]
    assert outbox.consumers() == [feed.consumer_of(before)]


def test_the_generation_before_stays_a_day(
    cluster: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = built(cluster), built(cluster)
    assert cluster.generations() == [first, second]
    monkeypatch.setattr(reindexing, "KEPT", timedelta())
    assert reindexing.drop_old(cluster) == [first]
    assert cluster.generations() == [second]


def test_whoever_withdraws_is_gone_from_the_generation_before_too(
    cast: Cast, cluster: ElasticEngine
) -> None:
    profile = offer(cast.former)
    before = built(cluster)
    built(cluster)
    Profile.objects.filter(pk=profile.pk).update(is_matched=False)
    told(profile, withdrawn=True)
    feed.feed(cluster)
    old = cluster.of(before)
    old.refresh()
    assert not held(old, cast.former)


def test_the_feeder_sweeps_old_generations(
    cluster: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(cluster)
    now = built(cluster)
    monkeypatch.setattr(reindexing, "KEPT", timedelta())
    feeder.Feeder(cluster).turn()
    assert cluster.generations() == [now]


def test_what_was_dropped_is_not_made_anew_by_who_still_feeds_it(
    cast: Cast, cluster: ElasticEngine
) -> None:
    before, now = built(cluster), built(cluster)
    told(offer(cast.former))
    entries = outbox.read(feed.consumer_of(before))
    reindexing.give_up(cluster, before)
    with pytest.raises(EngineUnavailable):
        cluster.of(before).apply(changes(entries, outbox.version_of))
    assert cluster.generations() == [now]


def test_one_at_a_time_builds_and_a_killed_one_holds_nobody_up_for_long(
    cluster: ElasticEngine,
) -> None:
    built(cluster)
    first = reindexing.reindex(cluster)
    next(first)
    with pytest.raises(CommandError, match="being built"):
        ask("reindex")
    feeder.Feeder(cluster).build()  # lets the other one go on
    with time_machine.travel(timezone.now() + timedelta(seconds=reindexing.LEASE + 1)):
        assert built(cluster)


def test_an_empty_cluster_is_built_by_the_feeder(
    cast: Cast, cluster: ElasticEngine
) -> None:
    offer(cast.former)
    with pytest.raises(feed.NotFed):
        feed.feed(cluster)
    feeder.Feeder(cluster).turn()
    cluster.refresh()
    assert held(cluster, cast.former)


def test_after_a_restore_it_is_built_anew(cast: Cast, cluster: ElasticEngine) -> None:
    """Its versions are those of another life: what it takes would be ignored."""
    before = built(cluster)
    outbox.forget(feed.consumer_of(before))  # as `renumber_after_restore` does
    feeder.Feeder(cluster).turn()
    assert cluster.current() not in {None, before}


def find_former(cast: Cast, need: Any) -> bool:
    page = client_of(cast.lead).get(f"/needs/{need.pk}/matches/")
    assert page.status_code == 200
    return cast.former.profile.pseudonym in page.content.decode()


@pytest.mark.parametrize("how", ["withdrawal", "block"])
def test_on_a_stale_index_it_counts_at_once(
    cast: Cast, cluster: ElasticEngine, how: str
) -> None:
    profile = offer(cast.former)
    need = create_need(cast.lead)
    built(cluster)
    assert find_former(cast, need)
    if how == "block":
        Block.objects.create(blocker=cast.former, blocked=cast.lead)
    else:
        Profile.objects.filter(pk=profile.pk).update(is_matched=False)
    assert held(cluster, cast.former)
    assert not find_former(cast, need)


def refusing(calls: list[str]) -> Callable[..., Any]:
    def refuse(*_args: Any, **_options: Any) -> Any:
        calls.append("asked")
        raise EngineUnavailable("ConnectionError")

    return refuse


def test_three_failures_and_memory_answers_until_the_pause_is_over(
    cast: Cast, cluster: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(cast.former)
    need = create_need(cast.lead)
    built(cluster)
    asked: list[str] = []
    with monkeypatch.context() as broken:
        broken.setattr(ElasticEngine, "match", refusing(asked))
        for _turn in range(6):
            assert find_former(cast, need)
    assert len(asked) == serving.FAILURES
    assert serving.guarded().breaker.opened
    desk = client_of(cast.moderator).get("/staff/").content.decode()
    assert "The search cluster does not answer" in desk
    monkeypatch.setattr(serving.guarded().breaker, "_opened", -serving.PAUSE)
    assert find_former(cast, need)
    assert serving.guarded().breaker.state == "closed"
    cache.delete(serving.AWAY)
    desk = client_of(cast.moderator).get("/staff/").content.decode()
    assert "The search cluster does not answer" not in desk


def test_a_cluster_that_is_behind_does_not_answer(
    cast: Cast, cluster: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = create_need(cast.lead)
    built(cluster)
    told(offer(cast.former))
    OutboxEntry.objects.update(created_at=timezone.now() - 2 * serving.LATE)
    assert find_former(cast, need)


def test_a_question_that_is_refused_closes_nothing(cluster: ElasticEngine) -> None:
    built(cluster)
    guarded = serving.guarded()

    def nonsense(engine: Any) -> object:
        with reaching():
            return engine._client.search(query={"no such": {}})

    for _turn in range(5):
        with pytest.raises(EngineRefused):
            guarded.breaker.call(lambda: nonsense(guarded.cluster))
    assert not guarded.breaker.opened
