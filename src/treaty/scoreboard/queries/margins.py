"""What stands live beside the clauses of the agreement: the same counts as on the scoreboard."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from treaty.agreements.margins import Margin, rows_url
from treaty.scoreboard import wording
from treaty.scoreboard.queries.board import Row, Scoreboard, Side, this_month
from treaty.scoreboard.queries.kept import scoreboard_of
from treaty.scoreboard.rules import Month
from treaty.staff.rules import MARKETING


def provider(version_id: int, month: date) -> Mapping[str, Margin]:
    """The margins of a version's promises and of both sides in a month; for `agreements.margins.register`."""
    at = timezone.now()
    board = scoreboard_of(Month(month.replace(day=1), this_month(at).zone), at)
    sides = (board.marketing, board.sales)
    rows = [row for side in sides for row in side.rows if row.version == version_id]
    return {
        **{side.side: _together(side, board) for side in sides},
        **{row.clause.number: _margin(row, board, month) for row in rows},
    }


def _together(side: Side, board: Scoreboard) -> Margin:
    """A side's promises as the scoreboard counts them; marketing's volume while nothing else of it is judged."""
    counts = side.tally
    is_running_volume = side.side == MARKETING and board.volume is not None and not counts.judged
    text = wording.delivered(board.volume.delivered) if is_running_volume and board.volume else ""
    return Margin(counts.kept, counts.broken, counts.excused, counts.open, text=text, url="/scoreboard/")


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
