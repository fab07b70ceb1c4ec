"""What stands live beside the clauses of the agreement: the same counts as on the scoreboard."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from treaty.agreements.margins import Margin, rows_url
from treaty.scoreboard import wording
from treaty.scoreboard.queries.board import Row, Scoreboard, scoreboard, this_month
from treaty.scoreboard.queries.facts import month_facts
from treaty.scoreboard.rules import Month


def provider(version_id: int, month: date) -> Mapping[str, Margin]:
    """The margins of a version's promises in a month; registered with `agreements.margins.register`."""
    at = timezone.now()
    board = scoreboard(month_facts(Month(month.replace(day=1), this_month(at).zone), at))
    rows = (*board.marketing.rows, *board.sales.rows)
    return {row.clause.number: _margin(row, board, month) for row in rows if row.version == version_id}


def _margin(row: Row, board: Scoreboard, month: date) -> Margin:
    counts, volume = row.tally, board.volume
    url = rows_url(row.clause.number, month) + f"&version={row.version}"
    is_running_volume = row.is_volume and counts.open
    if volume is None or not is_running_volume:
        return Margin(counts.kept, counts.broken, counts.excused, counts.open, url=url)
    return Margin(
        open=counts.open,
        text=wording.delivered(volume.delivered),
        note=wording.line_note({"line": wording.number(volume.line)}),
        url=f"/scoreboard/rows?figure=delivered&month={month:%Y-%m}",
        tone="warn" if volume.ahead < 0 else "",
    )
