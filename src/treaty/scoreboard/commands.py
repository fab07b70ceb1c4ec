"""The scoreboard's verbs: judge the volume that marketing promised for months that are over; keep figures ready."""

from collections.abc import Iterator
from datetime import datetime

from treaty.agreements import commands as agreements
from treaty.agreements.queries.months import MONTH, first_beginning, judging, month_verdicts
from treaty.handovers.queries.figures import counted_leads
from treaty.scoreboard.queries.facts import cohort_of, volume_in
from treaty.scoreboard.queries.kept import renewed
from treaty.scoreboard.rules import Judgement, Month, judgement
from treaty.staff import queries as staff
from treaty.staff.rules import MARKETING


def judge_month(at: datetime) -> int:
    """Record the verdict on each finished month that has none; how many. Twice is once.

    A month waits for its verdict while leads that sales has not decided can still change it.
    """
    return sum(_judge(month, at) for month in _unjudged(at))


def keep_figures(at: datetime) -> bool:
    """Compute this month's figures before somebody waits for them; whether there was need of it."""
    return renewed(at)


def _unjudged(at: datetime) -> Iterator[Month]:
    """Finished months, the first in which an agreement was in force to the last, without a verdict."""
    since = first_beginning()
    if since is None:
        return
    judged = {row.month for row in month_verdicts()}
    month = Month.of(since, staff.company_calendar(at).zone)
    while month.end <= at:
        if month.key not in judged:
            yield month
        month = month.following


def _judge(month: Month, at: datetime) -> bool:
    judge = judging(month.start, month.end)
    if judge is None:
        return False
    cohort = cohort_of(counted_leads(month.start, month.end))
    volume = volume_in(month, judge, cohort, staff.company_calendar(at), month.last)
    verdict = judgement(volume, cohort, is_over=True)
    if verdict is Judgement.OPEN:
        return False
    line = agreements.record_verdict(
        verdict.value,
        version=judge.id,
        clause=judge.document.volume.clause,
        side=MARKETING,
        about=f"{MONTH}{month.key}",
        due_at=month.due_at,
        user=None,
        cause="",
        at=month.due_at,
        known_at=at,
    )
    return line is not None
