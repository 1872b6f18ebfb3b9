"""Servers that die in mid-use: no error page, right answers, and nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connections

from profiles.models import Profile, VolunteerRegistration
from search import feed, reindexing, serving, verifying
from search.elastic import ElasticEngine
from search.engine import EngineUnavailable
from search.feeder import Feeder
from search.replica import replica
from tests.cast import Cast
from tests.profiles.conftest import registered
from tests.search.conftest import create_need, offer
from tests.services.clusters import Server, servers
from tests.services.test_search_cluster import built, find_former, told

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
Use = Callable[[list[str]], ElasticEngine]


def caught_up(engine: ElasticEngine, seconds: float = 60) -> None:
    """As the feeder does it: again and again, whatever the cluster says."""
    end = monotonic() + seconds
    feeder = Feeder(engine)
    while monotonic() < end:
        try:
            feeder.turn()
        except EngineUnavailable:
            sleep(0.5)
            continue
        return
    raise AssertionError("the cluster did not come back")


def assert_holds_everything(engine: ElasticEngine) -> None:
    generation = engine.current()
    assert generation is not None
    assert list(verifying.differences(engine.of(generation))) == []


def test_killed_in_mid_use_memory_answers_and_it_catches_up_exactly(
    cast: Cast, on_cluster: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers(1) as (server,):
        engine = on_cluster([server.url])
        profile = offer(cast.former)
        need = create_need(cast.lead)
        built(engine)
        assert find_former(cast, need)
        server.kill()
        assert find_former(cast, need)  # nobody has told it yet that it is away
        Profile.objects.filter(pk=profile.pk).update(is_matched=False)
        told(profile, withdrawn=True)
        told(offer(cast.survivor))
        for number in range(30):
            registered(form=f"form-{number}", email=f"v{number}@example.org")
        assert not find_former(cast, need)
        with pytest.raises(EngineUnavailable):
            feed.feed(engine)
        server.start()
        caught_up(engine)
        assert_holds_everything(engine)
        serving.guarded().breaker.reset()
        assert not find_former(cast, need)
        assert not serving.guarded().breaker.opened
        assert engine.count() == replica.engine().count()


@contextmanager
def registering() -> Iterator[list[VolunteerRegistration]]:
    """People who register all the while."""
    made: list[VolunteerRegistration] = []
    over = threading.Event()

    def go() -> None:
        while not over.is_set() and len(made) < 400:
            number = len(made)
            row = registered(form=f"surge-{number}", email=f"s{number}@example.org")
            made.append(row)
        connections.close_all()

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield made
    finally:
        over.set()
        thread.join()


def holding_people(nodes: list[Server], engine: ElasticEngine) -> Server:
    """The node that takes what is written about people."""
    rows: Any = engine._client.cat.shards(index=engine.indices.people, format="json")
    (name,) = {row["node"] for row in rows if row["prirep"] == "p"}
    return nodes[int(name.removeprefix("n"))]


def test_one_of_three_servers_dies_while_it_is_rebuilt_and_people_stream_in(
    cast: Cast, on_cluster: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "BATCH", 25)
    with servers(3) as nodes:
        engine = on_cluster([node.url for node in nodes])
        offer(cast.former)
        for number in range(300):
            registered(form=f"form-{number}", email=f"v{number}@example.org")
        before = built(engine)
        lost: Server | None = None
        with registering() as made:
            for step in reindexing.reindex(engine):
                if step.done >= 100 and lost is None:
                    fresh = max(engine.generations())
                    lost = holding_people(nodes, engine.of(fresh))
                    lost.kill()
            assert len(made) > 10
        assert lost is not None
        assert engine.current() not in {None, before}
        caught_up(engine)
        assert_holds_everything(engine)
        held = set(engine.ids())
        rows = VolunteerRegistration.objects.values_list("pk", flat=True)
        assert len(rows) == 300 + len(made)
        assert {f"volunteer:{pk}" for pk in rows} <= held
