"""The tables of the ground: touchpoints, persons, whose identities are whose, companies. Nothing readable of a person."""

import hashlib

from treaty.warehouse.rules import Column, Table

LINES = Table(
    "lines",
    "ledger_touchpoint t",
    "t.id",
    (
        Column("line", "BIGINT", "t.id"),
        Column("kind", "VARCHAR", "t.kind"),
        Column("subject_kind", "VARCHAR", "t.subject_kind"),
        Column("subject_id", "BIGINT", "t.subject_id"),
        Column("occurred_at", "TIMESTAMP", "t.occurred_at"),
        Column("recorded_at", "TIMESTAMP", "t.recorded_at"),
        Column("known_at", "TIMESTAMP", "t.known_at"),
        Column("staff_id", "BIGINT", "t.by"),
        Column("batch", "BIGINT", "t.batch"),
        Column("payload", "VARCHAR", "t.payload"),
    ),
)
"""Lines of the ledger as they are read; a file of touchpoints has the number of the person, and kinds as numbers."""

TOUCHPOINTS = (
    Column("line", "BIGINT"),
    Column("person", "INTEGER"),
    Column("kind", "SMALLINT"),
    *LINES.columns[2:],
)

IDENTITIES = Table(
    "identities",
    "people_personidentity t",
    "t.identity_id",
    (Column("identity_id", "BIGINT", "t.identity_id"), Column("person_id", "BIGINT", "t.person_id")),
)
PERSONS = Table(
    "persons",
    "people_person t LEFT JOIN people_binnedperson b ON b.person_id = t.id",
    "t.id",
    (
        Column("person_id", "BIGINT", "t.id"),
        Column("company_id", "BIGINT", "t.company_id"),
        Column("owner_id", "BIGINT", "t.owner_id"),
        Column("stage", "VARCHAR", "t.stage"),
        Column("stage_since", "TIMESTAMP", "t.stage_since"),
        Column("country", "VARCHAR", "t.country"),
        Column("language", "VARCHAR", "t.language"),
        Column("channel", "VARCHAR", "t.channel"),
        Column("has_email", "BOOLEAN", "CASE WHEN t.email <> '' THEN 1 ELSE 0 END"),
        Column("has_phone", "BOOLEAN", "CASE WHEN t.phone <> '' THEN 1 ELSE 0 END"),
        Column("unsubscribed_at", "TIMESTAMP", "t.unsubscribed_at"),
        Column("do_not_call_at", "TIMESTAMP", "t.do_not_call_at"),
        Column("binned_at", "TIMESTAMP", "b.at"),
        Column("forgotten_at", "TIMESTAMP", "t.forgotten_at"),
        Column("created_at", "TIMESTAMP", "t.created_at"),
    ),
)
COMPANIES = Table(
    "companies",
    "people_company t LEFT JOIN people_binnedcompany b ON b.company_id = t.id",
    "t.id",
    (
        Column("company_id", "BIGINT", "t.id"),
        Column("parent_id", "BIGINT", "t.parent_id"),
        Column("owner_id", "BIGINT", "t.owner_id"),
        Column("sector", "VARCHAR", "t.sector"),
        Column("employees", "BIGINT", "t.employees"),
        Column("founded", "BIGINT", "t.founded"),
        Column("revenue_minor", "BIGINT", "t.revenue_minor"),
        Column("revenue_currency", "VARCHAR", "t.revenue_currency"),
        Column("country", "VARCHAR", "t.country"),
        Column("binned_at", "TIMESTAMP", "b.at"),
        Column("created_at", "TIMESTAMP", "t.created_at"),
    ),
    is_watched=True,
)

NUMBERED = Column("person", "INTEGER")
"""The number of a person, which the lake gives: from 0 on, without gaps where the lake was just rebuilt."""

KNOWN: dict[str, Table] = {table.name: table for table in (PERSONS, IDENTITIES, COMPANIES)}


def register(table: Table) -> None:
    """A table that a higher noun offers."""
    KNOWN[table.name] = table


def columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table's files: persons and identities have the number of the person, too."""
    return (*table.columns, NUMBERED) if table.name in {PERSONS.name, IDENTITIES.name} else table.columns


def shape() -> str:
    """Of which columns the files of a lake are: where that changes, the lake is made anew."""
    told = [(name, columns(table)) for name, table in sorted(KNOWN.items())]
    return hashlib.blake2s(repr((TOUCHPOINTS, told)).encode(), digest_size=8).hexdigest()
