"""The rows behind cards and rings. Their statements are written out: the ORM takes longer to say them than to ask them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from treaty.handovers.queries.reasons import reason_of
from treaty.kit import sql
from treaty.staff.queries import User
from treaty.staff.rules import ALL, OWN


class Condition(NamedTuple):
    """A condition on handovers `h`, and the values of its places."""

    text: str
    values: tuple[Any, ...] = ()

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(f"({self.text}) AND ({other.text})", (*self.values, *other.values))


class CardRow(NamedTuple):
    """What a card says of a handover, and of its person, company and owner."""

    pk: int
    grade: str
    state: str
    why: str
    qualified_at: datetime
    person_id: int
    owner_id: int | None
    team_id: int
    version_id: int
    return_reason: str
    person: str
    person_local: str
    language: str
    title: str
    city: str
    stage: str
    email: str
    phone: str
    may_write: bool
    may_call: bool
    company: str
    owner: str

    @classmethod
    def read(cls, found: Sequence[Any]) -> Self:
        """A row of `CARDS`; who and where nobody is known is empty."""
        *row, may_write, may_call, company, owner = found
        row[4] = sql.moment(row[4])
        return cls._make((*row, bool(may_write), bool(may_call), company or "", owner or ""))

    @property
    def line(self) -> str:
        """Who the person is: what they do, where, and in which town."""
        return ", ".join(part for part in (self.title, self.company, self.city) if part)

    @property
    def reason(self) -> str:
        """Why the lead came back, in the agreement's words; empty where it did not."""
        return reason_of(self.version_id, self.return_reason)


class ReturnRow(NamedTuple):
    """What a returned handover says besides its card."""

    identity_id: int
    returned_at: datetime
    hold_until: datetime | None
    card: CardRow


class ClockRow(NamedTuple):
    """A clock as far as a ring is drawn from it."""

    pk: int
    handover_id: int
    name: str
    user_id: int | None
    state: str
    verdict: str
    due_at: datetime | None
    stopped_at: datetime | None
    budget_seconds: int | None

    @classmethod
    def read(cls, found: Sequence[Any]) -> Self:
        """A row of `CLOCKS`."""
        *row, due, stopped, budget = found
        return cls._make((*row, due and sql.moment(due), stopped and sql.moment(stopped), budget))


ON_A_CARD = """
h.id, h.grade, h.state, h.why, h.qualified_at, h.person_id, h.owner_id, h.team_id, h.version_id, h.return_reason,
p.name, p.name_local, p.language, p.title, p.city, p.stage, p.email, p.phone,
p.email <> '' AND p.unsubscribed_at IS NULL, p.phone <> '' AND p.do_not_call_at IS NULL, c.name, u.name
"""
WITH_NAMES = """
FROM handovers_handover h JOIN people_person p ON p.id = h.person_id
LEFT JOIN people_company c ON c.id = p.company_id LEFT JOIN staff_user u ON u.id = h.owner_id
"""
CARDS = f"SELECT {ON_A_CARD} {WITH_NAMES}"
RETURNS = f"""
SELECT h.identity_id, COALESCE(h.decided_at, h.offered_at), h.hold_until, {ON_A_CARD}
{WITH_NAMES}
"""
CHANNELS = """
SELECT p.channel, COUNT(*), COUNT(*) FILTER (WHERE h.state = 'accepted'), COUNT(*) FILTER (WHERE h.state = 'returned')
FROM handovers_handover h JOIN people_person p ON p.id = h.person_id
"""
CLOCKS = """
SELECT id, handover_id, name, user_id, state, verdict, due_at, stopped_at, budget_seconds FROM handovers_clock
"""
ON_A_PAGE = 200
"""Handovers that are asked for in a way PostgreSQL keeps; for more of them another plan may be better."""
BY_CLOCK = "h.next_due_at ASC NULLS LAST, h.id"
"""The clock that runs out first on top; those without one last."""


NOT_BINNED = "h.person_id NOT IN (SELECT person_id FROM people_binnedperson)"


def seen_by(user: User) -> Condition:
    """What `visible_handovers` narrows to, without persons in the bin, for statements that are written out."""
    return Condition(NOT_BINNED) & _owned_by(user)


