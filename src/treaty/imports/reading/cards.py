"""vCards: each card is a row."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from treaty.imports.reading.delimited import encoding_of
from treaty.imports.reading.table import BadFile, Table, refuse_where_all_are_broken
from treaty.imports.rules import cards
from treaty.imports.rules.cards import BadCard
from treaty.imports.rules.problems import KEPT, TEXT, BadField, Broken


class Cards(Table):
    """A file of vCards 2.1, 3.0 or 4.0; its columns are called as the fields they hold."""

    __slots__ = ()

    @property
    def form(self) -> str:
        """The form of the file."""
        return "vcard"

    @classmethod
    def opened(cls, path: Path, *, encoding: str = "") -> "Cards":
        """The table; the encoding is found out where it is not said. Raises BadFile."""
        table = cls(path, cards.COLUMNS, encoding or encoding_of(path))
        refuse_where_all_are_broken(table, "broken_card")
        return table

    def read(self) -> Iterator[tuple[int, list[str]]]:
        """Each card that says something, with its number counted as if a header stood above."""
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                for number, card in enumerate(cards.cards(file), start=2):
                    cells = _cells(card)
                    if any(cells) or isinstance(cells, Broken):
                        yield number, cells
        except (LookupError, UnicodeError) as error:
            raise BadFile("unreadable", self.path, error=str(error)) from None


def _cells(card: Sequence[str]) -> list[str]:
    try:
        return cards.cells_of(card)
    except BadCard as error:
        likely = cards.filled(list(cards.properties(card)))
        return Broken(likely, BadField(TEXT, "broken_card", str(error)), "\n".join(card)[:KEPT])
