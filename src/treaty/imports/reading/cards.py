"""vCards: each card is a row."""

from collections.abc import Iterator
from pathlib import Path

from treaty.imports.reading.delimited import encoding_of
from treaty.imports.reading.table import BadFile, Table
from treaty.imports.rules import cards
from treaty.imports.rules.cards import BadCard


class Cards(Table):
    """A file of vCards 3.0 or 4.0; its columns are called as the fields they hold."""

    __slots__ = ()

    @property
    def form(self) -> str:
        """The form of the file."""
        return "vcard"

    @classmethod
    def opened(cls, path: Path, *, encoding: str = "") -> "Cards":
        """The table; the encoding is found out where it is not said. Raises BadFile."""
        table = cls(path, cards.COLUMNS, encoding or encoding_of(path))
        next(table.rows(), None)
        return table

    def read(self) -> Iterator[tuple[int, list[str]]]:
        """Each card that says something, with its number counted as if a header stood above."""
        number = 0
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                for number, cells in enumerate(map(cards.cells_of, cards.cards(file)), start=1):
                    if any(cells):
                        yield number + 1, cells
        except (BadCard, LookupError, UnicodeError) as error:
            raise BadFile("broken_card", self.path, card=str(number + 1), error=str(error)) from None
