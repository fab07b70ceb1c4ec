"""Fold handovers and their clocks from their facts into rows; a rebuild is the same code over all of them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from treaty.agreements import queries as agreements
from treaty.handovers.facts import (
    AcceptanceUndone,
    LeadAccepted,
    LeadHandedOn,
    LeadOffered,
    LeadReturned,
    LeadWithdrawn,
)
from treaty.handovers.models import Clock, Handover
from treaty.handovers.rules import acts as known
from treaty.handovers.rules.acts import Act, Calendars, ClockState, Did, Judged, Name, Promise, State, Verdict
from treaty.handovers.rules.clocks import calendars_needed, fold, standing
from treaty.handovers.rules.returns import BINNED, FORGOTTEN
from treaty.kit import sql
from treaty.kit.rows import among
from treaty.kit.rules.business_time import Calendar
from treaty.ledger import queries as ledger
from treaty.ledger.facts import KINDS
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.staff import queries as staff
from treaty.staff.queries.calendar_changes import calendar_changes

AT_ONCE = 500
"""Handovers folded with one round of questions."""
OWN_FACTS = (LeadOffered, LeadAccepted, AcceptanceUndone, LeadReturned, LeadWithdrawn, LeadHandedOn)
CLOCK_COLUMNS = (
    "clause",
    "user_id",
    "state",
    "verdict",
    "cause",
    "started_at",
    "due_at",
    "warn_at",
    "stopped_at",
    "budget_seconds",
)
COLUMNS = (
    "state",
    "owner_id",
    "decided_at",
    "first_touch_at",
    "touch_seconds",
    "return_reason",
    "return_effect",
    "hold_until",
    "wrong_identity_id",
    "next_due_at",
)
NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Folded:
    """What the facts of one handover make of its row and its clocks."""

    columns: Mapping[str, object]
    clocks: tuple[ClockState, ...]


@transaction.atomic
def refold(handovers: Collection[int], at: datetime) -> int:
    """Write the rows of some handovers as their facts say at `at`; how many rows of any kind changed."""
    changed, ids = 0, sorted(set(handovers))
    for start in range(0, len(ids), AT_ONCE * 20):
        rows = list(among(Handover, "id", ids[start : start + AT_ONCE * 20]).order_by("pk"))
        changed += _write(rows, folded(rows, at))
    return changed


@transaction.atomic
def fold_new(rows: Sequence[Handover], at: datetime) -> None:
    """As `refold`, for rows that this transaction made: they hold what is written, and nobody else knows them yet."""
    for start in range(0, len(rows), AT_ONCE * 20):
        chunk = rows[start : start + AT_ONCE * 20]
        _write(chunk, folded(chunk, at))


def rebuild(*, check: bool = False, at: datetime | None = None) -> int:
    """Fold every handover again; how many rows differed. `check` only counts."""
    now, last, different = at or timezone.now(), 0, 0
    while rows := list(Handover.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        found = folded(rows, now)
        different += _differing(rows, found) if check else _write(rows, found)
        last = rows[-1].pk
    return different


def folded(rows: Sequence[Handover], at: datetime) -> dict[int, Folded]:
    """Read the facts of some handovers and fold them, with the same few questions however many they are."""
    lines = _lines(rows)
    acts = {row.pk: _acts(row, lines) for row in rows}
    hours = _Hours.of(rows, acts.values())
    found = {}
    for row in rows:
        judged = _judged(row)
        clocks = fold(acts[row.pk], judged, hours.calendars(row, acts[row.pk]), at) if acts[row.pk] else ()
        columns = _columns(row, acts[row.pk], clocks, lines[row.pk])
        found[row.pk] = Folded(columns, clocks)
    return found


def _lines(rows: Sequence[Handover]) -> dict[int, list[Recorded]]:
    """The facts of each handover, and the attempts to reach its person."""
    kinds = {fact.__name__ for fact in OWN_FACTS} | {name for name, kind in KINDS.items() if kind.is_attempt}
    identities = people.identities_of([row.person_id for row in rows])
    asked = {identity for held in identities.values() for identity in held} | {
        row.identity_id for row in rows
    }
    histories = ledger.histories(asked, kinds)
    found: dict[int, list[Recorded]] = defaultdict(list)
    for row in rows:
        for identity in {*identities[row.person_id], row.identity_id}:
            for line in histories.get(identity, ()):
                if getattr(line.fact, "handover", row.pk) == row.pk:
                    found[row.pk].append(line)
    return found


def _acts(row: Handover, lines: Mapping[int, Sequence[Recorded]]) -> tuple[Act, ...]:
    return tuple(_act(line) for line in lines.get(row.pk, ()))


def _act(line: Recorded) -> Act:
    did, user, cause = _told(line)
    return Act(line.id, did, line.occurred_at, line.recorded_at, user, cause)


def _told(line: Recorded) -> tuple[Did, int | None, str]:
    match line.fact:
        case LeadOffered(owner=owner):
            return Did.OFFERED, owner, ""
        case LeadHandedOn(after=after, cause=cause):
            return Did.HANDED_ON, after, cause
        case LeadAccepted(owner=owner):
            return Did.ACCEPTED, owner, ""
        case AcceptanceUndone():
            return Did.UNDONE, None, ""
        case LeadReturned(reason=reason):
            return Did.RETURNED, None, reason
        case LeadWithdrawn(cause=cause):
            return Did.WITHDRAWN, None, cause
        case _:
            return Did.ATTEMPTED, line.by, ""


def _judged(row: Handover) -> Judged:
    """The promises of the version under which the lead was offered."""
    document = agreements.version_by_id(row.version_id).document
    accept, touch = document.accept_terms(row.grade), document.touch_terms(row.grade)
    return Judged(
        row.qualified_at, Promise(accept.clause, accept.budget), Promise(touch.clause, touch.budget)
    )


@dataclass(frozen=True, slots=True)
class _Hours:
    """The calendars that the folds of some handovers ask for, each as known when its clock began."""

    changes: Sequence[datetime]
    personal: Mapping[tuple[int, datetime], Calendar]
    teams: Mapping[tuple[int, datetime], Calendar]
    company: Mapping[datetime, Calendar]

    @classmethod
    def of(cls, rows: Sequence[Handover], acts: Iterable[Sequence[Act]]) -> "_Hours":
        """Asked once for each change of anybody's calendar in between, not once for each clock."""
        changes = calendar_changes()
        users: dict[datetime, set[int]] = defaultdict(set)
        for user, known_at in {pair for history in acts for pair in calendars_needed(history)}:
            users[_as_of(changes, known_at)].add(user)
        teams: dict[datetime, set[int]] = defaultdict(set)
        for row in rows:
            teams[_as_of(changes, row.offered_at)].add(row.team_id)
        return cls(
            changes,
            {
                (u, when): c
                for when, ids in users.items()
                for u, c in staff.calendars(sorted(ids), when).items()
            },
            {
                (t, when): c
                for when, ids in teams.items()
                for t, c in staff.team_calendars(sorted(ids), when).items()
            },
            {when: staff.company_calendar(when) for when in teams},
        )

    def calendars(self, row: Handover, acts: Sequence[Act]) -> Calendars:
        """What the fold of one handover needs."""
        offered = _as_of(self.changes, row.offered_at)
        personal = {
            (user, known_at): self.personal[user, _as_of(self.changes, known_at)]
            for user, known_at in calendars_needed(acts)
        }
        return Calendars(self.company[offered], self.teams[row.team_id, offered], personal)


