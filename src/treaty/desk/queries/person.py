"""One person as everybody who works with them sees it: who, what happened, what one should know."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from treaty.deals.queries import DealRow, deals_with
from treaty.desk.queries.timeline import Asked, Timeline, timeline
from treaty.handovers.queries import Card, Rest, blocked, may_offer, pending_of_persons, rest_of
from treaty.people.queries import PersonPage, person_page
from treaty.people.rules import Stage
from treaty.scoring.queries import ScoreRow, reasons_told, scores
from treaty.staff.queries import User

GIVEN = frozenset({Stage.SAL.value, Stage.SQL.value, Stage.OPPORTUNITY.value, Stage.CUSTOMER.value})
"""Stages of those whom sales has already."""


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """Everything the person's page shows."""

    page: PersonPage
    score: ScoreRow | None
    engagement: int
    reasons: tuple[tuple[str, str], ...]
    handover: Card | None
    rest: Rest | None
    """Why the person is not offered to sales by itself; None where that is nobody's question."""
    deals: tuple[DealRow, ...]
    timeline: Timeline
    their_time: datetime | None
    """What time it is where the person is; None where that is unknown."""
    may_offer: bool


def person_sheet(user: User, person: int, at: datetime, asked: Asked) -> PersonSheet | None:
    """One person as a user sees it; None where there is no such person for this user."""
    page = person_page(user, person)
    if page is None:
        return None
    score = scores([person]).get(person)
    deals = tuple(deals_with(user, person))
    handover = pending_of_persons(user, [person], at).get(person)
    return PersonSheet(
        page=page,
        score=score,
        engagement=round(score.engagement_at(at)) if score else 0,
        reasons=tuple(reasons_told(score, at)) if score else (),
        handover=handover,
        rest=None if handover or page.person.stage in GIVEN else rest_of(user, person, at),
        deals=deals,
        timeline=timeline(person, deals, asked),
        their_time=_local(page.person.time_zone, at),
        may_offer=page.person.forgotten_at is None
        and may_offer(user)
        and page.person.stage not in GIVEN
        and not blocked({person: True}, at),
    )


def _local(zone: str, at: datetime) -> datetime | None:
    try:
        return at.astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
