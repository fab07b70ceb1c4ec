"""DuckDB over the files of a lake. Imports forty megabytes, so it is imported where somebody asks."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from treaty.warehouse.folder import settle
from treaty.warehouse.rules import Column, File, Manifest
from treaty.warehouse.tables import KNOWN, TOUCHPOINTS, columns

Connection = duckdb.DuckDBPyConnection
MEMORY = "1GB"
MOVED = (Column("identity_id", "BIGINT"), Column("person", "INTEGER"), Column("turn", "INTEGER"))
GONE = Column("gone", "BOOLEAN")


def opened(
    lake: Path, manifest: Manifest, *, database: str = ":memory:", spill: Path | None = None
) -> Connection:
    """A connection with the lake's tables as views; what does not fit into memory goes into `spill`."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(spill or ""),
    }
    connection = duckdb.connect(database, config=settings)
    connection.execute("SET TimeZone = 'UTC'")
    show(connection, lake, manifest)
    return connection


def closed_up(connection: Connection, lake: Path) -> Connection:
    """As it is, but reading nothing outside of the lake, for good."""
    connection.execute(f"SET allowed_directories = [{quoted(f'{lake}/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def show(connection: Connection, lake: Path, manifest: Manifest) -> None:
    """Put up the views: each table as it stands, and beneath it what its files hold."""
    names = ", ".join(quoted(kind) for kind in manifest.kinds)
    places = f"range({len(manifest.kinds)})"
    _view(
        connection,
        "kinds",
        f"SELECT unnest({places})::SMALLINT AS kind, unnest([{names}]::VARCHAR[]) AS name",
    )
    _view(connection, "moved", read(lake, [manifest.moved], MOVED))
    _view(connection, "stored_touchpoints", read(lake, manifest.touchpoints, TOUCHPOINTS))
    resolved = ", ".join(
        f"{RESOLVED} AS person" if column.name == "person" else f"t.{column.name}" for column in TOUCHPOINTS
    )
    plain = ", ".join(f"t.{column.name}" for column in TOUCHPOINTS)
    source = (
        f"SELECT {resolved} FROM stored_touchpoints t {MOVES.format(moved='moved')}"
        if manifest.moved
        else f"SELECT {plain} FROM stored_touchpoints t"
    )
    _view(connection, "touchpoints", source)
    for name, table in KNOWN.items():
        part, held = manifest.tables.get(name), columns(table)
        base = read(lake, [part.base if part else None], held)
        recent = read(lake, [part.recent if part else None], (*held, GONE))
        _view(connection, f"recent_{name}", recent)
        listing = ", ".join(column.name for column in held)
        source = f"SELECT {listing} FROM ({base}) ANTI JOIN recent_{name} USING ({table.id})"
        source += f" UNION ALL SELECT {listing} FROM recent_{name} WHERE NOT gone"
        _view(connection, name, source if part and part.recent else base)


RESOLVED = "CASE WHEN m.identity_id IS NULL THEN t.person ELSE m.person END"
SPOKEN_OF = "CASE WHEN t.subject_kind = 'identity' THEN t.subject_id END"
"""The identity a line is about. In one expression: two conditions would let DuckDB compare each row with each."""
MOVES = f"LEFT JOIN {{moved}} m ON {SPOKEN_OF} = m.identity_id"
"""How a stored line finds the person who holds its identity now."""


def read(lake: Path, files: Iterable[File | None], held: Sequence[Column]) -> str:
    """A query of the rows of some files, which may be none."""
    listing = ", ".join(column.name for column in held)
    paths = [quoted(str(lake / file.path)) for file in files if file]
    if paths:
        return f"SELECT {listing} FROM read_parquet([{', '.join(paths)}], hive_partitioning = false)"
    nothing = ", ".join(f"NULL::{column.type} AS {column.name}" for column in held)
    return f"SELECT {nothing} WHERE false"


def write(connection: Connection, query: str, path: Path) -> int:
    """Write the rows of a query to a file that is there whole or not at all, and safely on the disk; how many."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    statement = f"COPY ({query}) TO {quoted(str(part))} (FORMAT parquet, COMPRESSION zstd)"
    [(rows,)] = connection.execute(statement).fetchall()
    settle(part)
    part.replace(path)
    settle(path.parent)
    return int(rows)


def one(connection: Connection, query: str) -> int:
    """The one number of a query."""
    [(number,)] = connection.execute(query).fetchall()
    return int(number)


def quoted(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def _view(connection: Connection, name: str, query: str) -> None:
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")
