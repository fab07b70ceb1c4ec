"""Today of marketing: promised against delivered, what came back, what qualified, what channels brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from treaty.handovers.queries import Card
from treaty.handovers.queries.today import (
    ChannelLeads,
    ReturnedLead,
    channels_between,
    latest_qualified,
    returned_count,
    returned_lately,
)
from treaty.scoreboard.queries import Small, small
from treaty.scoreboard.rules import Month
from treaty.staff.queries import KnownCalendars, User

READ_WITHIN = timedelta(days=14)
"""How long a returned lead stands on Today."""
RETURNED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class MarketingDay:
    """Everything that Today shows marketing; `board` is None before the first agreement."""

    month: Month
    board: Small | None
    returned: tuple[ReturnedLead, ...]
    returned_count: int
    latest: tuple[Card, ...]
    channels: tuple[ChannelLeads, ...]


def marketing_day(user: User, at: datetime, known: KnownCalendars, _waits: Callable[[], int]) -> MarketingDay:
    """Today of a marketer."""
    since = at - READ_WITHIN
    latest = tuple(latest_qualified(user, at, known=known))
    month = Month.of(at, known.company().zone)
    returned = tuple(returned_lately(user, since, RETURNED_SHOWN))
    is_all = len(returned) < RETURNED_SHOWN
    return MarketingDay(
        month=month,
        board=small(user, at),
        returned=returned,
        returned_count=len(returned) if is_all else returned_count(user, since),
        latest=latest,
        channels=tuple(channels_between(user, month.start, month.end)),
    )
