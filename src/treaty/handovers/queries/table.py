"""The table of handovers, over the same rows as the board, and its rows in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from treaty.handovers import wording
from treaty.handovers.models import Handover
from treaty.handovers.queries.board import COLUMNS
from treaty.handovers.queries.cards import WAITING
from treaty.handovers.queries.faces import faces, shown_clocks
from treaty.handovers.queries.reasons import reason_of
from treaty.handovers.queries.standing import visible_handovers
from treaty.handovers.rules.returns import WITHDRAWN
from treaty.people.queries import binned_persons
from treaty.staff.queries import User

HandoverRow = Handover
"""A row of the table, for those who may read it and never touch the model."""

STATES = {**COLUMNS, "withdrawn": Q(return_reason__in=WITHDRAWN)}
"""What one can ask the table for: the columns of the board, and the leads whose persons are gone."""

IN_A_ROW = (
    *("grade", "state", "touch_seconds", "return_reason", "person_id", "owner_id", "team_id", "version_id"),
    *("qualified_at", "offered_at", "decided_at", "first_touch_at", "next_due_at", "hold_until"),
    *("person__name", "person__company__name", "owner__name", "version__number"),
)
"""What is read of the rows behind the table: neither the contract's text nor what the routing weighed."""


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
    hold_until: datetime | None


def table(user: User, state: str = "") -> QuerySet[Handover]:
    """The handovers a user sees, in one state or all, with the names a row shows."""
    rows = _with_names(visible_handovers(user).exclude(person__in=binned_persons()))
    return rows.filter(STATES[state]) if state in STATES else rows


def decision(row: Handover) -> str:
    """What was decided so far: offered, accepted, returned, or withdrawn where the person is gone."""
    return "withdrawn" if row.return_reason in WITHDRAWN else row.state


def why_returned(row: Handover) -> str:
    """Why a lead came back, in the agreement's words; empty where it did not."""
    return reason_of(row.version_id, row.return_reason)


def table_row(handover_id: int) -> TableRow:
    """One handover, whoever sees it: for the answer to a verb that may have given it away."""
    return table_rows(_with_names(Handover.objects.filter(pk=handover_id)))[0]


def time_left(rows: Sequence[Handover], at: datetime) -> dict[int, str]:
    """The time that is left or over of the clock each handover shows, in words; with the same few questions for all."""
    clocks = shown_clocks(rows)
    shown = faces(clocks.values(), at, teams={row.pk: row.team_id for row in rows})
    return {
        row.pk: wording.time_left(shown[clocks[row.pk].pk] if row.pk in clocks else WAITING) for row in rows
    }


def table_rows(rows: Sequence[Handover] | QuerySet[Handover]) -> list[TableRow]:
    """Rows of the table in plain values."""
    return [
        TableRow(
            id=row.pk,
            person_id=row.person_id,
            person=row.person.name,
            company=row.person.company.name if row.person.company else "",
            grade=row.grade,
            state=decision(row),
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
            hold_until=row.hold_until,
        )
        for row in rows
    ]


def _with_names(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    return rows.select_related("person__company", "owner", "version").only(*IN_A_ROW)
