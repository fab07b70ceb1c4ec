"""Standing verdicts as the lake holds them."""

from treaty.agreements.facts import PromiseBroken, PromiseExcused, PromiseKept
from treaty.warehouse.queries import Column, Table

LAKE = Table(
    "verdicts",
    "agreements_verdictrow t",
    "t.id",
    (
        Column("verdict_id", "BIGINT", "t.id"),
        Column("version_id", "BIGINT", "t.version_id"),
        Column("clause", "VARCHAR", "t.clause"),
        Column("side", "VARCHAR", "t.side"),
        Column("about", "VARCHAR", "t.about"),
        Column("verdict", "VARCHAR", "t.verdict"),
        Column("due_at", "TIMESTAMP", "t.due_at"),
        Column("staff_id", "BIGINT", "t.user_id"),
        Column("cause", "VARCHAR", "t.cause"),
        Column("recorded_at", "TIMESTAMP", "t.recorded_at"),
        Column("revision", "INTEGER", "t.revision"),
    ),
    abouts=tuple(kind.__name__ for kind in (PromiseKept, PromiseBroken, PromiseExcused)),
)
