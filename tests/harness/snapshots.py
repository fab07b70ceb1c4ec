"""Query counts as snapshots: a page that begins to ask more questions says so in the diff.

    def test_the_list_asks_a_fixed_number_of_questions(query_count, client):
        with query_count("people list"):
            client.get("/people/")

The numbers lie in query_counts.json beside the test; `pytest --snapshots=write` accepts new ones.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

QueryCount = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def query_count(request: pytest.FixtureRequest, db: None) -> QueryCount:
    """A block whose number of queries must equal the number kept under its name."""
    path = Path(request.path).with_name("query_counts.json")
    write = request.config.getoption("--snapshots") == "write"

    @contextmanager
    def block(name: str) -> Iterator[None]:
        with CaptureQueriesContext(connection) as asked:
            yield
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if write:
            path.write_text(
                json.dumps({**kept, name: len(asked)}, indent=2, sort_keys=True) + "\n", encoding="utf-8"
            )
        elif kept.get(name) != len(asked):
            pytest.fail(told(name, kept.get(name), asked))

    return block


def told(name: str, kept: int | None, asked: CaptureQueriesContext) -> str:
    """What a reader needs to see why the count changed."""
    queries = "\n".join(f"  {query['sql'][:300]}" for query in asked.captured_queries)
    return f"{name}: {len(asked)} queries, kept is {kept} (--snapshots=write accepts it)\n{queries}"
