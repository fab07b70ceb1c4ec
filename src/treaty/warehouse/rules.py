"""What a lake is made of: its tables, and the manifest that says which files are valid. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

TWICE = 2
A_PART = 16
LEAST = 4_096


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the lake, its type there, and the expression that reads it from the database."""

    name: str
    type: str
    expression: str = ""

    @property
    def source(self) -> str:
        """What the database is asked for."""
        return self.expression or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a noun as the lake holds them. The first column is their key; `rows` is what follows FROM.

    `key` is the key in the database. Where `is_watched`, no fact tells of each change, so all rows are read at each turn
    and compared; else a turn reads the rows that facts name.
    """

    name: str
    rows: str
    key: str
    columns: tuple[Column, ...]
    is_watched: bool = False
    abouts: tuple[str, ...] = ()
    """Kinds of fact whose `about` names rows: those with the same text in their column `about` are read again."""

    @property
    def id(self) -> str:
        """The name of the key in the lake."""
        return self.columns[0].name

    @property
    def names(self) -> tuple[str, ...]:
        """All columns' names."""
        return tuple(column.name for column in self.columns)

    def source(self, name: str) -> str:
        """What the database calls a column."""
        return next(column.source for column in self.columns if column.name == name)


class File(msgspec.Struct, frozen=True):
    """A Parquet file: where it lies in the lake, and its rows. `turn` says as of when it knows whose identities are whose."""

    path: str
    rows: int
    month: str = ""
    turn: int = 0


class Part(msgspec.Struct, frozen=True):
    """A table of rows that change: a base, what changed since (newer rows, or that a row is gone), how many are there."""

    rows: int
    base: File
    recent: File | None = None
    digest: str = ""
    """Of a watched table: what its rows were."""


class Manifest(msgspec.Struct, frozen=True):
    """What is valid, and up to where it was read: `line` of the ledger, whose key it had, `mark` of changed persons."""

    shape: str
    """Of which columns the files are: those of another version's are not read on."""
    turn: int
    at: datetime
    line: int
    line_key: str
    mark: int
    numbers: int
    """How many numbers of persons are given away."""
    kinds: tuple[str, ...]
    """Kinds of fact; the number of a kind is its place."""
    touchpoints: tuple[File, ...]
    tables: dict[str, Part]
    moved: File | None = None
    """Identities that went over to another person after their touchpoints were written."""

    def files(self) -> set[str]:
        """The paths of all files that are valid."""
        parts = [file for part in self.tables.values() for file in (part.base, part.recent)]
        return {file.path for file in (*self.touchpoints, *parts, self.moved) if file}

    def of_month(self, month: str) -> list[File]:
        """The files of one month, in the order they were written."""
        return [file for file in self.touchpoints if file.month == month]


@dataclass(frozen=True, slots=True)
class Until:
    """Up to where a turn reads: a line of the ledger, its key, and a mark of changed persons."""

    line: int
    line_key: str
    mark: int


def empty(shape: str, at: datetime) -> Manifest:
    """A lake before its first turn."""
    return Manifest(shape, 0, at, 0, "", 0, 0, (), (), {})


def joined(sizes: Sequence[int], new: int) -> int:
    """How many of a month's last files go into a new one with the new rows: those that are not twice as large.

    So a month of n rows has some log2(n) files, and each row is written again as often, however small the turns are.
    """
    total, count = new, 0
    for size in reversed(sizes):
        if size > TWICE * total:
            break
        total, count = total + size, count + 1
    return count


def is_due(base: int, recent: int) -> bool:
    """Whether what changed since is so much that a new base is written."""
    return recent > max(LEAST, base // A_PART)
