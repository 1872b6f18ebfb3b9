"""Which skills serve which required skill, and how well."""

from collections import defaultdict
from collections.abc import Mapping

Similarities = Mapping[str, Mapping[str, float]]


class RelatedSkills:
    """`table[required][held]` is how well a held skill serves the required one, 0..1.

    A skill always serves itself fully. The table need not be symmetric.
    """

    def __init__(self, table: Similarities) -> None:
        self._table = table
        self._served: dict[str, dict[str, float]] = defaultdict(dict)
        for required, row in table.items():
            for held, similarity in row.items():
                if similarity > 0 and held != required:
                    self._served[held][required] = similarity

    def serving(self, required: str) -> dict[str, float]:
        """The held skills that serve `required`, each with its similarity."""
        row = self._table.get(required, {})
        found = {held: value for held, value in row.items() if value > 0}
        found[required] = 1.0
        return found

    def served(self, levels: Mapping[str, float]) -> dict[str, float]:
        """The required skills that a person serves, each with the best sim · level."""
        best: dict[str, float] = {}
        for held, level in levels.items():
            for required, similarity in self._row_served(held):
                best[required] = max(best.get(required, 0.0), similarity * level)
        return best

    def _row_served(self, held: str) -> list[tuple[str, float]]:
        return [(held, 1.0), *self._served.get(held, {}).items()]
