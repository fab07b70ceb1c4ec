"""What is wrong with a row, and what a run of an import comes to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class BadField:
    """One wrong field of a row; `code` has a sentence in `wording.py`."""

    field: str
    code: str
    value: str = ""


class BadRow(ValueError):
    """A row that cannot be taken, with every field that is wrong."""

    def __init__(self, fields: Sequence[BadField]) -> None:
        super().__init__(", ".join(f"{each.field}: {each.code}" for each in fields))
        self.fields = tuple(fields)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row handed back: its number in the file (the header is row 1), its cells, and what is wrong."""

    row: int
    cells: tuple[str, ...]
    fields: tuple[BadField, ...]


@dataclass(frozen=True, slots=True)
class Good:
    """A row that could be read: its number in the file, its cells, and the draft it makes."""

    row: int
    cells: tuple[str, ...]
    draft: Any


@dataclass(slots=True)
class Counts:
    """What became of rows. `flagged` rows were kept, and somebody should look at them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    flagged: int = 0
    skipped: int = 0
    """Passed over: the mode does not take them."""

    def take(self, outcomes: Iterable[str]) -> None:
        """Count outcomes: new, changed, unchanged or skipped."""
        found = Counter(str(outcome) for outcome in outcomes)
        self.new += found["new"]
        self.changed += found["changed"]
        self.unchanged += found["unchanged"]
        self.skipped += found["skipped"]

    def resume(self, *, new: int, changed: int) -> None:
        """Count as new and changed what a run did before it was killed, which it met again as unchanged."""
        self.new += new
        self.changed += changed
        self.unchanged = max(0, self.unchanged - new - changed)

    def as_dict(self) -> dict[str, int]:
        """The counts as the command prints them."""
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "bad": self.bad,
            "flagged": self.flagged,
            "skipped": self.skipped,
        }


@dataclass(frozen=True, slots=True)
class Dirt:
    """Something odd in a file: what it says, how often, and what was made of it."""

    field: str
    value: str
    rows: int
    kept_as: str


@dataclass(slots=True)
class Report:
    """What a whole run came to: counts by what was brought in, rejected rows, dirt."""

    run: int = 0
    """The id of the run, which is also the batch of its facts."""
    counts: dict[str, Counts] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    dirt: list[Dirt] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    """The numbers of the rows that were good, in order."""
    told: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The cells of good rows that are yet to be judged, by their numbers."""
    header: tuple[str, ...] = ()
    persons: list[int] = field(default_factory=list)
    """The persons that the file names."""

    def reject(self, good: Good, fields: Sequence[BadField]) -> None:
        """Hand a row back that could be read and still cannot come in."""
        self.rejected.append(Rejected(good.row, good.cells, tuple(fields)))

    def of(self, what: str) -> Counts:
        """The counts of one kind of thing."""
        return self.counts.setdefault(what, Counts())
