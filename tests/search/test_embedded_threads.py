"""Many threads read while one writes, and none sees half of a change."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Thread
from time import sleep

from search.embedded import EmbeddedEngine
from search.embedded.locks import ReadWriteLock
from search.engine import MatchRequest, SearchRequest
from tests.contract.cast import NEED, PERSON, TODAY, put, text
from tests.contract.oracle import RELATED
from tests.search.test_embedded_rows import crowd


def test_readers_see_each_person_exactly_once_while_all_are_edited() -> None:
    engine, done = EmbeddedEngine(RELATED), Event()
    people = [replace(PERSON, id=f"person-{number}") for number in range(150)]
    engine.apply(put(*people))

    def read() -> set[tuple[int, int]]:
        seen = set()
        while not done.is_set():
            request = MatchRequest(subject=NEED, today=TODAY)
            ids = [found.id for found in engine.match(request, 1000)]
            seen.add((len(ids), len(set(ids))))
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        try:
            for version in range(2, 30):
                engine.apply(put(*people, version=version))
        finally:
            done.set()
    assert set.union(*(reader.result() for reader in readers)) == {(150, 150)}


def test_threads_of_different_subjects_do_not_mix_their_sums() -> None:
    engine = EmbeddedEngine(RELATED)
    engine.apply(put(*crowd(300)))
    needs = [
        replace(NEED, skills=skills)
        for skills in ({"mediation": 1.0}, {"first-aid": 0.5, "teaching": 0.5})
    ]
    requests = [MatchRequest(subject=need, today=TODAY) for need in needs] * 50
    alone = [engine.match(request) for request in requests]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(engine.match, requests)) == alone


def test_text_is_searched_while_it_is_written() -> None:
    engine = EmbeddedEngine(RELATED)
    engine.apply(put(*(text(f"text-{number}", "Harbour") for number in range(20))))
    request = SearchRequest(acl=frozenset({"public"}), text="harbour")
    with ThreadPoolExecutor(3) as pool:
        totals = [pool.submit(lambda: engine.search(request).total) for _ in range(60)]
        for version in range(2, 8):
            engine.apply(put(text("text-0", "Harbour"), version=version))
    assert {total.result() for total in totals} == {20}


def test_writer_waits_for_readers_and_goes_before_new_ones() -> None:
    lock = ReadWriteLock()
    order: list[str] = []

    def write() -> None:
        with lock.writing():
            order.append("written")

    def read_late() -> None:
        with lock.reading():
            order.append("read late")

    with lock.reading():
        writer = Thread(target=write)
        writer.start()
        sleep(0.05)
        late = Thread(target=read_late)
        late.start()
        sleep(0.05)
        order.append("read first")
    writer.join(5)
    late.join(5)
    assert order == ["read first", "written", "read late"]
