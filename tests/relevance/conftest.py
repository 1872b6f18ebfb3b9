"""The contract's engines, with the related skills of the taxonomy."""

import pytest

from search.related import Similarities
from search.replica import related_skills
from tests.contract.conftest import new_engine

__all__ = ["new_engine"]


@pytest.fixture(scope="session")
def related() -> Similarities:
    return related_skills()
