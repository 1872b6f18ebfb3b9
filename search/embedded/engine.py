"""The engine that needs no server: each process holds a replica in memory."""

from collections.abc import Iterable
from dataclasses import dataclass

from search.documents import (
    AnyDocument,
    Change,
    NeedDocument,
    PersonDocument,
    TextDocument,
)
from search.embedded.locks import ReadWriteLock
from search.embedded.matching import Matcher
from search.embedded.text import TextIndex
from search.engine import MATCHES, Candidate, Counts, MatchRequest, Page, SearchRequest
from search.related import RelatedSkills, Similarities


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes that matching holds. The texts' index is tantivy's own and not told."""

    people: int
    needs: int


class EmbeddedEngine:
    """May be used from any thread. `related[required][held]` is a similarity."""

    def __init__(self, related: Similarities) -> None:
        self._matcher = Matcher(RelatedSkills(related))
        self._text = TextIndex()
        self._versions: dict[str, int] = {}
        self._lock = ReadWriteLock()

    def apply(self, changes: Iterable[Change]) -> None:
        with self._lock.writing():
            try:
                for change in changes:
                    self._apply_one(change)
            finally:
                self._text.commit_if_changed()
                self._matcher.people.compact_if_worth()
                self._matcher.needs.compact_if_worth()

    def search(self, request: SearchRequest) -> Page:
        return self._text.search(request)

    def match(self, request: MatchRequest, k: int = MATCHES) -> list[Candidate]:
        with self._lock.reading():
            return self._matcher.match(request, k)

    def ready(self) -> bool:
        return True

    def count(self) -> Counts:
        with self._lock.reading():
            people, needs = len(self._matcher.people), len(self._matcher.needs)
            return Counts(people=people, needs=needs, texts=len(self._text))

    def memory(self) -> Memory:
        with self._lock.reading():
            return Memory(
                people=self._matcher.people.nbytes, needs=self._matcher.needs.nbytes
            )

    def _apply_one(self, change: Change) -> None:
        if change.version <= self._versions.get(change.doc_id, -1):
            return
        if change.document is None:
            self._remove(change.doc_id)
        else:
            self._put(change.document)
        self._versions[change.doc_id] = change.version

    def _put(self, document: AnyDocument) -> None:
        match document:
            case PersonDocument():
                self._matcher.people.put(document)
            case NeedDocument():
                self._matcher.needs.put(document)
            case TextDocument():
                self._text.put(document)

    def _remove(self, doc_id: str) -> None:
        self._matcher.people.remove(doc_id)
        self._matcher.needs.remove(doc_id)
        self._text.remove(doc_id)
