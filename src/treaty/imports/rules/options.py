"""How an import is run: whom its rows may add or change, by what they are met, and what is done with doubles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MODES = ("upsert", "create", "update")
"""Add and change; only add, and pass over who is known; only change, and pass over who is not."""
KEYS = ("any", "external", "email", "phone")
"""What a row is met by: whatever it has, or one kind of identity, which it then must have."""
DOUBLES = ("merge", "hand_back")
"""Rows of one file that mean one person: the first decides and later ones add to it, or later ones are handed back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How one import is run."""

    dry_run: bool = False
    offer: bool = False
    source: str = ""
    """The system that external keys belong to; empty where the file says it, by its columns."""
    mode: str = "upsert"
    key: str = "any"
    doubles: str = "merge"
    owner: int | None = None
    """Who owns what the file gives to somebody who is not on the staff; None hands such rows back."""
    day_first: bool | None = None
    """Whether dates such as 6/4/2026 begin with the day; None where the file says it, by its dates."""
    fixes: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Cells that were mended before the import, by the row's number and the column's place."""
    job: int | None = None
    """The job that does it."""

    @property
    def is_plain(self) -> bool:
        """Whether no row needs to be looked at before it is taken."""
        return (self.mode, self.key, self.doubles) == ("upsert", "any", "merge")

    def kept(self) -> dict[str, object]:
        """What the run of the import remembers."""
        return {
            "source": self.source,
            "mode": self.mode,
            "key": self.key,
            "doubles": self.doubles,
            "owner": self.owner,
            "day_first": self.day_first,
            "offer": self.offer,
        }


PLAIN = Options()
"""Add and change whatever the rows say, by whatever they have."""


def as_fixes(told: Mapping[str, Mapping[str, str]]) -> dict[int, dict[int, str]]:
    """Mended cells as JSON keeps them, by numbers."""
    return {int(row): {int(place): text for place, text in cells.items()} for row, cells in told.items()}


def mended(options: Options, number: int, cells: list[str]) -> list[str]:
    """A row with the cells that were mended; a broken one of which some were is whole."""
    if not (fixes := options.fixes.get(number)):
        return cells
    width = max(len(cells), *(place + 1 for place in fixes))
    padded = [*cells, *[""] * (width - len(cells))]
    return [fixes.get(place, text) for place, text in enumerate(padded)]
