"""What is wrong with a row, and what a run of an import comes to."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class BadField:
    """One wrong field of a row; `code` has a sentence in `wording.py`."""

    field: str
    code: str
    value: str = ""


SAID = ("treaty_row", "treaty_field", "treaty_reason")
"""The columns of handed back rows that say what is wrong."""
TEXT = "treaty_text"
"""The column of handed back rows that holds what stood in a broken one; a row is taken once that is blank."""

KEPT = 100_000
"""Characters of a broken row that are handed back."""


class Broken(list[str]):
    """The cells of a row that is not whole, as well as they can be told; what is wrong with it, and how it stood."""

    __slots__ = ("text", "wrong")

    def __init__(self, cells: Iterable[str], wrong: BadField, text: str) -> None:
        super().__init__(cells)
        self.wrong, self.text = wrong, text


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
    text: str = ""
    """The row as it stood, where it was broken."""

    @classmethod
    def of(cls, row: int, cells: Sequence[str], fields: Iterable[BadField]) -> "Rejected":
        """A row handed back as it was read."""
        return cls(row, tuple(cells), tuple(fields), cells.text if isinstance(cells, Broken) else "")

    def apart(self) -> "Rejected":
        """The same as one text, for a file whose columns are not this row's."""
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(self.cells)
        return replace(self, cells=(), text=self.text or text.getvalue())


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
    offered: int | None = None
    """Persons who were offered to sales by it, where that was asked for."""

    def take(self, outcomes: Iterable[str]) -> None:
        """Count outcomes, or take what was counted of them: new, changed, unchanged or skipped."""
        found = Counter[str](outcomes)
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
        counts = {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "bad": self.bad,
            "flagged": self.flagged,
            "skipped": self.skipped,
        }
        return counts if self.offered is None else counts | {"offered": self.offered}


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
    header: tuple[str, ...] = ()
    persons: list[int] = field(default_factory=list)
    """The persons that the file names."""

    def set_apart(self, after: int) -> int:
        """Keep the rows handed back after so many as texts, for they are of another file; how many they are."""
        self.rejected[after:] = [each.apart() for each in self.rejected[after:]]
        return len(self.rejected) - after

    def reject(self, good: Good, fields: Sequence[BadField]) -> None:
        """Hand a row back that could be read and still cannot come in."""
        self.rejected.append(Rejected(good.row, good.cells, tuple(fields)))

    def of(self, what: str) -> Counts:
        """The counts of one kind of thing."""
        return self.counts.setdefault(what, Counts())
