"""Where a compiled predicate runs at scale: DuckDB. What happened comes from the lake, as far as that knows it, and the rest
from the database; how things stand, and whose identities are whose, comes from the database alone, as it is now.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from treaty.kit import sql
from treaty.segments.bulk.compiling import ADDRESSES, COLUMNS
from treaty.segments.bulk.engine import LINKS, Table
from treaty.segments.rules import Predicate, attributes_used, spans
from treaty.warehouse import queries as warehouse

TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "instant": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
KEYS = {
    "people_binnedperson": "person_id",
    "people_persontag": "person_id",
    "people_consent": "person_id",
    "people_personidentity": "identity_id",
    "fields_value": "record_id",
    "deals_binneddeal": "deal_id",
}
"""By which column tables are read whose key is not `id`."""
LATER = warehouse.Table(
    "later",
    "ledger_touchpoint t",
    "t.id",
    (
        warehouse.Column("line", "BIGINT", "t.id"),
        warehouse.Column("kind", "VARCHAR", "t.kind"),
        warehouse.Column("subject_kind", "VARCHAR", "t.subject_kind"),
        warehouse.Column("subject_id", "BIGINT", "t.subject_id"),
        warehouse.Column("occurred_at", "TIMESTAMP", "t.occurred_at"),
        warehouse.Column("payload", "VARCHAR", "t.payload"),
    ),
)
"""What the lake does not know yet."""


class Lake:
    """An engine on a bench for some predicates at one instant: it loads what they look at, each table once."""

    def __init__(self, bench: warehouse.Bench, trees: Iterable[Predicate], at: datetime) -> None:
        asked = list(trees)
        self.bench, self.at, self.spans = bench, at, spans(asked)
        self.names = frozenset[str]().union(*map(attributes_used, asked))
        self.writer, self.loaded, self.sets = DuckDBCompiler(), set[str](), 0

    def acts(self, kind: str) -> Table:
        """A table of each kind; its payloads are numbers, and its subjects persons already."""
        name = self._kind(kind)
        return ibis.table({"subject_id": "int64", "occurred_at": "timestamp", "payload": "int64"}, name=name)

    def payloads(self, kind: str) -> Sequence[tuple[Any, str]]:
        """By their numbers."""
        return self.bench.rows(f"SELECT number, payload FROM payloads_{self._kind(kind)}")

    def persons_of(self, acts: Table) -> Table:
        """They are there."""
        return acts.select(person_id=acts.subject_id, occurred_at=acts.occurred_at)

    def members(self, segment: int) -> Table:
        """Read each time: they may have been written since."""
        self.sets += 1
        name = f"members_{self.sets}"
        rows = f"(SELECT person_id FROM segments_membership WHERE segment_id = {segment:d}) t"
        column = warehouse.Column("person_id", TYPES["int64"], "t.person_id")
        self.bench.load(warehouse.Table(name, rows, "t.person_id", (column,)))
        return ibis.table({"person_id": "int64"}, name=name)

    def table(self, name: str, columns: Mapping[str, str]) -> Table:
        """Loaded when it is first asked for; of persons what the predicates look at."""
        wanted = {column: kind for column, kind in columns.items() if self._is_wanted(name, column)}
        if name not in self.loaded:
            self.loaded.add(name)
            self.bench.load(_source(name, wanted))
        kept = {column: "timestamp" if kind == "instant" else kind for column, kind in wanted.items()}
        return ibis.table(kept, name=name)

    def instant(self, at: datetime) -> object:
        """Without its zone, which is UTC."""
        return ibis.literal(at.astimezone(UTC).replace(tzinfo=None), type="timestamp")

    def set_of(self, values: Collection[Any]) -> Table:
        """A table of its own."""
        self.sets += 1
        name = f"set_{self.sets}"
        self.bench.put(values, into=name)
        kind = {str: "string", float: "float64"}.get(type(next(iter(values))), "int64")
        return ibis.table({"value": kind}, name=name)

    def kept(self, expression: Table) -> Table:
        """A table of its own."""
        self.sets += 1
        name = f"set_{self.sets}"
        self.bench.rows(
            f"CREATE TABLE {name} AS {self.writer.to_sqlglot(expression).sql(self.writer.dialect)}"
        )
        return ibis.table(expression.schema(), name=name)

    def rows(self, expression: Table) -> Sequence[tuple[Any, ...]]:
        """All of them at once."""
        return self.bench.rows(self.writer.to_sqlglot(expression).sql(self.writer.dialect))

    def _is_wanted(self, table: str, column: str) -> bool:
        if table == "people_personidentity" and column in ("label", "is_valid"):
            return not self.names.isdisjoint(ADDRESSES)
        if table != "people_person" or column == "id":
            return True
        return column in {COLUMNS.get(name, name) for name in (one.partition(".")[0] for one in self.names)}

    def _kind(self, kind: str) -> str:
        """The name of the table of a kind, which is made when it is first asked for."""
        kinds = list(self.spans)
        name = f"acts_{kinds.index(kind)}"
        if name not in self.loaded:
            self.table("people_personidentity", LINKS)
            if "later" not in self.loaded:
                self.bench.load(LATER, after=self.bench.line)
            self.loaded |= {"later", name}
            self._tell(kind, name)
        return name

    def _tell(self, kind: str, name: str) -> None:
        """Lines of a kind as far back as a predicate looks: those of the lake, and those that came later.

        Whom they are about is asked of the links of now, since the lake knows those of its turn.
        """
        days = self.spans[kind]
        after = "" if days is None else f" AND occurred_at > TIMESTAMP '{self._since(days)}'"
        about = "SELECT subject_id, occurred_at, payload FROM"
        only = f"name = $1 AND subject_kind = 'identity'{after}"
        lines = (
            f"{about} touchpoints JOIN kinds USING (kind) WHERE {only}"
            f" UNION ALL {about} (SELECT kind AS name, * FROM later) WHERE {only}"
        )
        self.bench.rows(
            f"CREATE TABLE payloads_{name} AS SELECT row_number() OVER () AS number, payload"
            f" FROM (SELECT DISTINCT payload FROM ({lines}))",
            [kind],
        )
        self.bench.rows(
            f"CREATE TABLE {name} AS SELECT l.person_id AS subject_id, t.occurred_at, p.number AS payload FROM ({lines}) t"
            f" JOIN people_personidentity l ON l.identity_id = t.subject_id JOIN payloads_{name} p USING (payload)",
            [kind],
        )

    def _since(self, days: float) -> str:
        return (self.at - timedelta(days=days)).astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _source(name: str, columns: Mapping[str, str]) -> warehouse.Table:
    """How a table of the database is read."""
    key = KEYS.get(name, "id")
    held = [warehouse.Column(column, TYPES[kind], _cell(column, kind)) for column, kind in columns.items()]
    return warehouse.Table(name, f"{name} t", f"t.{key}", tuple(held))


def _cell(column: str, kind: str) -> str:
    if kind != "float64" or sql.is_postgresql():
        return f"t.{column}"
    # As it is written by itself SQLite rounds a number to fifteen digits; seventeen tell each number from every other.
    return f"CASE WHEN t.{column} IS NOT NULL THEN printf('%%!.17g', t.{column}) END"
