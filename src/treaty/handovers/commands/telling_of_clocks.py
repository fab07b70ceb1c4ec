"""Whom of the staff handovers tell of a clock that runs out soon or is over; many at once in one notice for each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from treaty.handovers.commands.telling import ONE_BY_ONE, page_of
from treaty.handovers.models import Clock
from treaty.handovers.queries import person_names
from treaty.handovers.queries.asked import heads_of, takers_of
from treaty.handovers.rules.acts import Name
from treaty.notices import commands as notices

Told = Sequence[tuple[Clock, Collection[int]]]
"""Clocks, each with the users who hear of it."""
MANY = {
    "accept_due_soon": "accepts_due_soon",
    "touch_due_soon": "touches_due_soon",
    "promise_broken": "promises_broken",
}
"""The kind of notice that tells of many clocks at once."""


def tell_due_soon(clocks: Sequence[Clock], at: datetime) -> None:
    """Whoever has to act hears that a clock runs out soon; of a whole team all who may take the lead, and its head.

    `clocks` come with their handovers.
    """
    touches = [(clock, _asked_alone(clock)) for clock in clocks if clock.name == Name.FIRST_TOUCH]
    answers = [clock for clock in clocks if clock.name != Name.FIRST_TOUCH]
    _tell("touch_due_soon", touches, at)
    _tell("accept_due_soon", _with_teams(answers, at), at)


def tell_broken(clocks: Sequence[Clock], at: datetime) -> None:
    """Whoever had to act and the head hear that a promise broke. The team's clock speaks for the personal one beside it."""
    told = [clock for clock in clocks if clock.name != Name.PERSONAL_ACCEPT]
    heads = {team: heads_of(team) for team in {clock.handover.team_id for clock in told}}
    asked = [(clock, [*heads[clock.handover.team_id], *users]) for clock, users in _with_teams(told, at)]
    _tell("promise_broken", asked, at)


def _asked_alone(clock: Clock) -> list[int]:
    user = clock.user_id or clock.handover.owner_id
    return [] if user is None else [user]


def _with_teams(clocks: Sequence[Clock], at: datetime) -> Told:
    """Each clock with whom it waits for: its user, the owner, or those of a whole team and their head."""
    alone = {clock.pk: _asked_alone(clock) for clock in clocks}
    takers = takers_of([clock.handover for clock in clocks if not alone[clock.pk]], at)
    teams = {pool: [*users, *heads_of(pool[0])] for pool, users in takers.items()}
    return [
        (clock, alone[clock.pk] or teams[clock.handover.team_id, clock.handover.version_id])
        for clock in clocks
    ]


def _tell(kind: str, told: Told, at: datetime) -> None:
    """Each user hears of each clock, or, where those are many, of all in one notice."""
    theirs: dict[int, list[Clock]] = defaultdict(list)
    for clock, users in told:
        for user in dict.fromkeys(users):
            theirs[user].append(clock)
    few = {user for user, clocks in theirs.items() if len(clocks) <= ONE_BY_ONE}
    singly = [(clock, kept) for clock, users in told if (kept := [user for user in users if user in few])]
    names = person_names([clock.handover.person_id for clock, _users in singly])
    for clock, users in singly:
        _tell_of_one(kind, users, clock, names, at)
    for user in sorted(theirs.keys() - few):
        _tell_of_many(MANY[kind], user, theirs[user], at)


def _tell_of_one(
    kind: str, users: Collection[int], clock: Clock, names: dict[int, str], at: datetime
) -> None:
    values = {
        "person": names.get(clock.handover.person_id, ""),
        "clause": clock.clause,
        "due_at": clock.due_at.isoformat() if clock.due_at else "",
    }
    key = f"{kind}:{clock.handover_id}:{clock.name}:{clock.sequence}"
    notices.tell(users, kind=kind, key=key, values=values, url=page_of(clock.handover_id), at=at)


def _tell_of_many(kind: str, user: int, clocks: Sequence[Clock], at: datetime) -> None:
    due = min(clock.due_at for clock in clocks if clock.due_at is not None)
    values = {"count": len(clocks), "due_at": due.isoformat()}
    key = f"{kind}:{clocks[0].pk}:{clocks[-1].pk}"
    notices.tell([user], kind=kind, key=key, values=values, url="/handovers/", at=at)
