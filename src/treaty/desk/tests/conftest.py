"""What the tests of the desk share: nothing that a process keeps from an earlier test's database."""

import pytest

from treaty.agreements.queries.versions import _signed
from treaty.scoring import queries as scoring


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Signed versions and score models are kept by id; each test has its own."""
    for kept in (_signed, scoring._model):
        kept.cache_clear()
