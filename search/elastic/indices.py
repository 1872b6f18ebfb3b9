"""Names, templates and making of the indices. Readers and writers use aliases only."""

from dataclasses import dataclass, replace
from typing import Any, Final

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from search.elastic.rows import PLAIN, NeedRow, PersonRow, Row, TextRow

FIRST: Final = "000001"
ROWS: Final = ".rows"  # what ends the name of an index, after its alias
SORTS: Final = ("people", "needs", "texts")
PRIORITY: Final = 200
PLAIN_ANALYZER: Final = {
    "type": "custom",
    "tokenizer": "standard",
    "filter": ["lowercase", "asciifolding"],
}


@dataclass(frozen=True, slots=True)
class Indices:
    """Three indices of one generation, or those that the aliases point to now.

    `match_shards` is for people and needs; texts have one, or rarities disagree.
    """

    prefix: str
    generation: str = ""
    match_shards: int = 1

    @property
    def people(self) -> str:
        return self._name("people")

    @property
    def needs(self) -> str:
        return self._name("needs")

    @property
    def texts(self) -> str:
        return self._name("texts")

    @property
    def all(self) -> tuple[str, str, str]:
        return self.people, self.needs, self.texts

    def of(self, generation: str) -> "Indices":
        return replace(self, generation=generation)

    def prepare(self, client: Elasticsearch) -> None:
        """Puts the templates, and makes the first generation if there is none."""
        self.put_templates(client)
        if self.current(client) is None:
            self.of(FIRST).create(client)
            self.switch(client, FIRST)

    def put_templates(self, client: Elasticsearch) -> None:
        rows: dict[str, type[Row]] = {
            "people": PersonRow,
            "needs": NeedRow,
            "texts": TextRow,
        }
        for sort, row in rows.items():
            client.indices.put_index_template(
                name=f"{self.prefix}-{sort}",
                index_patterns=[f"{self.prefix}-{sort}-*"],
                priority=PRIORITY,
                template={
                    "settings": self._settings(sort),
                    "mappings": row._doc_type.mapping.to_dict(),
                },
            )

    def create(self, client: Elasticsearch) -> None:
        """Those of a named generation that are not there yet; the templates must be.

        Each is written through an alias of its own, or whoever still feeds one that
        was dropped would make it anew.
        """
        for name in self.all:
            try:
                client.indices.create(index=name + ROWS, aliases={name: {}})
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def switch(self, client: Elasticsearch, generation: str) -> None:
        """Points the aliases to another generation, all three at once."""
        actions: list[dict[str, Any]] = []
        for sort in SORTS:
            alias = f"{self.prefix}-{sort}"
            old = {"index": f"{alias}-*", "alias": alias, "must_exist": False}
            new = {"index": f"{alias}-{generation}{ROWS}", "alias": alias}
            actions += [{"remove": old}, {"add": new}]
        client.indices.update_aliases(actions=actions)

    def current(self, client: Elasticsearch) -> str | None:
        """The generation that answers; None where any of its indices is missing."""
        aliases = [f"{self.prefix}-{sort}" for sort in SORTS]
        try:
            held = client.indices.get_alias(name=aliases)
        except NotFoundError:
            return None
        found = set(map(self._generation, held))
        return found.pop() if len(found) == 1 else None

    def generations(self, client: Elasticsearch) -> list[str]:
        """All that are there, whole or not, the oldest first."""
        held = client.indices.get(index=[f"{self.prefix}-{sort}-*" for sort in SORTS])
        return sorted(set(map(self._generation, held)))

    def drop(self, client: Elasticsearch) -> None:
        """Removes one generation, with all that is in it."""
        names = [name + ROWS for name in self.all]
        client.indices.delete(index=names, ignore_unavailable=True)

    def drop_all(self, client: Elasticsearch) -> None:
        """Removes templates and indices of this prefix, and all that is in them."""
        for generation in self.generations(client):
            self.of(generation).drop(client)
        for sort in SORTS:
            client.indices.delete_index_template(name=f"{self.prefix}-{sort}")

    def _generation(self, index: str) -> str:
        _sort, _, generation = index.removeprefix(f"{self.prefix}-").partition("-")
        return generation.removesuffix(ROWS)

    def _name(self, sort: str) -> str:
        alias = f"{self.prefix}-{sort}"
        return f"{alias}-{self.generation}" if self.generation else alias

    def _settings(self, sort: str) -> dict[str, Any]:
        return {
            "number_of_shards": 1 if sort == "texts" else self.match_shards,
            "auto_expand_replicas": "0-1",  # a copy as soon as there is a second server
            # a shard that nobody asked for a while would not show what was fed
            "refresh_interval": "1s",
            "analysis": {"analyzer": {PLAIN: PLAIN_ANALYZER}},
        }