def _as_of(changes: Sequence[datetime], at: datetime) -> datetime:
    """The last change until `at`: what was known then is what is known at `at`."""
    place = bisect_right(changes, at)
    return changes[place - 1] if place else NEVER


def _columns(
    row: Handover, acts: Sequence[Act], clocks: Sequence[ClockState], lines: Sequence[Recorded]
) -> dict[str, object]:
    kept = standing(acts)
    accepted = next((act for act in kept if act.did is Did.ACCEPTED), None)
    returned = next((act for act in kept if act.did is Did.RETURNED), None)
    withdrawn = next((act for act in kept if act.did is Did.WITHDRAWN), None)
    decided = returned or accepted or withdrawn
    offers = [act for act in kept if act.did in (Did.OFFERED, Did.HANDED_ON)]
    owner = accepted.user if accepted else offers[-1].user if offers else None
    touched_at, seconds = _touch(clocks)
    return {
        "state": "accepted" if decided and decided is accepted else "returned" if decided else "offered",
        "owner_id": owner,
        "decided_at": decided.occurred_at if decided else None,
        "first_touch_at": touched_at,
        "touch_seconds": seconds,
        "next_due_at": _next_due(clocks),
        **_return(lines if returned else (), _gone(withdrawn) if decided and decided is withdrawn else ""),
    }


def _gone(withdrawn: Act) -> str:
    """Why nobody returned the lead."""
    return BINNED if withdrawn.cause == known.BINNED else FORGOTTEN


def _touch(clocks: Sequence[ClockState]) -> tuple[datetime | None, int | None]:
    """The buyer's reading: when somebody first reached out, and after how much of the company's time."""
    reading = next((clock for clock in clocks if clock.name is Name.BUYER_TOUCH), None)
    if reading is None or reading.stopped_at is None or reading.cause:
        return None, None
    return reading.stopped_at, int(reading.used.total_seconds())


