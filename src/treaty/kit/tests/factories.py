"""Jobs for tests: registered here, as a noun's jobs.py would."""

from datetime import UTC, datetime
from typing import Any

from treaty.kit import jobs
from treaty.kit.jobs import Progress

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
"""The instant at which tests live (conftest.NOW)."""


class Ran:
    """What the test jobs were asked, in order."""

    calls: list[dict[str, Any]] = []


@jobs.job("test_counts")
def counts(progress: Progress, *, pieces: int) -> dict[str, int]:
    """Counts to a number."""
    Ran.calls.append({"pieces": pieces})
    for piece in range(pieces):
        progress.check()
        progress.advance(piece + 1, pieces)
    return {"counted": pieces}


@jobs.job("test_breaks", attempts=3)
def breaks(progress: Progress, *, text: str) -> None:
    """Breaks every time."""
    raise ValueError(text)


@jobs.job("test_refuses")
def refuses(progress: Progress) -> None:
    """Cannot be done at all."""
    raise jobs.Refused("The file has no head line.")


def asked(name: str = "test_counts", by: int | None = None, **arguments: Any) -> int:
    """A job that waits; returns its id."""
    return jobs.start(name, f"Job {name}", arguments or {"pieces": 3}, by=by)
