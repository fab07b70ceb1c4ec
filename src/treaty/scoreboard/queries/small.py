"""The little scoreboard of Today."""

from dataclasses import dataclass
from datetime import datetime

from treaty.scoreboard.queries.board import this_month
from treaty.scoreboard.queries.kept import scoreboard_of
from treaty.scoreboard.rules import Goal, Month, Tally, Volume
from treaty.staff import queries as staff
from treaty.staff.queries import User
from treaty.staff.rules import SEE_PEOPLE


@dataclass(frozen=True, slots=True)
class Small:
    """This month in a few figures: both sides' promises, the volume, the quarter's goals, leads that wait."""

    month: Month
    marketing: Tally
    sales: Tally
    volume: Volume | None
    goals: tuple[Goal, ...]
    currency: str
    offered: int
    waiting: int


def small(user: User, at: datetime) -> Small | None:
    """This month's figures; None without an agreement, or for whoever may not see the scoreboard."""
    if not staff.may(user, SEE_PEOPLE):
        return None
    board = scoreboard_of(this_month(at), at)
    if board.is_empty:
        return None
    return Small(
        month=board.month,
        marketing=board.marketing.tally,
        sales=board.sales.tally,
        volume=board.volume,
        goals=board.goals,
        currency=board.currency,
        offered=board.counts["offered"],
        waiting=board.counts["waiting"],
    )
