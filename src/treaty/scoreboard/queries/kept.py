"""The figures of a month as they were computed lately, kept in the cache that all processes share.

They stand while nothing was recorded since, and for a minute at most, because promises fall due by time alone. A month
of many rows stands its minute through: its page then tells the time it was computed, and waits for nothing.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from zlib import crc32

from django.core.cache import cache

from treaty.ledger.queries import newest_line
from treaty.scoreboard.queries.board import Row, Scoreboard, Side, Standing, scoreboard, this_month
from treaty.scoreboard.queries.facts import MonthFacts, month_facts
from treaty.scoreboard.rules import Goal, Month, Point, Speed, Tally, Volume

MINUTE = timedelta(minutes=1)
DAY = 24 * 3600
MANY = 2_000
"""Rows above which a month is counted once a minute and not after each act: counting them takes its time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A scoreboard, the newest line of the ledger when it was computed, and the rows it was counted from."""

    board: Scoreboard
    newest: int
    rows: int

    def stands(self, newest: int, at: datetime) -> bool:
        """Whether it may still be shown."""
        is_young = timedelta(0) <= at - self.board.at < MINUTE
        is_of_today = self.board.month.day_at(at) == self.board.today
        return is_young and is_of_today and (newest == self.newest or self.rows > MANY)


PARTS = (Kept, Scoreboard, Standing, Side, Row, Tally, Goal, Volume, Point, Speed, Month)
SHAPE = crc32(repr([(part.__name__, [one.name for one in fields(part)]) for part in PARTS]).encode())
"""What is kept by one release is not read by another whose figures have other parts."""


def scoreboard_of(month: Month, at: datetime) -> Scoreboard:
    """The scoreboard of a month: the one computed lately, else computed now and kept. `at` of it says when."""
    kept, newest = cache.get(_key(month)), newest_line()
    if isinstance(kept, Kept) and kept.stands(newest, at):
        return kept.board
    return _computed(month, newest, at)


def renewed(at: datetime) -> bool:
    """This month's figures computed ahead of whoever looks next, if they are many and were looked at within a day."""
    month = this_month(at)
    kept = cache.get(_key(month))
    if not isinstance(kept, Kept) or kept.rows <= MANY:
        return False
    _computed(month, newest_line(), at)
    return True


def _computed(month: Month, newest: int, at: datetime) -> Scoreboard:
    facts = month_facts(month, at)
    board = scoreboard(facts)
    # Deep in the future and the past everything is empty, and addresses are guessed: that is not worth keeping.
    if not board.is_empty:
        cache.set(_key(month), Kept(board, newest, _rows(facts)), DAY)
    return board


def _rows(facts: MonthFacts) -> int:
    return len(facts.leads) + len(facts.kept_clocks) + len(facts.wins)


def _key(month: Month) -> str:
    return f"scoreboard:{SHAPE:x}:{month.zone}:{month.key}"
