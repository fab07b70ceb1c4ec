"""The scoreboard over REST: one month's figures of both sides."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from treaty.kit.rest import LISTS, wrong
from treaty.scoreboard import queries
from treaty.scoreboard.queries import Scoreboard
from treaty.scoreboard.rules import Month
from treaty.staff.access import Key

router = Router(tags=["scoreboard"])
READ = Key("scoreboard:read", "see_people")


class PromiseOut(Schema):
    """One promise: its clause and version, and how often it was kept."""

    side: str = Field(description="marketing or sales.")
    version: int
    clause: str
    kept: int
    broken: int
    excused: int
    open: int
    rate: float | None = Field(description="Kept of kept and broken, 0 to 1; null while nothing was judged.")


class LeadsOut(Schema):
    """The leads that qualified in the month."""

    offered: int
    accepted: int
    returned: int
    left_out: int = Field(description="Returned for reasons that count for neither side.")
    waiting: int
    delivered: int = Field(description="Accepted, each person once.")
    acceptance_rate: float | None


class VolumeOut(Schema):
    """Marketing's volume promise."""

    promised: int
    promised_of_grade_a: int
    delivered: int
    delivered_of_grade_a: int
    line: int


class GoalOut(Schema):
    """A goal of the quarter; revenue in minor units of the currency."""

    goal: str = Field(description="revenue or customers.")
    currency: str
    aim: int
    done: int
    line: int


class SpeedOut(Schema):
    """Business time from qualifying to the first touch, in the buyer's reading."""

    touched: int
    median_seconds: float | None
    buckets: list[int] = Field(description="Under 15, 30, 60 minutes, 2, 4, 8 hours, and above.")


class ScoreboardOut(Schema):
    """One month."""

    month: str
    at: datetime
    version: int | None
    promises: list[PromiseOut]
    leads: LeadsOut
    volume: VolumeOut | None
    goals: list[GoalOut]
    speed: SpeedOut


class MonthQuery(Schema):
    """Which month."""

    month: str = Field(
        "", pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$", description="As 2026-11; else this month."
    )


@router.get(
    "/scoreboard", response={200: ScoreboardOut, **LISTS}, auth=READ, summary="The scoreboard of a month"
)
def scoreboard(request: HttpRequest, asked: Query[MonthQuery]) -> ScoreboardOut:
    """Both sides' promises about the leads of a month, the leads, the volume, the quarter's goals, the speed."""
    at = timezone.now()
    current = queries.this_month(at)
    month = Month.parse(asked.month, current.zone) if asked.month else current
    if month is None:
        raise wrong("month", "There is no such month.")
    return told(queries.scoreboard_of(month, at))


def told(board: Scoreboard) -> ScoreboardOut:
    """The scoreboard in plain values."""
    volume = board.volume
    return ScoreboardOut(
        month=board.month.key,
        at=board.at,
        version=board.agreement.number if board.agreement else None,
        promises=promises(board),
        leads=leads(board),
        volume=VolumeOut(
            promised=volume.promised,
            promised_of_grade_a=volume.promised_of_grade_a,
            delivered=volume.delivered,
            delivered_of_grade_a=volume.delivered_of_grade_a,
            line=volume.line,
        )
        if volume
        else None,
        goals=[
            GoalOut(goal=one.code, currency=board.currency, aim=one.goal, done=one.done, line=one.line)
            for one in board.goals
        ],
        speed=SpeedOut(
            touched=board.speed.number,
            median_seconds=board.speed.median,
            buckets=[a + b for a, b in zip(board.speed.of_grade_a, board.speed.of_the_rest, strict=True)],
        ),
    )


def promises(board: Scoreboard) -> list[PromiseOut]:
    """The promises of both sides."""
    return [
        PromiseOut(
            side=side.side,
            version=row.number,
            clause=row.clause.number,
            kept=row.tally.kept,
            broken=row.tally.broken,
            excused=row.tally.excused,
            open=row.tally.open,
            rate=row.tally.rate,
        )
        for side in (board.marketing, board.sales)
        for row in side.rows
    ]


def leads(board: Scoreboard) -> LeadsOut:
    """The month's leads, parted."""
    names = ("offered", "accepted", "returned", "left_out", "waiting", "delivered")
    return LeadsOut(
        **{name: board.counts[name] for name in names},
        acceptance_rate=board.acceptance_rate,
    )
