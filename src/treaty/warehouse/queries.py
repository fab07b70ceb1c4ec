"""The door to the lake: DuckDB over what is valid now, in the memory of this process; and how far behind it is."""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from treaty.kit.doctor import OK, WARN, Finding
from treaty.ledger import queries as ledger
from treaty.warehouse.folder import ours
from treaty.warehouse.rules import Column, Manifest, Table
from treaty.warehouse.tables import register, shape

if TYPE_CHECKING:
    from treaty.warehouse.duck import Connection

__all__ = [
    "Bench",
    "Column",
    "NoLake",
    "Status",
    "Table",
    "bench",
    "findings",
    "gauges",
    "lake",
    "register",
    "status",
]

PROMISED = 60
"""Seconds that the lake may be behind."""
MOST_BEHIND = 1_000_000
"""Lines that somebody at a bench reads from the database besides; a lake that misses more is of no use there."""


class NoLake(Exception):
    """The lake is not made yet: the worker makes it, or `treaty lake rebuild`."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the lake stands. `behind_seconds` is None while there is no lake."""

    is_there: bool
    line: int
    behind_seconds: float | None
    turn: int
    rows: dict[str, int]
    files: int
    bytes: int
    moved: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class Bench(Protocol):
    """The lake's tables, and beside them tables of one's own; what does not fit into memory goes to disk."""

    line: int
    """Up to where the lake knows the ledger."""

    def load(self, table: Table, *, after: int = 0) -> None:
        """Rows of the database as a table: all, or those whose key is above a number."""

    def put(self, values: Collection[Any], *, into: str) -> None:
        """Values of one type as a table of one column, `value`."""

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query brings."""


class Kept:
    """The connection of this process and the turn it shows. A process that was forked opens its own."""

    known: "tuple[tuple[int, str, int], Connection] | None" = None


@contextmanager
def lake() -> "Iterator[Connection]":
    """A connection of DuckDB that reads one turn: `touchpoints`, `kinds`, `persons`, `identities`, `companies` and the
    tables of higher nouns. Raises NoLake.

    `person` is the lake's own dense number of a person, `person_id` the database's. Files of a turn that is over stay
    for ten minutes, so ask for a new connection for each question.
    """
    folder = ours()
    if (manifest := folder.manifest()) is None:
        raise NoLake
    shown = (os.getpid(), str(folder.path), manifest.turn)
    kept = Kept.known
    if kept is None or kept[0] != shown:
        duck = import_module("treaty.warehouse.duck")  # forty megabytes, and most processes never ask
        kept = Kept.known = (shown, duck.closed_up(duck.opened(folder.path, manifest), folder.path))
    with kept[1].cursor() as cursor:
        yield cursor


@contextmanager
def bench() -> Iterator[Bench]:
    """The lake with room for tables of one's own. Raises NoLake also where it is of another database, or far behind."""
    folder = ours()
    manifest = folder.manifest()
    if manifest is None or not is_of_this(manifest) or ledger.newest_line() - manifest.line > MOST_BEHIND:
        raise NoLake
    made = import_module("treaty.warehouse.bench")  # as in `lake`
    with TemporaryDirectory(prefix="treaty-bench-") as work:
        found = made.Workbench(folder.path, manifest, Path(work))
        try:
            yield found
        finally:
            found.close()


def is_of_this(manifest: Manifest) -> bool:
    """Whether a lake is of this shape and of this ledger."""
    is_ours = manifest.line == 0 or ledger.line_key(manifest.line) == manifest.line_key
    return manifest.shape == shape() and is_ours


def status() -> Status:
    """How the lake stands, without opening it."""
    folder = ours()
    manifest = folder.manifest()
    behind = _behind(manifest)
    if manifest is None:
        return Status(False, 0, None, 0, {}, 0, 0, 0)
    return Status(
        is_there=True,
        line=manifest.line,
        behind_seconds=behind,
        turn=manifest.turn,
        rows={"touchpoints": sum(file.rows for file in manifest.touchpoints)}
        | {name: part.rows for name, part in sorted(manifest.tables.items())},
        files=len(manifest.files()),
        bytes=folder.size(),
        moved=manifest.moved.rows if manifest.moved else 0,
    )


def _behind(manifest: Manifest | None) -> float | None:
    """Seconds since the first line was recorded that the lake does not hold. One question, also where there is no lake."""
    since = ledger.recorded_behind(manifest.line if manifest else 0)
    if manifest is None:
        return None
    return 0.0 if since is None else max(0.0, (timezone.now() - since).total_seconds())


def gauges() -> list[tuple[str, str, str, dict[str, float]]]:
    """What /metrics says of the lake."""
    found = status()
    behind = float("nan") if found.behind_seconds is None else found.behind_seconds
    return [
        (
            "treaty_lake_behind_seconds",
            "Age of the oldest line that the lake does not hold.",
            "",
            {"": behind},
        ),
        ("treaty_lake_rows", "Rows of the lake by table.", "table", dict(found.rows)),
        ("treaty_lake_bytes", "Size of the lake's files.", "", {"": found.bytes}),
    ]


def findings() -> Iterator[Finding]:
    """What the doctor says of the lake."""
    found = status()
    advice = "Start `treaty work`; if it runs, Settings > Jobs shows what broke."
    if not found.is_there or found.behind_seconds is None:
        yield Finding("lake", WARN, "is not made yet", advice)
    elif found.behind_seconds > PROMISED:
        yield Finding("lake", WARN, f"is {found.behind_seconds:,.0f} seconds behind the ledger", advice)
    else:
        yield Finding("lake", OK, f"holds the ledger up to line {found.line}")
