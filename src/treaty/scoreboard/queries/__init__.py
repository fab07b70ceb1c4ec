"""Readings of the scoreboard: the page, the rows behind each figure, the promises of all time, channels, Today's board."""

from treaty.scoreboard.queries.board import Row, Scoreboard, Side, scoreboard, this_month
from treaty.scoreboard.queries.facts import MonthFacts, month_facts
from treaty.scoreboard.queries.figures import Opened, opened
from treaty.scoreboard.queries.kept import scoreboard_of
from treaty.scoreboard.queries.rows import LeadRow, PromiseRow, Rows, WinRow, named
from treaty.scoreboard.queries.small import Small, small
from treaty.scoreboard.queries.totals import PromiseTotal, promise_totals

__all__ = [
    "LeadRow",
    "MonthFacts",
    "Opened",
    "PromiseRow",
    "PromiseTotal",
    "Row",
    "Rows",
    "Scoreboard",
    "Side",
    "Small",
    "WinRow",
    "month_facts",
    "named",
    "opened",
    "promise_totals",
    "scoreboard",
    "scoreboard_of",
    "small",
    "this_month",
]
