"""A lake of its own for each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from treaty.warehouse.queries import Kept


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Where this test's installation has its files."""
    settings.HOME = tmp_path
    Kept.known = None
    yield tmp_path
    Kept.known = None
