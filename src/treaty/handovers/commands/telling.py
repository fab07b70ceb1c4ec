"""Whom of the staff handovers tell of a lead: owner or team, the head, marketing. notices turns kinds into words."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from treaty.handovers.models import Handover
from treaty.handovers.queries import person_names
from treaty.handovers.queries.asked import heads_of, takers_of
from treaty.handovers.rules.routing import Obstacle, obstacle
from treaty.notices import commands as notices
from treaty.staff import queries as staff
from treaty.staff.rules import MARKETING

ONE_BY_ONE = 5
"""More leads than these at once are told in one notice."""
ASKS = ("lead_offered", "lead_offered_to_team")
"""Notices that ask for an answer by a time, where there is one."""
OF_OBSTACLE = {
    Obstacle.LIMIT: "lead_limit",
    Obstacle.ABSENT: "lead_absent",
    Obstacle.LATE: "lead_nobody_can_take",
    Obstacle.EMPTY: "lead_pool_empty",
}
"""What the head hears of each."""


def tell_offered(rows: Sequence[Handover], at: datetime) -> None:
    """Owners hear of their leads, a team of those it was asked as a whole, the head of those nobody could simply be asked."""
    theirs: dict[tuple[str, tuple[int, ...]], list[Handover]] = defaultdict(list)
    hindered = [(row, found) for row in rows if (found := obstacle(row.routing)) is not None]
    heads = tuple(heads_of(hindered[0][0].team_id)) if hindered else ()
    takers = takers_of([row for row in rows if row.owner_id is None], at)
    others = {pool: tuple(user for user in users if user not in heads) for pool, users in takers.items()}
    for row in rows:
        if row.owner_id is not None:
            theirs["lead_offered", (row.owner_id,)].append(row)
        else:
            theirs["lead_offered_to_team", others[row.team_id, row.version_id]].append(row)
    for row, found in hindered:
        theirs[OF_OBSTACLE[found], heads].append(row)
    few = [row.person_id for some in theirs.values() if len(some) <= ONE_BY_ONE for row in some]
    names = person_names(few)
    for (kind, users), some in theirs.items():
        _tell_of_leads(kind, users, some, names, at)


def _tell_of_leads(
    kind: str, users: Collection[int], rows: Sequence[Handover], names: dict[int, str], at: datetime
) -> None:
    if len(rows) > ONE_BY_ONE:
        many = kind.replace("lead_", "leads_", 1)
        key = f"{many}:{rows[0].pk}:{rows[-1].pk}"
        notices.tell(users, kind=many, key=key, values={"count": len(rows)}, url="/handovers/", at=at)
        return
    for row in rows:
        one = f"{kind}_without_clock" if kind in ASKS and not row.next_due_at else kind
        notices.tell(
            users, kind=one, key=f"{kind}:{row.pk}", values=_about(row, names), url=page_of(row.pk), at=at
        )


def tell_handed_on(handover: int, before: int | None, *, at: datetime, by: int | None) -> None:
    """The colleague hears of the lead that was handed on, and whoever had it that it went."""
    row = Handover.objects.get(pk=handover)
    names = person_names([row.person_id])
    stamp = f"{handover}:{at.isoformat()}"
    told_by = staff.user_names([by or before]).get(by or before or 0, "")
    if row.owner_id is not None and row.owner_id != by:
        values = {**_about(row, names), "by": told_by}
        kind = "lead_handed_on" if row.next_due_at else "lead_offered_without_clock"
        key = f"lead_handed_on:{stamp}"
        notices.tell([row.owner_id], kind=kind, key=key, values=values, url=page_of(handover), at=at)
    if before is not None and before != by:
        values = {"person": names.get(row.person_id, "")}
        key = f"lead_taken_away:{stamp}"
        notices.tell([before], kind="lead_taken_away", key=key, values=values, url="/handovers/", at=at)


def tell_returned(row: Handover, reason: str, *, at: datetime, by: int | None) -> None:
    """Marketing hears of the lead that came back, and why."""
    marketers = [one.id for one in staff.colleagues() if one.side == MARKETING]
    who = staff.user_names([by]).get(by or 0, "")
    values = {"person": person_names([row.person_id]).get(row.person_id, ""), "reason": reason, "by": who}
    key = f"lead_returned:{row.pk}"
    notices.tell(marketers, kind="lead_returned", key=key, values=values, url=page_of(row.pk), at=at)


def _about(row: Handover, names: dict[int, str]) -> dict[str, object]:
    values: dict[str, object] = {"person": names.get(row.person_id, ""), "grade": row.grade}
    return {**values, "due_at": row.next_due_at.isoformat()} if row.next_due_at else values


def page_of(handover: int) -> str:
    """Where a handover is read."""
    return f"/handovers/{handover}/"