def _owned_by(user: User) -> Condition:
    if user.role.visibility == ALL:
        return Condition("1 = 1")
    if user.team_id is None:
        return Condition("h.owner_id = %s", (user.pk,))
    if user.role.visibility == OWN:
        return Condition(
            "h.owner_id = %s OR (h.owner_id IS NULL AND h.team_id = %s)", (user.pk, user.team_id)
        )
    of_the_team = "SELECT id FROM staff_user WHERE team_id = %s"
    return Condition(f"h.team_id = %s OR h.owner_id IN ({of_the_team})", (user.team_id, user.team_id))


def awaited_by(user: User) -> Condition:
    """The same as `asked_of`: the own offers, and those of the whole team; a user sees all of them."""
    offered = Condition("h.state = 'offered'")
    if user.team_id is None:
        return offered & Condition("h.owner_id = %s", (user.pk,))
    mine = "h.owner_id = %s OR (h.owner_id IS NULL AND h.team_id = %s)"
    return offered & Condition(mine, (user.pk, user.team_id))


def first_cards(which: Condition, order: str, limit: int) -> list[CardRow]:
    """The first rows of a condition."""
    return [CardRow.read(row) for row in _first(CARDS, which, order, limit)]


def first_returns(which: Condition, limit: int) -> list[ReturnRow]:
    """The first returned handovers of a condition, the latest first."""
    found = _first(RETURNS, which, "h.decided_at DESC, h.id DESC", limit)
    return [
        ReturnRow(row[0], sql.moment(row[1]), row[2] and sql.moment(row[2]), CardRow.read(row[3:]))
        for row in found
    ]


def _first(what: str, which: Condition, order: str, limit: int) -> list[tuple[Any, ...]]:
    """Ids are put in order before rows are read: those are wide, and many may fit."""
    # The limit stands there as it is: a plan that is kept has to know that it is short.
    ids = f"SELECT h.id FROM handovers_handover h WHERE {which.text} ORDER BY {order} LIMIT {limit}"
    return sql.ask(f"{what} WHERE h.id IN ({ids}) ORDER BY {order}", which.values)


def channel_counts(which: Condition) -> list[tuple[str, int, int, int]]:
    """How many leads of a condition each channel brought, and how many of them were accepted and returned."""
    statement = f"{CHANNELS} WHERE {which.text} GROUP BY p.channel"
    return [(*row,) for row in sql.ask(statement, which.values, often=False)]


def cards_by_id(handovers: Collection[int]) -> list[CardRow]:
    """The rows of some handovers, in no order."""
    if not handovers:
        return []
    statement = f"{CARDS} WHERE {sql.one_of('h.id')}"
    found = sql.ask(statement, [sql.listed(handovers)], often=len(handovers) <= ON_A_PAGE)
    return [CardRow.read(row) for row in found]


def cards_where(which: Condition) -> list[CardRow]:
    """All rows of a condition, by id."""
    statement = f"{CARDS} WHERE {which.text} ORDER BY h.id"
    return [CardRow.read(row) for row in sql.ask(statement, which.values)]


def number_of(which: Condition) -> int:
    """How many handovers there are of a condition."""
    statement = f"SELECT COUNT(*) FROM handovers_handover h WHERE {which.text}"
    ((number,),) = sql.ask(statement, which.values, often=False)
    return int(number)


def waiting_counts(user: User) -> tuple[int, int]:
    """How many offers wait for a user's decision, and how many the user sees; without persons in the bin.

    All there are, which an index tells, less those in the bin: these are few, and to ask each offer takes twice the time.
    """
    asked, owned = awaited_by(user), _owned_by(user)
    counted = f"SELECT COUNT(*) FILTER (WHERE {asked.text}), COUNT(*) FROM handovers_handover h"
    which = f"WHERE h.state = 'offered' AND ({owned.text})"
    binned = "JOIN people_binnedperson b ON b.person_id = h.person_id"
    rows = sql.ask(
        f"{counted} {which} UNION ALL {counted} {binned} {which}", 2 * (*asked.values, *owned.values)
    )
    (mine, seen), (mine_binned, seen_binned) = sorted(rows, reverse=True)
    return mine - mine_binned, seen - seen_binned


def clock_rows(handovers: Collection[int], names: Iterable[str]) -> list[ClockRow]:
    """The clocks of these names of some handovers, in the order they began."""
    which = f"WHERE {sql.one_of('handover_id')} AND {sql.one_of_texts('name')}"
    found = sql.ask(
        f"{CLOCKS} {which} ORDER BY sequence, id",
        [sql.listed(handovers), sql.listed(list(names))],
        often=len(handovers) <= ON_A_PAGE,
    )
    return [ClockRow.read(row) for row in found]
