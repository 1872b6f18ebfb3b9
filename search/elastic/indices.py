"""Names, templates and making of the indices. Readers and writers use aliases only."""

from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import Elasticsearch

from search.elastic.rows import PLAIN, NeedRow, PersonRow, Row, TextRow

FIRST: Final = "000001"
PRIORITY: Final = 200
PLAIN_ANALYZER: Final = {
    "type": "custom",
    "tokenizer": "standard",
    "filter": ["lowercase", "asciifolding"],
}


@dataclass(frozen=True, slots=True)
class Indices:
    """`match_shards` is for people and needs; texts have one, or rarities disagree."""

    prefix: str
    match_shards: int = 1
    replicas: int = 0

    @property
    def people(self) -> str:
        return f"{self.prefix}-people"

    @property
    def needs(self) -> str:
        return f"{self.prefix}-needs"

    @property
    def texts(self) -> str:
        return f"{self.prefix}-texts"

    @property
    def all(self) -> tuple[str, str, str]:
        return self.people, self.needs, self.texts

    def prepare(self, client: Elasticsearch) -> None:
        """Puts the templates, and makes those indices that are not there."""
        rows: dict[str, type[Row]] = {
            self.people: PersonRow,
            self.needs: NeedRow,
            self.texts: TextRow,
        }
        for alias, row in rows.items():
            client.indices.put_index_template(
                name=alias,
                index_patterns=[f"{alias}-*"],
                priority=PRIORITY,
                template={
                    "settings": self._settings(alias),
                    "mappings": row._doc_type.mapping.to_dict(),
                },
            )
            if not client.indices.exists_alias(name=alias):
                client.indices.create(index=f"{alias}-{FIRST}", aliases={alias: {}})

    def drop(self, client: Elasticsearch) -> None:
        """Removes templates and indices of this prefix, and all that is in them."""
        for alias in self.all:
            if client.indices.exists_alias(name=alias):
                held = client.indices.get_alias(name=alias)
                client.indices.delete(index=list(held))
            client.indices.delete_index_template(name=alias)

    def _settings(self, alias: str) -> dict[str, Any]:
        texts = alias == self.texts
        return {
            "number_of_shards": 1 if texts else self.match_shards,
            "number_of_replicas": self.replicas,
            "analysis": {"analyzer": {PLAIN: PLAIN_ANALYZER}},
        }
