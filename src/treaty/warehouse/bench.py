"""The bench behind `queries.bench`: DuckDB over one turn of the lake, with room for other tables."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from treaty.warehouse.duck import Connection, opened
from treaty.warehouse.reading import Reader, load
from treaty.warehouse.rules import Column, Manifest, Table

TYPES = {str: "VARCHAR", float: "DOUBLE", int: "BIGINT"}


class Workbench:
    """A connection of its own, closed by whoever opened it."""

    def __init__(self, lake: Path, manifest: Manifest, work: Path) -> None:
        self.connection: Connection = opened(lake, manifest, spill=work)
        self.line, self._work = manifest.line, work
        self._reader = Reader(self.connection, work)

    def load(self, table: Table, *, after: int = 0) -> None:
        """Read by ranges of the key."""
        self._reader.between(table, after, self._reader.last(table), into=table.name)

    def put(self, values: Collection[Any], *, into: str) -> None:
        """By way of a file: as a parameter a million of them take a minute."""
        kind = TYPES[type(next(iter(values)))]
        file = self._work / "values.csv"
        file.write_text("".join(f"{_written(value)}\n" for value in values), encoding="utf-8", newline="")
        load(self.connection, into, file, [Column("value", kind)])

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All of them at once."""
        return self.connection.execute(query, list(values)).fetchall()

    def close(self) -> None:
        """Let go of all of it."""
        self.connection.close()


def _written(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(value)
