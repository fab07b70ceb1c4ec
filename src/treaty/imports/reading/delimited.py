"""Files of cells parted by a sign: which encoding and which sign is found out, or told."""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from treaty.imports.reading.parting import Parting
from treaty.imports.reading.table import BadFile, Table, header_of
from treaty.imports.rules.encodings import likeliest
from treaty.imports.rules.problems import BadField, Broken

DELIMITERS = (",", ";", "\t", "|")
BLOCK = 1 << 20
SAMPLE = 1 << 18
"""Bytes by which an encoding is judged."""
LINES = 20
"""Rows by which a delimiter is judged."""
STRANGE = re.compile("[\udc80-\udcff]")
"""What a byte becomes that is no text."""
NO_DELIMITERS = ' "\r\n'
HINT = re.compile(r"\ufeff?sep=(.)\s*", re.IGNORECASE)
"""A first line by which a spreadsheet is told what parts the cells."""


class Delimited(Table):
    """A file of cells parted by comma, semicolon, tab or bar."""

    __slots__ = ()

    @property
    def form(self) -> str:
        """The form of the file."""
        return "csv"

    @classmethod
    def opened(cls, path: Path, *, encoding: str = "", delimiter: str = "") -> "Delimited":
        """The table; what is not said is found out. Raises BadFile."""
        encoding = encoding or encoding_of(path)
        if delimiter and (len(delimiter) > 1 or delimiter in NO_DELIMITERS):
            raise BadFile("bad_delimiter", path, delimiter=delimiter)
        try:
            delimiter = delimiter or hinted(path, encoding) or delimiter_of(path, encoding)
            with text_of(path, encoding) as file:
                names = Parting(table_of(file), delimiter).header()
            "".join(names).encode()
        except csv.Error:
            raise BadFile("broken_header", path) from None
        except UnicodeEncodeError:
            raise BadFile("unknown_encoding", path) from None
        except (LookupError, UnicodeError) as error:
            raise BadFile("unreadable", path, error=str(error)) from None
        return cls(path, header_of(path, names), encoding, delimiter)

    def read(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not empty, with its number; one with bytes that are no text in its encoding as broken."""
        number = 1
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                for number, cells in self._parted(file, 1):
                    yield number, cells
        except UnicodeError:
            yield from self._with_strange_bytes(number)

    def _parted(self, file: TextIO, done: int) -> Iterator[tuple[int, list[str]]]:
        """The rows behind some that are done."""
        parting = Parting(table_of(file), self.delimiter)
        parting.header()
        for number, cells in enumerate(parting.rows(), start=2):
            if number > done and any(cells):
                yield number, cells

    def _with_strange_bytes(self, done: int) -> Iterator[tuple[int, list[str]]]:
        number = done
        try:
            with text_of(self.path, self.encoding) as file:
                for number, cells in self._parted(file, done):
                    strange = next((place for place, cell in enumerate(cells) if STRANGE.search(cell)), None)
                    yield number, cells if strange is None else self._strange(cells, strange)
        except UnicodeError as error:
            raise BadFile("breaks", self.path, row=str(number + 1), error=str(error)) from None

    def _strange(self, cells: list[str], place: int) -> Broken:
        shown = [STRANGE.sub("\ufffd", cell) for cell in cells]
        name = self.header[min(place, len(self.header) - 1)]
        return Broken(shown, BadField(name, "strange_bytes", shown[place][:80]), self.delimiter.join(shown))


def text_of(path: Path, encoding: str) -> TextIO:
    """A file as text; each byte that is none in its encoding stands for itself, as a sign that STRANGE finds."""
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def table_of(file: TextIO) -> Iterator[str]:
    """The lines from the header on: blank ones before it, and a hint for spreadsheets, are left out."""
    for line in file:
        if line.strip("\ufeff \t\r\n") and not HINT.fullmatch(line):
            return chain([line], file)
    return iter(())


def hinted(path: Path, encoding: str) -> str:
    """What the first line says parts the cells; empty where it says nothing."""
    with text_of(path, encoding) as file:
        found = HINT.fullmatch(file.readline())
    return found[1] if found else ""


def encoding_of(path: Path) -> str:
    """UTF-8 where all lines but a few allow it, else what is most plausible; raises BadFile where nothing is."""
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
    if reads(path, "utf-8-sig") or mostly_reads(path, "utf-8"):
        return "utf-8-sig"
    guess = likeliest(_sample(path))
    if guess is None:
        raise BadFile("unknown_encoding", path)
    return guess


def reads(path: Path, encoding: str) -> bool:
    """Whether every byte of a file is text in an encoding."""
    try:
        with path.open(encoding=encoding) as file:
            while file.read(BLOCK):
                pass
    except UnicodeError:
        return False
    return True


def mostly_reads(path: Path, encoding: str) -> bool:
    """Whether of the lines with something beyond ASCII all but one in ten are text in an encoding."""
    lines = strange = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                lines += 1
                try:
                    line.decode(encoding)
                except UnicodeError:
                    strange += 1
    return strange * 10 < lines


def _sample(path: Path) -> bytes:
    """The header and the first lines that hold something beyond ASCII: of a long file most lines say nothing."""
    with path.open("rb") as file:
        telling, size = list[bytes](), 0
        for line in file:
            if not line.isascii():
                telling.append(line)
                size += len(line)
            if size > SAMPLE:
                break
    return b"".join(telling)[:SAMPLE]


def delimiter_of(path: Path, encoding: str) -> str:
    """The sign that parts the first lines into most cells, alike in every line."""

    def worth(delimiter: str) -> tuple[float, int]:
        with text_of(path, encoding) as file:
            parting = Parting(table_of(file), delimiter)
            try:
                width = len(parting.header())
            except csv.Error:
                return 0.0, 0
            rows = list(islice(filter(None, parting.rows()), LINES - 1))
        alike = sum(len(row) == width and not isinstance(row, Broken) for row in rows)
        return ((1 + alike) / (1 + len(rows)) if width > 1 else 0.0, width)

    return max(DELIMITERS, key=worth)
