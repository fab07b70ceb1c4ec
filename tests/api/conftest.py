"""What the tests of the API share."""

import pytest

from tests.api.world import House
from tests.api.world import house as made


@pytest.fixture
def house(db: None) -> House:
    """A small company behind the API."""
    return made()
