"""Promises and their counts. A rate is kept of kept and broken, so nothing passes 100 %."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

JUDGED = ("kept", "broken")
VERDICTS = ("kept", "broken", "excused", "open")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of one side, about a handover or (where that is None) about the whole month."""

    side: str
    version: int
    clause: str
    verdict: str
    """kept, broken, excused or open."""
    handover: int | None = None
    due_at: datetime | None = None
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises were kept, broken and excused, and how many are open."""

    kept: int = 0
    broken: int = 0
    excused: int = 0
    open: int = 0

    @property
    def judged(self) -> int:
        """Those that count for the rate."""
        return self.kept + self.broken

    @property
    def total(self) -> int:
        """All of them."""
        return self.kept + self.broken + self.excused + self.open

    @property
    def rate(self) -> float | None:
        """The share kept of those judged; None while nothing was judged."""
        return self.kept / self.judged if self.judged else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.kept + other.kept,
            self.broken + other.broken,
            self.excused + other.excused,
            self.open + other.open,
        )


def tally(promises: Iterable[Promise]) -> Tally:
    """Promises counted by their verdict."""
    counted = Counter(promise.verdict for promise in promises)
    return Tally(*(counted[verdict] for verdict in VERDICTS))
