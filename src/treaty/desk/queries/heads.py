"""Today of a head: the scoreboard in small, the clocks that break soon, what waits for a signature."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from treaty.agreements.queries import VersionRow, versions
from treaty.agreements.rules import State
from treaty.desk.queries.sales import queue
from treaty.handovers.queries import Card
from treaty.handovers.queries.today import breaking_count, breaking_soon
from treaty.scoreboard.queries import Small, small
from treaty.staff import queries as staff
from treaty.staff.queries import User
from treaty.staff.rules import MANAGE_STAFF

AHEAD = timedelta(hours=4)
"""How far ahead a head looks for clocks that break."""


@dataclass(frozen=True, slots=True)
class HeadDay:
    """Everything that Today shows a head. `leads` are those offered to the head in person, mostly none."""

    board: Small | None
    leads: tuple[Card, ...]
    leads_count: int
    breaking: tuple[Card, ...]
    breaking_count: int
    to_sign: tuple[VersionRow, ...]
    to_set_up: bool
    """Whether the first-run guide was not finished yet."""


def head_day(user: User, at: datetime) -> HeadDay:
    """Today of a head or an administrator."""
    leads, count = queue(user, at)
    mine = {lead.id for lead in leads}
    until = at + AHEAD
    return HeadDay(
        board=small(user, at),
        leads=leads,
        leads_count=count,
        breaking=tuple(card for card in breaking_soon(user, at, until) if card.id not in mine),
        breaking_count=breaking_count(user, until),
        to_sign=tuple(_to_sign(user, at)),
        to_set_up=staff.may(user, MANAGE_STAFF) and staff.installation().guided_at is None,
    )


def _to_sign(user: User, at: datetime) -> list[VersionRow]:
    """Proposed versions that the user's side has not signed."""
    side = staff.side(user)
    open_ones = [row for row in versions(at) if row.state in {State.PROPOSED, State.SIGNED_ONE}]
    return [
        row
        for row in open_ones
        if not any(one.side == side or one.user_id == user.pk for one in row.signatures)
    ]
