"""Parts lines into rows of cells; where a row is broken, finds where the next whole one begins.

Whole rows are parted by the csv module. A quotation mark too few or too many makes it swallow the rows behind: those
are given back and read again from the first line on that is a whole row by itself.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from treaty.imports.rules.problems import KEPT, TEXT, BadField, Broken

LONGEST = 1 << 20
"""Characters of a cell; one with more is no cell but a broken file."""
AHEAD = 200
"""Lines among which the next whole row is looked for."""
NEAR = 10
"""Lines that a broken row may have where no whole row is found behind it."""
SURE = 20
"""Delimiters of whole rows inside one cell by which it is no cell, but a mark that was not closed."""

csv.field_size_limit(LONGEST)


class Parting:
    """The rows of some lines: the header first, then the others. Broken ones come as `Broken`."""

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self.rest, self.delimiter = iter(lines), delimiter
        self.names: Sequence[str] = ()
        self.least = 0
        """The fewest cells that a row had so far: those that are missing at its end are blank."""
        self.is_broken_throughout = False
        self.held: list[str] = []
        """The lines of the row that is being read."""
        self.ahead: deque[str] = deque()
        """Lines that were looked at and are yet to be read."""
        sign = re.escape(delimiter)
        cell = rf'(?:"(?:[^"]++|"")*+"\ *+|[^"{sign}\r\n]*+)'
        self.cell = re.compile(cell)
        self.row = re.compile(rf"{cell}(?:{sign}{cell})*+(?:\r\n|\r|\n|\Z)")

    def header(self) -> list[str]:
        """The first row. Raises csv.Error where it is broken."""
        try:
            names = next(self._reader(), [])
        except csv.Error:
            if (found := self.row.fullmatch("".join(self.held))) is None:
                raise
            names = self._cells(found[0])
        self.held.clear()
        self.names, self.least = names, len(names)
        return names

    def rows(self) -> Iterator[list[str]]:
        """Each further row; of a blank line an empty one."""
        held, width = self.held, len(self.names)
        while True:
            try:
                for cells in self._reader():
                    if len(held) > 1 or len(cells) != width:
                        if len(held) > 1 and self._is_torn(is_sure=len(cells) == width):
                            break
                        yield self._fitting(cells)
                    else:
                        yield cells
                    held.clear()
                else:
                    return
                yield self._broken()
            except csv.Error:
                yield self._whole() or self._broken()
            held.clear()

    def _reader(self) -> "Iterator[list[str]]":
        return csv.reader(self._lines(), delimiter=self.delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        hold, ahead = self.held.append, self.ahead
        while ahead:
            line = ahead.popleft()
            hold(line)
            yield line
        for line in self.rest:
            hold(line)
            yield line
            while ahead:
                again = ahead.popleft()
                hold(again)
                yield again

    def _look_ahead(self, lines: int) -> list[str]:
        """The next lines, which stay to be read."""
        self.ahead.extend(islice(self.rest, max(0, lines - len(self.ahead))))
        return list(islice(self.ahead, lines))

    def _fitting(self, cells: list[str]) -> list[str]:
        """A row that has no cell beyond the header's but blank ones, and may lack some at its end."""
        width = len(self.names)
        self.least = min(self.least, len(cells) or width)
        if not any(cells[width:]):
            return cells[:width]
        more, text = self.delimiter.join(cells[width:]), "".join(self.held).rstrip("\r\n")
        return Broken(cells, BadField(TEXT, "too_many_cells", more.strip()[:80]), text[:KEPT])

    def _is_torn(self, *, is_sure: bool = False) -> bool:
        """Whether the lines held are rather a broken row with whole rows behind it than one row of several lines.

        Of a row that is written as it should be, the lines behind the first have one quotation mark too many to be
        rows: where the row has all its cells, lines beyond it tell nothing.
        """
        behind, place, rows, width = "".join(self.held[1:]), 0, 0, len(self.names)
        text = behind if is_sure else behind + "".join(self._look_ahead(NEAR))
        while place < len(behind) and (found := self.row.match(text, place)):
            if len(self._cells(found[0])) != width:
                break
            place, rows = found.end(), rows + 1
        return 0 < len(behind) <= place or rows * (width - 1) >= SURE

    def _whole(self) -> list[str] | None:
        """The row held, where nothing is wrong with it but blanks behind a quotation mark."""
        found = None if self._is_torn() else self.row.fullmatch("".join(self.held))
        cells = self._cells(found[0]) if found else []
        return self._fitting(cells) if cells and max(map(len, cells)) <= LONGEST else None

    def _broken(self) -> Broken:
        """The row that could not be read, with the lines that belong to it; those behind are read again."""
        self.ahead.extendleft(reversed(self.held[1:]))
        del self.held[1:]
        for _line in range(self._behind(self._look_ahead(NEAR if self.is_broken_throughout else AHEAD))):
            self.held.append(self.ahead.popleft())
        text = "".join(self.held).rstrip("\r\n")
        cells, whole = self._likely(text)
        name = self.names[min(whole, len(self.names) - 1)]
        code = "cell_too_long" if len(text) > LONGEST else "bad_quotes"
        return Broken(cells, BadField(name, code, cells[whole][:80]), text[:KEPT])

    def _behind(self, lines: Sequence[str]) -> int:
        """How many lines belong to the broken row before them: those before the next whole row.

        Where there is none, those up to the last of the nearest that has a quotation mark; but none where all lines
        have as many delimiters as the header, for then each is a broken row of its own.
        """
        text, start = "".join(lines), 0
        for place, line in enumerate(lines):
            found = self.row.match(text, start)
            if found and len(self._cells(found[0])) >= self.least:
                self.is_broken_throughout = False
                return place
            start += len(line)
        near, signs = lines[:NEAR], len(self.names) - 1
        if len(near) == NEAR and signs:
            self.is_broken_throughout = all(line.count(self.delimiter) == signs for line in near)
        if self.is_broken_throughout:
            return 0
        return max((place + 1 for place, line in enumerate(near) if '"' in line), default=0)

    def _cells(self, row: str) -> list[str]:
        """The cells of a whole row."""
        cells, end = list[str](), -1
        text = row.rstrip("\r\n")
        while end < len(text):
            found = self.cell.match(text, end + 1)
            cells.append(_unquoted(found[0]) if found else "")
            end = found.end() if found else len(text)
        return cells

    def _likely(self, row: str) -> tuple[list[str], int]:
        """The cells of a broken row: as they are up to the break, and then as the delimiter alone parts them."""
        text, cells, start = row[:KEPT], list[str](), 0
        while (found := self.cell.match(text, start)) and text.startswith(self.delimiter, found.end()):
            cells.append(_unquoted(found[0]))
            start = found.end() + 1
        return [*cells, *text[start:].split(self.delimiter)], len(cells)


def _unquoted(cell: str) -> str:
    return cell.rstrip(" ")[1:-1].replace('""', '"') if cell.startswith('"') else cell
