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
        **_heads(board, month),
        **{side.side: _together(side, board) for side in sides},
        **{row.clause.number: _margin(row, board, month) for row in rows},
    }


def _heads(board: Scoreboard, month: date) -> dict[str, Margin]:
    """Beside the shared goal what of it is done, beside the definition whom it let through; of whichever version is in force."""
    leads = board.counts["offered"]
    found = {"2.1": Margin(text=wording.offered(leads), url=_figure_url("offered", month))}
    if board.goals:
        goal = board.goals[0]
        found["1.1"] = Margin(
            text=wording.won_share(goal.share),
            note=wording.against_goal(goal, board.currency),
            url=_figure_url("won" if goal.code == "revenue" else "customers", month),
            tone="warn" if goal.ahead < 0 else "",
        )
    return found


def _figure_url(figure: str, month: date) -> str:
    return f"/scoreboard/rows?figure={figure}&month={month:%Y-%m}"


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
        url=_figure_url("delivered", month),
        tone="warn" if volume.ahead < 0 else "",
    )
