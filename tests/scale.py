"""How much the tests try: enough for each push, or everything with WAYMARK_FULL=1."""

import os
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    hypothesis_examples: int
    people: int
    needs: int


CI: Final = Scale(hypothesis_examples=25, people=2_000, needs=60)
FULL: Final = Scale(hypothesis_examples=400, people=100_000, needs=200)
SCALE: Final = FULL if os.environ.get("WAYMARK_FULL") else CI
