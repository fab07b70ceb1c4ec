"""Several who write at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from treaty.kit import sql


def at_once(*acts: Callable[[], None]) -> None:
    """Does all of it at the same time, each in a thread with a connection of its own."""
    if not sql.is_postgresql():
        pytest.skip("SQLite has one writer at a time")

    def closing(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        for done in [threads.submit(closing, act) for act in acts]:
            done.result(30)
