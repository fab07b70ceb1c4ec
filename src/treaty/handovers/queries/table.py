"""The table of handovers, over the same rows as the board, and its rows in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from treaty.handovers.models import Handover
from treaty.handovers.queries.board import COLUMNS
from treaty.handovers.queries.standing import visible_handovers
from treaty.staff.queries import User

HandoverRow = Handover
"""A row of the table, for those who may read it and never touch the model."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One handover as the API and exports tell it."""

    id: int
    person_id: int
    person: str
    company: str
    grade: str
    state: str
    owner_id: int | None
    owner: str
    version: int
    qualified_at: datetime
    offered_at: datetime
    decided_at: datetime | None
    first_touch_at: datetime | None
    touch_seconds: int | None
    next_due_at: datetime | None
    return_reason: str


def table(user: User, column: str = "") -> QuerySet[Handover]:
    """The handovers a user sees, of one column of the board or of all, with the names a row shows."""
    rows = visible_handovers(user).select_related("person__company", "owner", "version")
    return rows.filter(COLUMNS[column]) if column in COLUMNS else rows


def table_row(handover_id: int) -> TableRow:
    """One handover, whoever sees it: for the answer to a verb that may have given it away."""
    return table_rows(
        Handover.objects.select_related("person__company", "owner", "version").filter(pk=handover_id)
    )[0]


def table_rows(rows: Sequence[Handover] | QuerySet[Handover]) -> list[TableRow]:
    """Rows of the table in plain values."""
    return [
        TableRow(
            id=row.pk,
            person_id=row.person_id,
            person=row.person.name,
            company=row.person.company.name if row.person.company else "",
            grade=row.grade,
            state=row.state,
            owner_id=row.owner_id,
            owner=row.owner.name if row.owner else "",
            version=row.version.number,
            qualified_at=row.qualified_at,
            offered_at=row.offered_at,
            decided_at=row.decided_at,
            first_touch_at=row.first_touch_at,
            touch_seconds=row.touch_seconds,
            next_due_at=row.next_due_at,
            return_reason=row.return_reason,
        )
        for row in rows
    ]