def _return(lines: Sequence[Recorded], otherwise: str) -> dict[str, object]:
    """Why the lead came back: the reason of its return, `otherwise` where nobody returned it."""
    fact = next((line.fact for line in lines if isinstance(line.fact, LeadReturned)), None)
    if fact is None:
        nothing = {"return_effect": "", "hold_until": None, "wrong_identity_id": None}
        return {"return_reason": otherwise, **nothing}
    return {
        "return_reason": fact.reason,
        "return_effect": fact.effect,
        "hold_until": datetime.fromisoformat(fact.hold_until) if fact.hold_until else None,
        "wrong_identity_id": fact.identity,
    }


def _next_due(clocks: Sequence[ClockState]) -> datetime | None:
    """When the clock that people look at runs out: the owner's own, else first touch, else the team's."""
    for name in (Name.PERSONAL_ACCEPT, Name.FIRST_TOUCH, Name.TEAM_ACCEPT):
        running = [c for c in clocks if c.name is name and c.state is State.RUNNING and c.due_at is not None]
        if running:
            return running[-1].due_at
    return None


def _write(rows: Sequence[Handover], found: Mapping[int, Folded]) -> int:
    """Write what differs: handovers, and clocks new, changed and gone."""
    changed = [row for row in rows if _differs(row, found[row.pk].columns)]
    for row in changed:
        _set(row, found[row.pk].columns)
    _update(Handover, changed, COLUMNS)
    return len(changed) + _write_clocks(rows, found)


def _write_clocks(rows: Sequence[Handover], found: Mapping[int, Folded]) -> int:
    there = _clocks_there(rows)
    new, moved, kept = [], [], set()
    for row in rows:
        for clock in found[row.pk].clocks:
            key = (row.pk, *clock.key)
            kept.add(key)
            held = there.get(key)
            if held is None:
                new.append(_new_clock(row.pk, clock))
            elif _differs(held, clock_columns(clock)):
                _set(held, clock_columns(clock))
                held.is_unsaid = _is_unsaid(held)
                moved.append(held)
    gone = [clock.pk for key, clock in there.items() if key not in kept]
    _insert(new)
    _update(Clock, moved, (*CLOCK_COLUMNS, "is_unsaid"))
    if gone:
        Clock.objects.filter(pk__in=gone).delete()
    return len(new) + len(moved) + len(gone)


def _insert(clocks: Sequence[tuple[object, ...]]) -> None:
    columns = ("handover_id", "name", "sequence", *CLOCK_COLUMNS, "said", "is_unsaid")
    sql.write_rows(Clock._meta.db_table, columns, clocks)


def _update(
    model: type[Handover] | type[Clock], rows: Sequence[Handover | Clock], columns: Sequence[str]
) -> None:
    sql.update_rows(model._meta.db_table, columns, ((*_values(row, columns), row.pk) for row in rows))


def _values(row: Handover | Clock, columns: Sequence[str]) -> tuple[object, ...]:
    return tuple(_stamped(getattr(row, column)) for column in columns)


def _stamped(value: object) -> object:
    return sql.stamp(value) if isinstance(value, datetime) else value


def clock_columns(clock: ClockState) -> dict[str, object]:
    """A clock of the fold as the columns of its row."""
    return {
        "clause": clock.clause,
        "user_id": clock.user,
        "state": clock.state.value,
        "verdict": clock.verdict.value,
        "cause": clock.cause,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "stopped_at": clock.stopped_at,
        "budget_seconds": None if clock.budget is None else int(clock.budget.total_seconds()),
    }


def _new_clock(handover: int, clock: ClockState) -> tuple[object, ...]:
    values = clock_columns(clock)
    written = [_stamped(values[column]) for column in CLOCK_COLUMNS]
    is_unsaid = clock.verdict is not Verdict.OPEN
    return (handover, clock.name.value, clock.sequence, *written, Verdict.OPEN.value, is_unsaid)


def _is_unsaid(row: Clock) -> bool:
    return row.verdict not in (Verdict.OPEN.value, row.said)


def _clocks_there(rows: Sequence[Handover]) -> dict[tuple[int, str, int], Clock]:
    clocks = among(Clock, "handover_id", [row.pk for row in rows]).order_by("pk")
    return {(clock.handover_id, clock.name, clock.sequence): clock for clock in clocks}


def _differing(rows: Sequence[Handover], found: Mapping[int, Folded]) -> int:
    """How many rows are not what their facts say."""
    there = _clocks_there(rows)
    wanted = {(pk, *clock.key): clock_columns(clock) for pk, one in found.items() for clock in one.clocks}
    wrong = sum(_differs(row, found[row.pk].columns) for row in rows)
    wrong += len(there.keys() ^ wanted.keys())
    return wrong + sum(_differs(there[key], wanted[key]) for key in there.keys() & wanted.keys())


def _differs(row: Handover | Clock, columns: Mapping[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())


def _set(row: Handover | Clock, columns: Mapping[str, object]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
