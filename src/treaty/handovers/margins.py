"""What handovers know of the clauses on the agreement's page: the promises judged this month, and those running now."""

from collections.abc import Mapping
from datetime import date

from treaty.agreements import queries as agreements
from treaty.agreements.margins import Margin, rows_url
from treaty.agreements.queries import Counts
from treaty.handovers import queries

ACCEPTING = "4."
"""Clauses of the fourth article are sales' promises about one lead."""


def promise_margins(version: int, month: date) -> Mapping[str, Margin]:
    """Sales' clauses of a version: kept, broken and excused in a month, and how many clocks run now."""
    counts = agreements.counts_by_clause(version, month)
    running = queries.open_promises(version)
    return {
        clause: _margin(clause, counts.get(clause, Counts()), running.get(clause, 0), month)
        for clause in sorted({*counts, *running})
        if clause.startswith(ACCEPTING)
    }


def _margin(clause: str, counts: Counts, running: int, month: date) -> Margin:
    return Margin(counts.kept, counts.broken, counts.excused, running, url=rows_url(clause, month))
