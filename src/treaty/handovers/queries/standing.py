"""Who may see and decide handovers, and whom nobody may offer now."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from treaty.handovers.models import Handover
from treaty.handovers.rules.returns import Again, Effect, again, is_past
from treaty.kit import sql
from treaty.people import queries as people
from treaty.people.queries.leads import leads
from treaty.people.rules import Stage
from treaty.staff import queries as staff
from treaty.staff.queries import User
from treaty.staff.rules import ALL, BOTH, DECIDE_HANDOVERS, OWN, SALES

IN_SALES_HANDS = frozenset({Stage.SAL.value, Stage.SQL.value, Stage.OPPORTUNITY.value})
NOT_A_LEAD = frozenset({*IN_SALES_HANDS, Stage.CUSTOMER.value})
"""Stages in which nobody is offered: sales works on them, or they bought."""


def visible_handovers(user: User) -> QuerySet[Handover]:
    """The handovers a user sees: all; the team's and nobody's; or the own ones and those the own team was offered."""
    if user.role.visibility == ALL:
        return Handover.objects.all()
    to_the_team = Q(team=user.team_id) if user.team_id else Q(pk=None)
    if user.role.visibility == OWN:
        return Handover.objects.filter(Q(owner=user.pk) | Q(owner=None) & to_the_team)
    return Handover.objects.filter(staff.sight(user) & (to_the_team | Q(owner__isnull=False)) | to_the_team)


def is_lead(user: User, person: int, handover: int) -> bool:
    """Whether a user sees a handover that was accepted and is about a person."""
    return visible_handovers(user).filter(pk=handover, person=person, state="accepted").exists()


def accepted_of(user: User, persons: Collection[int]) -> dict[int, int]:
    """The last handover of each person that was accepted, of those a user sees."""
    rows = visible_handovers(user).filter(person__in=list(persons), state="accepted")
    return dict(rows.order_by("pk").values_list("person_id", "pk"))


def asked_of(user: User) -> Q:
    """What a user is asked to decide: the own offers, and those of the whole team."""
    mine = Q(owner=user.pk)
    return (mine | Q(owner=None, team=user.team_id) if user.team_id else mine) & Q(state="offered")


def may_decide(user: User, owner: int | None, team: int) -> bool:
    """Whether a user may accept, return or hand on what `owner` (nobody: the whole team) was offered.

    The owner; anybody of the team where all of it was asked; the lead of that team; and the head of sales.
    """
    if not staff.may(user, DECIDE_HANDOVERS) or staff.side(user) not in {SALES, BOTH}:
        return False
    if owner == user.pk or user.role.visibility == ALL:
        return True
    of_the_team = user.team_id == team
    return of_the_team and (owner is None or user.role.visibility != OWN)


def blocked(purposes: Mapping[int, bool], at: datetime) -> set[int]:
    """Of these persons (on purpose or not) those whom nobody may offer now.

    Offered or in the hands of sales, or a customer; and, unless on purpose, left in peace since a return.
    """
    rows, latest = leads(list(purposes)), _latest(purposes)
    stopped = {person for person, row in rows.items() if row.stage in NOT_A_LEAD}
    returned = {}
    for person, last in latest.items():
        is_mql = person in rows and rows[person].stage == Stage.MQL
        if last.state == "offered" or (last.state == "accepted" and is_mql):
            stopped.add(person)
        elif last.state == "returned" and not purposes[person]:
            returned[person] = last
    return stopped | _left_in_peace(returned, at)


def last_returns(persons: Collection[int]) -> dict[int, datetime]:
    """When each person was last returned; the others are left out."""
    rows = Handover.objects.filter(person__in=persons, state="returned").values("person")
    return dict(rows.annotate(last=Max("decided_at")).order_by().values_list("person", "last"))


def person_names(persons: Collection[int]) -> dict[int, str]:
    """The names of persons with a handover."""
    rows = Handover.objects.filter(person__in=persons).order_by("pk")
    return dict(rows.values_list("person_id", "person__name"))


class _Last(NamedTuple):
    """How a person's latest handover stands; `wrong` is the identity it was returned for."""

    state: str
    decided_at: datetime | None
    hold_until: datetime | None
    effect: str
    wrong: int | None


def _left_in_peace(returned: Mapping[int, _Last], at: datetime) -> set[int]:
    """Those of returned persons whom the next touch does not let be offered."""
    wrong = people.still_wrong({p: last.wrong for p, last in returned.items() if last.wrong is not None})
    return {
        person
        for person, last in returned.items()
        if again(last.effect, last.hold_until, at, is_wrong=person in wrong) is not Again.TOUCH
    }


def _latest(persons: Collection[int]) -> dict[int, _Last]:
    """Each person's latest handover; one that came back as a duplicate is past once its records were merged."""
    statement = (
        "SELECT person_id, state, decided_at, hold_until, return_effect, wrong_identity_id FROM handovers_handover"
        f" WHERE {sql.one_of('person_id')} ORDER BY person_id, id"
    )
    rows = sql.ask(statement, [sql.listed(persons)], often=len(persons) <= sql.FEW)
    theirs: dict[int, list[_Last]] = defaultdict(list)
    for person, state, decided, held, effect, wrong in rows:
        last = _Last(state, decided and sql.moment(decided), held and sql.moment(held), effect, wrong)
        theirs[person].append(last)
    doubles = [person for person, lasts in theirs.items() if lasts[-1].effect == Effect.DUPLICATE]
    for person, merged_at in people.last_merges(doubles).items():
        theirs[person] = [
            last for last in theirs[person] if not is_past(last.effect, last.decided_at, merged_at)
        ]
    return {person: lasts[-1] for person, lasts in theirs.items() if lasts}
