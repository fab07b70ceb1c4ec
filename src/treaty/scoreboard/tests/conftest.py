"""What the tests of the scoreboard share: no agreement of another test is remembered."""

from collections.abc import Iterator

import pytest

from treaty.agreements.queries.versions import _signed
from treaty.scoring import queries as scoring


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Documents and score models are kept by their id, which a rolled-back test hands on."""
    for kept in (_signed, scoring._model):
        kept.cache_clear()
    yield
    for kept in (_signed, scoring._model):
        kept.cache_clear()
