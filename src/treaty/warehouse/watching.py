"""Tables of which no fact tells each change: all their rows are read, and compared with what they were."""

import hashlib
from pathlib import Path

from treaty.kit import sql
from treaty.kit.lines import Cell, Form, write_lines
from treaty.warehouse.rules import Table

AT_ONCE = 50_000
"""Rows asked for in one statement."""
FORMS = {"VARCHAR": Form.TEXT, "TIMESTAMP": Form.MOMENT, "DATE": Form.DAY}


def digest(table: Table, work: Path) -> str:
    """What all rows of a table are."""
    return write_watched(table, work / "watched.csv")


def write_watched(table: Table, path: Path) -> str:
    """Write all rows to a file; what they are."""
    with path.open("wb") as file:
        for start in range(0, last_key(table), AT_ONCE):
            rows = f"{table.rows} WHERE {table.key} > %s AND {table.key} <= %s ORDER BY {table.key}"
            write_lines(file, cells(table), rows, [start, start + AT_ONCE])
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def last_key(table: Table) -> int:
    """The highest key of a table."""
    [(last,)] = sql.ask(f"SELECT COALESCE(MAX({table.key}), 0) FROM {table.rows}")
    return int(last)


def cells(table: Table) -> list[Cell]:
    """What the database is asked for."""
    return [Cell(column.source, FORMS.get(column.type, Form.WHOLE)) for column in table.columns]
