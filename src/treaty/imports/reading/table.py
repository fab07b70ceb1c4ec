"""What every form of file is read as: a header, and rows of texts with their numbers."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from treaty.imports.rules.encodings import NAMES
from treaty.imports.rules.problems import TEXT, BadField, Broken, Rejected
from treaty.imports.rules.rows import unguarded


class BadFile(ValueError):
    """A file that cannot be read as rows; `wording.unfit` says why and what would help."""

    def __init__(self, code: str, path: Path, **values: str) -> None:
        self.code, self.values = code, {"file": path.name, **values}
        super().__init__(f"{code}: {self.values}")


@dataclass(frozen=True, slots=True)
class Table(ABC):
    """A file of rows whose header was read. Row 1 is the header."""

    path: Path
    header: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    """What parts the cells; empty where the form of the file does it."""
    sheets: tuple[str, ...] = ()
    """The sheets of a workbook; `sheet` is the one that is read."""
    sheet: str = ""

    @property
    @abstractmethod
    def form(self) -> str:
        """csv, workbook, vcard or json."""

    @abstractmethod
    def read(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not empty, with its number; raises BadFile where the file breaks."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not empty, with its number; one that is not whole as `Broken`. Raises BadFile."""
        return self._mended() if TEXT in self.header else self.read()

    def _mended(self) -> Iterator[tuple[int, list[str]]]:
        """The rows of a file that was handed back: those that still tell how they stood are still broken."""
        place = self.header.index(TEXT)
        for number, cells in self.read():
            text = cells[place] if place < len(cells) and not isinstance(cells, Broken) else ""
            yield (
                number,
                Broken(cells, BadField(TEXT, "not_mended"), unguarded(text)) if text.strip() else cells,
            )

    @property
    def encoding_name(self) -> str:
        """The encoding as people know it."""
        return NAMES.get(self.encoding, self.encoding)

    def records(self, rejected: list[Rejected]) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row as {column: text}; cells that are missing are blank. Broken rows go into `rejected`."""
        for number, cells in self.rows():
            if isinstance(cells, Broken):
                rejected.append(Rejected.of(number, cells, [cells.wrong]))
                continue
            padded = [*cells, *[""] * (len(self.header) - len(cells))]
            yield number, dict(zip(self.header, padded, strict=False))

    def size(self) -> int:
        """How many rows there are, the header left out."""
        return sum(1 for _row in self.rows())

    def sha256(self) -> str:
        """The digest of the file's bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def need(self, columns: Sequence[str]) -> None:
        """Raises BadFile where a column is missing."""
        if missing := [name for name in columns if name not in self.header]:
            raise BadFile(
                "lacks_columns", self.path, missing=", ".join(missing), header=", ".join(self.header)
            )


def header_of(path: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Column names without blanks around them; raises BadFile where there are none."""
    if not any(name.strip() for name in names):
        raise BadFile("empty", path)
    return tuple(name.strip() for name in names)


def refuse_where_all_are_broken(table: Table, code: str) -> None:
    """Raises BadFile with this code where the file has rows, and not one of them is whole: it is of another form."""
    broken: tuple[int, Broken] | None = None
    for number, cells in table.rows():
        if not isinstance(cells, Broken):
            return
        broken = broken or (number, cells)
    if broken:
        number, cells = broken
        raise BadFile(code, table.path, row=str(number - 1), error=cells.wrong.value)
