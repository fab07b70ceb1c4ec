"""Reads rows of the database into tables of DuckDB, by way of lines of CSV."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from treaty.kit import sql
from treaty.kit.lines import write_lines
from treaty.warehouse.duck import Connection, quoted
from treaty.warehouse.rules import Column, Table
from treaty.warehouse.watching import AT_ONCE, cells, last_key, write_watched

OF_A_FILE = 10
"""Statements whose lines are loaded together."""
KEYS = 20_000
"""Keys asked for in one statement."""


class Reader:
    """Reads tables of the database into tables of one connection."""

    def __init__(self, connection: Connection, work: Path) -> None:
        self.connection, self.file = connection, work / "lines.csv"

    def between(self, table: Table, after: int, until: int, *, into: str) -> None:
        """The rows whose key is above one number and up to another."""
        self.none(table, into)
        starts = range(after, until, AT_ONCE)
        for place in range(0, len(starts), OF_A_FILE):
            with self.file.open("wb") as file:
                for start in starts[place : place + OF_A_FILE]:
                    end = min(start + AT_ONCE, until)
                    rows = f"{table.rows} WHERE {table.key} > %s AND {table.key} <= %s"
                    write_lines(file, cells(table), rows, [start, end])
            load(self.connection, into, self.file, table.columns)

    def last(self, table: Table) -> int:
        """The highest key of a table."""
        return last_key(table)

    def everything(self, table: Table, *, into: str) -> None:
        """All rows."""
        self.between(table, 0, last_key(table), into=into)

    def named(self, table: Table, name: str, wanted: Collection[int] | Collection[str], *, into: str) -> None:
        """The rows in which a column has one of many values, added to those that are there."""
        self.none(table, into)
        values, source = sorted(wanted), table.source(name)
        for start in range(0, len(values), KEYS):
            part: Sequence[Any] = values[start : start + KEYS]
            is_text = isinstance(part[0], str)
            condition = sql.one_of_texts(source) if is_text else sql.one_of(source)
            with self.file.open("wb") as file:
                write_lines(file, cells(table), f"{table.rows} WHERE {condition}", [sql.listed(part)])
            load(self.connection, into, self.file, table.columns)

    def watched(self, table: Table, before: str, *, into: str) -> str:
        """All rows, where they are not what they were; what they are now."""
        now = write_watched(table, self.file)
        if now != before:
            load(self.connection, into, self.file, table.columns)
        return now

    def numbers(self, values: Collection[int], *, name: str, into: str) -> None:
        """Numbers as a table of one column; as a parameter they would take a hundred times as long."""
        self.file.write_text("".join(f"{value}\n" for value in sorted(values)))
        load(self.connection, into, self.file, [Column(name, "BIGINT")])

    def none(self, table: Table, into: str) -> None:
        """The table, there and without any row more."""
        self.file.write_bytes(b"")
        load(self.connection, into, self.file, table.columns)


def load(connection: Connection, table: str, csv: Path, held: Sequence[Column]) -> None:
    """Add the lines of a file, as kit.lines writes them, to a table; made where it is not there."""
    columns = ", ".join(f"{column.name} {column.type}" for column in held)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
    types = ", ".join(f"{column.name}: {quoted(column.type)}" for column in held)
    connection.execute(
        f"INSERT INTO {table} SELECT * FROM read_csv({quoted(str(csv))}, auto_detect = false, header = false,"
        " delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false,"
        f" max_line_size = 10000000, columns = {{{types}}})"
    )
