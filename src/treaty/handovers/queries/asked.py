"""Whom an offer waits for where nobody owns it yet, and whom one turns to then."""

from collections.abc import Iterable
from datetime import datetime

from treaty.agreements.queries import version_by_id
from treaty.handovers.models import Handover
from treaty.handovers.rules.routing import is_absent
from treaty.staff import queries as staff
from treaty.staff.rules import DECIDE_HANDOVERS, SALES, SIGN_AGREEMENT


def takers_of(rows: Iterable[Handover], at: datetime) -> dict[tuple[int, int], list[int]]:
    """Who is asked what a whole team was offered, by team and version; with the same few questions for each of these.

    Those of the pool who are not absent; where there are none, those of the team; where those are none either, all of it.
    """
    pools = {(row.team_id, row.version_id) for row in rows}
    return {pool: _takers(*pool, at) for pool in sorted(pools)}


def _takers(team: int, version: int, at: datetime) -> list[int]:
    allowed = [one.id for one in staff.holders_of(DECIDE_HANDOVERS, SALES) if one.team_id == team]
    calendars = staff.calendars(allowed, at)
    present = [user for user in allowed if not is_absent(calendars[user], at)]
    members = {member.user for member in version_by_id(version).document.pool.members}
    return [user for user in present if user in members] or present or allowed


def heads_of(team: int) -> list[int]:
    """The team's head; where it has none, those who sign for sales."""
    named = next((row.head_id for row in staff.teams() if row.id == team), None)
    if named is not None:
        return [named]
    return [one.id for one in staff.holders_of(SIGN_AGREEMENT, SALES) if one.side == SALES]
