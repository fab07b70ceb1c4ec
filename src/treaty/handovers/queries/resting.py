"""Why somebody whose lead came back is not offered by itself now, and what has to come first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from treaty.handovers import wording
from treaty.handovers.models import Handover
from treaty.handovers.queries.reasons import reason_of
from treaty.handovers.queries.standing import visible_handovers
from treaty.handovers.rules.returns import Again, Effect, again, is_past
from treaty.people import queries as people
from treaty.staff.queries import Seen, User

LOOKED_AT = 10
"""Handovers of a person, the newest first, among which the one that still counts is looked for."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A lead that came back: why, and what has to come before the person is offered again; `until` where a day is named."""

    url: str
    reason: str
    returned_at: datetime
    until: datetime | None
    waits_for: str


def rest_of(user: User, person: int, at: datetime) -> Rest | None:
    """Why a person is left in peace, as far as the user sees it; None where the next qualifying touch lets them be offered."""
    row = latest_of(LATEST.rows(user, person), person)
    waits_for = None if row is None else rest_after(row, at)
    if row is None or waits_for is None or row.decided_at is None:
        return None
    return Rest(
        url=f"/handovers/{row.pk}/",
        reason=reason_of(row.version_id, row.return_reason),
        returned_at=row.decided_at,
        until=row.hold_until if waits_for is Again.DATE else None,
        waits_for=wording.said(wording.WAITS_FOR, waits_for),
    )


LATEST = Seen(lambda user, person: visible_handovers(user).filter(person=person).order_by("-pk")[:LOOKED_AT])


def latest_of(rows: Sequence[Handover], person: int) -> Handover | None:
    """The first of these that still tells something: a return as a duplicate does not, once the records were merged."""
    doubles = [row for row in rows[:1] if row.return_effect == Effect.DUPLICATE]
    merged = people.last_merges([person]).get(person) if doubles else None
    if merged is None:
        return rows[0] if rows else None
    return next((row for row in rows if not is_past(row.return_effect, row.decided_at, merged)), None)


def rest_after(row: Handover, at: datetime) -> Again | None:
    """What has to come before a person is offered again after this handover; None where it is nothing but a touch."""
    if row.state != "returned":
        return None
    wrong = row.wrong_identity_id
    is_wrong = wrong is not None and bool(people.still_wrong({row.person_id: wrong}))
    found = again(row.return_effect, row.hold_until, at, is_wrong=is_wrong)
    return None if found is Again.TOUCH else found
