"""Opens a file of rows: finds out its encoding and its delimiter, and gives header and rows with their numbers."""

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ENCODINGS = ("utf-8-sig", "cp1252")
DELIMITERS = (",", ";", "\t")
BLOCK = 1 << 20

csv.field_size_limit(BLOCK)


class BadFile(ValueError):
    """A file that cannot be read as rows; `wording.unfit` says why and what would help."""

    def __init__(self, code: str, path: Path, **values: str) -> None:
        self.code, self.values = code, {"file": path.name, **values}
        super().__init__(f"{code}: {self.values}")


@dataclass(frozen=True, slots=True)
class Table:
    """A file of rows whose header was read. Row 1 is the header."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    @property
    def encoding_name(self) -> str:
        """The encoding as people know it."""
        return {"utf-8-sig": "UTF-8", "cp1252": "CP1252"}.get(self.encoding, self.encoding)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not empty, with its number."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = csv.reader(file, delimiter=self.delimiter)
            next(lines, None)
            try:
                for number, cells in enumerate(lines, start=2):
                    if any(cells):
                        yield number, cells
            except csv.Error as error:
                raise BadFile("breaks", self.path, row=str(lines.line_num), error=str(error)) from None

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row as {column: text}; cells that are missing are blank."""
        for number, cells in self.rows():
            yield (
                number,
                dict(zip(self.header, [*cells, *[""] * (len(self.header) - len(cells))], strict=False)),
            )

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


def opened(path: Path, *, encoding: str = "", delimiter: str = "") -> Table:
    """The table of a file; what is not said is found out. Raises BadFile."""
    encoding = encoding or encoding_of(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
    except (OSError, LookupError, UnicodeDecodeError) as error:
        raise BadFile("unreadable", path, error=str(error)) from None
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if not any(name.strip() for name in header):
        raise BadFile("empty", path)
    return Table(path, encoding, delimiter, tuple(name.strip() for name in header))


def encoding_of(path: Path) -> str:
    """UTF-8 where every byte of the file allows it, else CP1252; raises BadFile for what is neither."""
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(BLOCK):
                    pass
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise BadFile("unreadable", path, error=str(error.strerror)) from None
        return encoding
    raise BadFile("unknown_encoding", path)


def write_rejected(
    path: Path, header: Sequence[str], rows: Sequence[tuple[Sequence[str], Mapping[str, str]]]
) -> None:
    """Write rows handed back, each with what is wrong, so that the mended file can be imported again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*header, "treaty_row", "treaty_field", "treaty_reason"])
        for cells, wrong in rows:
            padded = [*cells, *[""] * (len(header) - len(cells))][: len(header)]
            writer.writerow([*padded, wrong["row"], wrong["field"], wrong["reason"]])
