"""What stands live beside each clause. Nouns above register what they know; the page asks all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from treaty.agreements import queries


@dataclass(frozen=True, slots=True)
class Margin:
    """The live state of one clause in one month.

    Counts of verdicts, `open` ones among them, or a `text` (and a second line `note`) where a clause is no promise by
    lead. `url` opens the rows (with a query, so that `&verdict=kept` can follow); `tone` is warn or bad.
    """

    kept: int = 0
    broken: int = 0
    excused: int = 0
    open: int = 0
    text: str = ""
    note: str = ""
    url: str = ""
    tone: str = ""

    @property
    def judged(self) -> int:
        """Those that count: kept or broken."""
        return self.kept + self.broken

    @property
    def rate(self) -> float | None:
        """Percent kept, None where nothing was judged."""
        return self.kept * 100 / self.judged if self.judged else None


Provider = Callable[[int, date], Mapping[str, Margin]]
"""(version id, first day of a month) -> margins by clause number; under a side's name all its promises together."""

PROVIDERS: list[Provider] = []


def register(provider: Provider) -> None:
    """Let a noun above say what it knows; a later one wins for the clauses it names."""
    if provider not in PROVIDERS:
        PROVIDERS.append(provider)


def of(version_id: int, month: date) -> dict[str, Margin]:
    """The margin of each clause and side: what was registered, else the standing verdicts alone."""
    found: dict[str, Margin] = {}
    for provider in PROVIDERS:
        found.update(provider(version_id, month))
    return found if PROVIDERS else _judged(version_id, month)


def _judged(version_id: int, month: date) -> dict[str, Margin]:
    return {
        clause: Margin(counts.kept, counts.broken, counts.excused, url=rows_url(clause, month))
        for clause, counts in queries.counts_by_clause(version_id, month).items()
    }


def rows_url(clause: str, month: date) -> str:
    """Where the rows behind a clause's figures open."""
    return f"/scoreboard/rows?clause={clause}&month={month:%Y-%m}"
