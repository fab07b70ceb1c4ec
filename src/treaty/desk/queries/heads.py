"""Today of a head: the scoreboard in small, the clocks that break soon, what waits for a signature."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from treaty.agreements.queries import VersionRow, versions
from treaty.agreements.rules import State
from treaty.desk.queries.sales import queue
from treaty.handovers.queries import Card
from treaty.handovers.queries.today import breaking_count, breaking_soon
from treaty.scoreboard.queries import Small, small
from treaty.staff import queries as staff
from treaty.staff.queries import KnownCalendars, User
from treaty.staff.rules import MANAGE_STAFF

AHEAD = timedelta(hours=4)
"""How far ahead a head looks for clocks that break."""
BREAKING_SHOWN = 8


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

    @property
    def leads_more(self) -> int:
        """Leads that wait and are not shown."""
        return self.leads_count - len(self.leads)


def head_day(user: User, at: datetime, known: KnownCalendars, waits: Callable[[], int]) -> HeadDay:
    """Today of a head or an administrator."""
    until = at + AHEAD
    breaking = tuple(breaking_soon(user, at, until, BREAKING_SHOWN, known=known))
    is_all = len(breaking) < BREAKING_SHOWN
    count = len(breaking) if is_all else breaking_count(user, until)
    leads, leads_count = queue(user, at, known, waits)
    mine = {lead.id for lead in leads}
    return HeadDay(
        board=small(user, at),
        leads=leads,
        leads_count=leads_count,
        breaking=tuple(card for card in breaking if card.id not in mine),
        breaking_count=count - len(mine & {card.id for card in breaking}),
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
