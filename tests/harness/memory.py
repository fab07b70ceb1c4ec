"""What a process remembers by row id is forgotten between tests: a rolled back id is given again."""

import sys

import pytest

REMEMBERED = (("treaty.agreements.queries.versions", "_signed"), ("treaty.scoring.queries", "_model"))
"""Functions that keep rows which never change, by module and name."""


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Empties the memories before each test; a module nobody has imported has none."""
    for module, name in REMEMBERED:
        if module in sys.modules:
            getattr(sys.modules[module], name).cache_clear()
