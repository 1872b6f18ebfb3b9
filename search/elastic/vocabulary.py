"""The words of the texts that one viewer may see, out of the server's index."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from elasticsearch import Elasticsearch
from elasticsearch.dsl.query import Query

from search.elastic.asking import text_query
from search.spelling import COMPLETIONS, LEAST_PREFIX, edits_allowed

CANDIDATES: Final = 50

Buckets = Mapping[str, int]


class VisibleWords:
    def __init__(self, client: Elasticsearch, index: str, visible: Query) -> None:
        self._client = client
        self._index = index
        self._visible = visible

    def unknown(self, asked: Sequence[str]) -> set[str]:
        if not asked:
            return set()
        queries = {word: text_query([word]).to_dict() for word in asked}
        buckets = self._aggregated({"filters": {"filters": queries}})
        return {word for word in queries if not buckets[word]["doc_count"]}

    def near(self, word: str) -> Buckets:
        allowed = edits_allowed(word)
        if not allowed:
            return {}
        candidates = self._suggested(word, allowed)
        return self._counted({"include": candidates, "size": CANDIDATES})

    def beginning(self, prefix: str) -> Buckets:
        if len(prefix) < LEAST_PREFIX:
            return {}
        pattern = f"{_quoted(prefix)}.*"
        return self._counted({"include": pattern, "size": COMPLETIONS})

    def _suggested(self, word: str, allowed: int) -> list[str]:
        """Words of all texts, also those that the viewer may not see."""
        answer = self._client.search(
            index=self._index,
            size=0,
            suggest={
                "near": {
                    "text": word,
                    "term": {
                        "field": "words",
                        "suggest_mode": "always",
                        "max_edits": allowed,
                        "prefix_length": 1,
                        "min_word_length": 1,
                        "size": CANDIDATES,
                        "shard_size": CANDIDATES,
                    },
                }
            },
        )
        entries = answer["suggest"]["near"]
        return [option["text"] for entry in entries for option in entry["options"]]

    def _counted(self, wanted: Mapping[str, Any]) -> Buckets:
        if not wanted["include"]:
            return {}
        buckets = self._aggregated({"terms": {"field": "words", **wanted}})
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

    def _aggregated(self, aggregation: Mapping[str, Any]) -> Any:
        answer = self._client.search(
            index=self._index,
            size=0,
            track_total_hits=False,
            query=self._visible.to_dict(),
            aggs={"words": aggregation},
        )
        return answer["aggregations"]["words"]["buckets"]


def _quoted(text: str) -> str:
    """Without meaning in Lucene's regular expressions."""
    return re.sub(r"([.?+*|{}\[\]()\"\\#@&<>~^$-])", r"\\\1", text)
