"""Writes what a turn found as files: touchpoints by month, tables as a base with what changed since, and who moved."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from treaty.warehouse import duck
from treaty.warehouse.duck import GONE, MOVES, RESOLVED, SPOKEN_OF, Connection, one
from treaty.warehouse.reading import Reader
from treaty.warehouse.rules import Column, File, Manifest, Part, Table, is_due, joined
from treaty.warehouse.tables import KNOWN, TOUCHPOINTS, columns

MOST_MOVED = 50_000
"""Moved identities a lake bears before it writes old files again."""


class Writer:
    """The files of one turn. It finds in its connection what came: `fresh`, `new_*`, `gone_*`, `moved_now`."""

    def __init__(
        self, connection: Connection, reader: Reader, lake: Path, before: Manifest, number: int
    ) -> None:
        self.duck, self.reader, self.lake = connection, reader, lake
        self.before, self.number = before, number

    def touchpoints(self) -> tuple[File, ...]:
        """Each month's new touchpoints in a file, with those of its last small ones; the largest file first."""
        months = self.duck.execute(
            "SELECT strftime(date_trunc('month', occurred_at), '%Y-%m') AS month, count(*) FROM came"
            " GROUP BY month ORDER BY month"
        )
        valid = list(self.before.touchpoints)
        for month, rows in months.fetchall():
            files = self.before.of_month(month)
            old = files[len(files) - joined([file.rows for file in files], rows) :]
            valid = [file for file in valid if file not in old]
            begin = f"TIMESTAMP '{month}-01'"
            new = f"SELECT * FROM fresh WHERE occurred_at >= {begin} AND occurred_at < {begin} + INTERVAL 1 MONTH"
            parts = [self._stored(old), new] if old else [new]
            valid.append(self._month(month, parts, f"{self.number}"))
        if valid and one(self.duck, "SELECT count(*) FROM moved_now") > MOST_MOVED:
            oldest = min(valid, key=lambda file: file.turn)
            again = self._month(oldest.month, [self._stored([oldest])], f"{self.number}-again")
            valid = [again if file == oldest else file for file in valid]
        return tuple(sorted(valid, key=lambda file: (file.month, -file.rows, file.path)))

    def _month(self, month: str, parts: Iterable[str], name: str) -> File:
        """One file sorted by person and time; what is nobody's stands at the end."""
        path = f"touchpoints/month={month}/{name}.parquet"
        query = f"{' UNION ALL '.join(parts)} ORDER BY person NULLS LAST, occurred_at, line"
        return File(path, self._written(query, path), month, self.number)

    def _stored(self, files: Sequence[File]) -> str:
        """Touchpoints of former turns, under the persons who hold their identities now."""
        listing = ", ".join(
            f"{RESOLVED if name == 'person' else f't.{name}'} AS {name}" for name in _names(TOUCHPOINTS)
        )
        stored = duck.read(self.lake, files, TOUCHPOINTS)
        return f"SELECT {listing} FROM ({stored}) t {MOVES.format(moved='moved_now')}"

    def moved(self, touchpoints: Iterable[File]) -> File | None:
        """Who moved since the oldest file was written."""
        oldest = min((file.turn for file in touchpoints), default=self.number)
        query = f"SELECT {', '.join(_names(duck.MOVED))} FROM moved_now WHERE turn > {oldest} ORDER BY identity_id"
        if not one(self.duck, f"SELECT count(*) FROM ({query})"):
            return None
        path = f"moved/{self.number}.parquet"
        return File(path, self._written(query, path))

    def tables(self) -> Iterator[tuple[str, Part]]:
        """How things stand now: of each table what changed, or all of it. A forgotten person is in no former file."""
        is_new_base = bool(one(self.duck, "SELECT count(*) FROM came WHERE kind = 'PersonForgotten'"))
        for name, table in KNOWN.items():
            part = self.before.tables.get(name)
            if table.is_watched:
                yield name, self._watched(table, part)
                continue
            if table.abouts:
                self._find_about(table, is_whole=part is None)
            if part is None:
                yield name, self._base(table, f"SELECT * FROM new_{name}")
            else:
                yield name, self._changed(table, part, is_new_base=is_new_base)

    def _find_about(self, table: Table, *, is_whole: bool) -> None:
        """Read the rows that facts of the turn speak of by their `about`."""
        name, key = table.name, table.id
        if is_whole:
            self.reader.everything(table, into=f"new_{name}")
            return
        kinds = ", ".join(duck.quoted(kind) for kind in table.abouts)
        told = f"SELECT DISTINCT payload ->> '$.about' AS about FROM came WHERE kind IN ({kinds})"
        self.duck.execute(f"CREATE TABLE abouts_of_{name} AS {told}")
        abouts = {about for (about,) in self.duck.execute(f"FROM abouts_of_{name}").fetchall() if about}
        self.reader.named(table, "about", abouts, into=f"new_{name}")
        self.duck.execute(
            f"CREATE TABLE old_{name} AS SELECT {key} FROM {name} SEMI JOIN abouts_of_{name} USING (about)"
        )
        self.duck.execute(
            f"CREATE TABLE gone_{name} AS SELECT {key} FROM old_{name} ANTI JOIN new_{name} USING ({key})"
        )

    def _watched(self, table: Table, part: Part | None) -> Part:
        into = f"new_{table.name}"
        digest = self.reader.watched(table, part.digest if part else "", into=into)
        if part and digest == part.digest:
            return part
        return replace(self._base(table, f"SELECT * FROM {into}"), digest=digest)

    def _changed(self, table: Table, part: Part, *, is_new_base: bool) -> Part:
        """What changed since the base was written; or a new base, where that is much."""
        name, key = table.name, table.id
        changed = f"(SELECT {key} FROM new_{name} UNION ALL SELECT {key} FROM gone_{name})"
        if not one(self.duck, f"SELECT count(*) FROM {changed}"):
            return part
        kept = f"SELECT * FROM {name} ANTI JOIN {changed} USING ({key})"
        recent = (
            f"SELECT * FROM recent_{name} ANTI JOIN {changed} USING ({key})"
            f" UNION ALL BY NAME SELECT *, false AS gone FROM new_{name}"
            f" UNION ALL BY NAME SELECT {key}, true AS gone FROM gone_{name}"
        )
        if is_new_base or is_due(part.base.rows, one(self.duck, f"SELECT count(*) FROM ({recent})")):
            return self._base(table, f"{kept} UNION ALL BY NAME SELECT * FROM new_{name}")
        path = f"{name}/{self.number}-recent.parquet"
        listing = ", ".join(_names((*columns(table), GONE)))
        written = self._written(f"SELECT {listing} FROM ({recent}) ORDER BY {key}", path)
        were = one(self.duck, f"SELECT count(*) FROM old_{name} SEMI JOIN {changed} USING ({key})")
        rows = part.rows - were + one(self.duck, f"SELECT count(*) FROM new_{name}")
        return replace(part, rows=rows, recent=File(path, written))

    def _base(self, table: Table, query: str) -> Part:
        path = f"{table.name}/{self.number}.parquet"
        listing = ", ".join(_names(columns(table)))
        rows = self._written(f"SELECT {listing} FROM ({query}) ORDER BY {table.id}", path)
        return Part(rows, File(path, rows))

    def _written(self, query: str, path: str) -> int:
        return duck.write(self.duck, query, self.lake / path)


def fresh() -> str:
    """A query of the touchpoints of a turn, under the persons who hold their identities."""
    own = {"person": "n.person", "kind": "k.number"}
    listing = ", ".join(f"{own.get(name, f't.{name}')} AS {name}" for name in _names(TOUCHPOINTS))
    return (
        f"SELECT {listing} FROM came t JOIN numbered k ON k.name = t.kind"
        f" LEFT JOIN new_identities n ON {SPOKEN_OF} = n.identity_id"
    )


def _names(held: Iterable[Column]) -> list[str]:
    return [column.name for column in held]
