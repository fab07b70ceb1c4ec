"""Whom of the staff handovers tell what: the offered owner, the head, marketing. notices turns kinds into words."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from treaty.handovers.models import Clock, Handover
from treaty.handovers.queries import person_names
from treaty.handovers.rules.acts import Name
from treaty.notices import commands as notices
from treaty.staff import queries as staff
from treaty.staff.rules import MARKETING, SALES, SIGN_AGREEMENT

ONE_BY_ONE = 5
"""More leads than these at once are told in one notice."""


def tell_offered(rows: Sequence[Handover], at: datetime) -> None:
    """Owners hear of their leads, and the head of those whose clock nobody can make."""
    by_owner: dict[int, list[Handover]] = defaultdict(list)
    for row in rows:
        if row.owner_id is not None:
            by_owner[row.owner_id].append(row)
    few = [row.person_id for theirs in by_owner.values() if len(theirs) <= ONE_BY_ONE for row in theirs]
    hard = [row for row in rows if row.routing.get("head")]
    names = person_names([*few, *(row.person_id for row in hard[:ONE_BY_ONE])])
    for owner, theirs in by_owner.items():
        _tell_of_leads("lead_offered", [owner], theirs, names, at)
    if hard:
        _tell_of_leads("lead_nobody_can_take", heads_of(hard[0].team_id), hard, names, at)


def _tell_of_leads(
    kind: str, users: Collection[int], rows: Sequence[Handover], names: dict[int, str], at: datetime
) -> None:
    if len(rows) > ONE_BY_ONE:
        many = kind.replace("lead_", "leads_", 1)
        key = f"{many}:{rows[0].pk}:{rows[-1].pk}"
        notices.tell(users, kind=many, key=key, values={"count": len(rows)}, url="/handovers/", at=at)
        return
    for row in rows:
        one = kind if row.next_due_at or kind != "lead_offered" else "lead_offered_without_clock"
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


def tell_due_soon(clocks: Sequence[Clock], at: datetime) -> None:
    """Whoever has to act hears that a clock runs out soon. `clocks` come with their handovers."""
    names = person_names([clock.handover.person_id for clock in clocks])
    for clock in clocks:
        if clock.user_id is None or clock.due_at is None:
            continue
        kind = "touch_due_soon" if clock.name == Name.FIRST_TOUCH else "accept_due_soon"
        _tell_of_clock(kind, [clock.user_id], clock, names, at)


def tell_broken(clocks: Sequence[Clock], at: datetime) -> None:
    """The owner and the head hear that a promise broke. The team's clock speaks for the personal one beside it."""
    told = [clock for clock in clocks if clock.name != Name.PERSONAL_ACCEPT]
    names = person_names([clock.handover.person_id for clock in told])
    heads = {team: heads_of(team) for team in {clock.handover.team_id for clock in told}}
    for clock in told:
        owner = clock.user_id or clock.handover.owner_id
        users = dict.fromkeys([*heads[clock.handover.team_id], *([owner] if owner else [])])
        _tell_of_clock("promise_broken", list(users), clock, names, at)


def _tell_of_clock(
    kind: str, users: Collection[int], clock: Clock, names: dict[int, str], at: datetime
) -> None:
    due = clock.due_at.isoformat() if clock.due_at else ""
    values = {
        "person": names.get(clock.handover.person_id, ""),
        "clause": clock.clause,
        "due_at": due,
    }
    key = f"{kind}:{clock.handover_id}:{clock.name}:{clock.sequence}"
    notices.tell(users, kind=kind, key=key, values=values, url=page_of(clock.handover_id), at=at)


def _about(row: Handover, names: dict[int, str]) -> dict[str, object]:
    values: dict[str, object] = {"person": names.get(row.person_id, ""), "grade": row.grade}
    return {**values, "due_at": row.next_due_at.isoformat()} if row.next_due_at else values


def heads_of(team: int) -> list[int]:
    """The team's head; where it has none, those who sign for sales."""
    named = next((row.head_id for row in staff.teams() if row.id == team), None)
    if named is not None:
        return [named]
    return [one.id for one in staff.holders_of(SIGN_AGREEMENT, SALES) if one.side == SALES]


def page_of(handover: int) -> str:
    """Where a handover is read."""
    return f"/handovers/{handover}/"
