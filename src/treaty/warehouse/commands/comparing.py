"""Compares the lake with one made anew beside it: the same rows, or how many differ."""

from datetime import datetime
from importlib import import_module
from pathlib import Path

from treaty.warehouse.commands.following import turn
from treaty.warehouse.folder import Folder, ours
from treaty.warehouse.rules import Manifest, Until, empty
from treaty.warehouse.tables import KNOWN, TOUCHPOINTS, shape


def differences(at: datetime) -> dict[str, int] | None:
    """How many rows of each table differ from a lake made anew up to the same line; None while somebody writes it.

    Rows that change in this moment may count: the one made anew knows them already.
    """
    lake = ours()
    with lake.alone() as is_mine:
        ours_now = lake.manifest()
        if not is_mine or ours_now is None:
            return None
        with lake.work() as work:
            beside = Folder(work / "beside")
            until = Until(ours_now.line, ours_now.line_key, ours_now.mark)
            place = work / "making"
            place.mkdir()
            made = turn(beside, empty(shape(), at), until, 1, at).take(place)
            return _differing((lake, ours_now), (beside, made), work)


def _differing(one: tuple[Folder, Manifest], other: tuple[Folder, Manifest], work: Path) -> dict[str, int]:
    duck = import_module("treaty.warehouse.duck")
    connection = duck.opened(one[0].path, one[1], spill=work)
    for schema, (lake, manifest) in (("one", one), ("other", other)):
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(f"USE {schema}")
        duck.show(connection, lake.path, manifest)
    found = {}
    for name, query in {"touchpoints": _touchpoints(), **{name: _rows(name) for name in KNOWN}}.items():
        first, second = query.format("one"), query.format("other")
        [(number,)] = connection.execute(
            f"SELECT count(*) FROM (({first} EXCEPT ALL {second}) UNION ALL ({second} EXCEPT ALL {first}))"
        ).fetchall()
        found[name] = int(number)
    connection.close()
    return found


def _rows(name: str) -> str:
    """The rows of a table without the numbers of persons, which each lake gives for itself."""
    return f"SELECT {', '.join(KNOWN[name].names)} FROM {{0}}.{name}"


def _touchpoints() -> str:
    names = ", ".join(f"t.{column.name}" for column in TOUCHPOINTS if column.name not in {"person", "kind"})
    return (
        f"SELECT {names}, k.name, p.person_id FROM {{0}}.touchpoints t JOIN {{0}}.kinds k USING (kind)"
        " LEFT JOIN {0}.persons p ON p.person = t.person"
    )
