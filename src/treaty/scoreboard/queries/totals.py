"""How every promise of every version was kept, over all time or in one month."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from treaty.agreements import queries as agreements
from treaty.agreements.queries.months import month_verdicts
from treaty.agreements.rules import Clause, clauses
from treaty.handovers.queries.figures import promise_totals as sales_totals
from treaty.scoreboard.queries.board import scoreboard, this_month
from treaty.scoreboard.queries.facts import month_facts
from treaty.scoreboard.rules import Month, Tally
from treaty.scoreboard.rules.promises import VERDICTS

Key = tuple[int, str, str]
"""Version, clause, verdict."""


@dataclass(frozen=True, slots=True)
class PromiseTotal:
    """One promise of one version: its clause, and how often it was kept. `version` is the version's number."""

    version: int
    clause: Clause
    tally: Tally


def promise_totals(at: datetime, month: Month | None = None) -> list[PromiseTotal]:
    """Every promise that was made until `at`, or those about the leads of one month."""
    if month is not None:
        board = scoreboard(month_facts(month, at))
        rows = (*board.marketing.rows, *board.sales.rows)
        return [PromiseTotal(row.number, row.clause, row.tally) for row in rows]
    counted = Counter(sales_totals()) + _of_months(at)
    begun = [row for row in agreements.versions(at) if row.in_force_from and row.in_force_from <= at]
    return [
        PromiseTotal(row.number, clause, _tally(counted, row.id, clause.number))
        for row in sorted(begun, key=lambda row: row.number)
        for clause in clauses(row.document)
        if clause.is_promise
    ]


def _of_months(at: datetime) -> Counter[Key]:
    """The verdicts about months, and the promise about the month that runs."""
    counted = Counter((row.version, row.clause, row.verdict) for row in month_verdicts())
    running = month_facts(this_month(at), at)
    counted.update(
        (one.version, one.clause, "open")
        for one in running.promises
        if one.handover is None and one.verdict == "open"
    )
    return counted


def _tally(counted: Mapping[Key, int], version: int, clause: str) -> Tally:
    return Tally(*(counted.get((version, clause, verdict), 0) for verdict in VERDICTS))
