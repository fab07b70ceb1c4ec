"""What the stories share: nothing that a process keeps from an earlier test's database."""

from pathlib import Path

import pytest

from tests.stories.company import Company, company
from treaty.agreements.queries.versions import _signed
from treaty.scoring import queries as scoring


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Signed versions and score models are kept by id; each test has its own."""
    for kept in (_signed, scoring._model):
        kept.cache_clear()


@pytest.fixture
def made(db: None, tmp_path: Path) -> Company:
    """A small company at work."""
    return company(tmp_path)
