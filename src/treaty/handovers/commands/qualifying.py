"""Find who meets the signed definition: by what they just did, by what an import brought, or by time alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction

from treaty.agreements import queries as agreements
from treaty.agreements.queries import InForce
from treaty.handovers.commands.offering import Qualified, offer_qualified
from treaty.handovers.facts import LeadQualified
from treaty.handovers.models import Watch
from treaty.handovers.queries import blocked, last_returns
from treaty.kit import sql
from treaty.ledger import commands as ledger
from treaty.ledger.commands import Entry
from treaty.ledger.facts import SubjectKind, about_identity
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.scoring import queries as scoring
from treaty.scoring.queries import Handed, Reading
from treaty.scoring.rules import Scorer
from treaty.segments.rules import PersonState, Predicate, kinds_used, next_change
from treaty.segments.rules.matching import Check, compiled

FRESH_FOR = timedelta(hours=24)
"""A fact recorded later than this after it occurred is history: it opens nothing."""
AT_ONCE = 500
"""Persons whose time has come, asked in one sweep's turn."""
BY_TIME = "time"
WATCHED = "ON CONFLICT (person_id) DO UPDATE SET next_change_at = excluded.next_change_at"


def qualify_listener(batch: Sequence[Recorded]) -> None:
    """A listener: offers whom fresh touches let meet the definition, and marks whom history did."""
    holders = people.holders(batch)
    touches = [line for line in batch if _may_qualify(line) and line.about.id in holders]
    if not touches:
        return
    at = max(line.recorded_at for line in touches)
    agreement = agreements.in_force(at)
    if agreement is None:
        return
    fresh: dict[int, Recorded] = {}
    old: dict[int, Recorded] = {}
    for line in sorted(touches, key=lambda line: (line.occurred_at, line.id)):
        (fresh if _is_fresh(line, agreement) else old)[holders[line.about.id]] = line
    _offer_those_who_meet(fresh, agreement, at, scoring.handed(batch))
    _mark_history({person: line for person, line in old.items() if person not in fresh}, agreement)


def sweep_qualifying(at: datetime) -> int:
    """Offer whom time alone let meet the definition; how many. Bounded by those whose answer may have changed."""
    agreement = agreements.in_force(at)
    offered = 0
    while agreement is not None:
        with transaction.atomic():
            due = Watch.objects.select_for_update().filter(next_change_at__lte=at).order_by("next_change_at")
            persons = list(due.values_list("person_id", flat=True)[:AT_ONCE])
            if not persons:
                return offered
            offered += _offer_by_time(persons, agreement, at)
    return offered


@dataclass(frozen=True, slots=True)
class _Met:
    """How one person stands before the definition."""

    person: int
    meets: bool
    grade: str
    next_change_at: datetime | None
    last_touch_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Definition:
    """The definition of a version, ready to be asked: its check, the kinds of facts it asks about, and its scores."""

    tree: Predicate
    check: Check
    used: frozenset[str]
    scorer: Scorer


def _may_qualify(line: Recorded) -> bool:
    kind = type(line.fact)
    return kind.is_touch and not kind.is_attempt and line.about.kind is SubjectKind.IDENTITY


def _is_fresh(line: Recorded, agreement: InForce) -> bool:
    in_time = line.recorded_at - line.occurred_at <= FRESH_FOR
    return in_time and line.occurred_at >= agreement.in_force_from


def _offer_those_who_meet(
    fresh: Mapping[int, Recorded], agreement: InForce, at: datetime, handed: Handed
) -> None:
    judged = _judged(dict.fromkeys(fresh, at), agreement, handed.usable(agreement.document.scoring, at))
    # Most who did something are far from being offered: of them nobody need know whether they may be.
    near = {one.person: one for one in judged if one.meets or one.next_change_at}
    found = [near[person] for person in _unblocked(near, at)]
    _watch(found)
    ready = []
    for one in found:
        line = fresh[one.person]
        if one.meets:
            ready.append(Qualified(one.person, line.occurred_at, line.kind, line.about.id, grade=one.grade))
    if ready:
        offer_qualified(ready, at=at, by=None)


def _mark_history(old: Mapping[int, Recorded], agreement: InForce) -> None:
    """Persons who met the definition back then: a fact that moves the stage and opens nothing."""
    if not old:
        return
    at = max(line.recorded_at for line in old.values())
    asked = {person: old[person].occurred_at for person in _unblocked(old, at)}
    entries = []
    for one in _judged(asked, agreement):
        line = old[one.person]
        if one.meets:
            fact = LeadQualified(agreement.id, one.grade, line.kind, imported=True)
            about, key = about_identity(line.about.id), f"qualified:{one.person}:{line.id}"
            entries.append(
                Entry(fact, about, line.occurred_at, None, key, known_at=line.known_at, batch=line.batch)
            )
    ledger.record_many(entries, recorded_at=at)


def _offer_by_time(persons: Sequence[int], agreement: InForce, at: datetime) -> int:
    """Ask again those whose time has come. Whoever was returned has to do something new first."""
    Watch.objects.filter(person__in=persons).delete()
    found = _judged(dict.fromkeys(_unblocked(persons, at), at), agreement)
    _watch(found)
    returned = last_returns([one.person for one in found])
    ready = [
        Qualified(one.person, at, BY_TIME, grade=one.grade)
        for one in found
        if one.meets and _came_back(one, returned.get(one.person))
    ]
    return len(offer_qualified(ready, at=at, by=None))


def _came_back(one: _Met, returned_at: datetime | None) -> bool:
    if returned_at is None:
        return True
    return one.last_touch_at is not None and one.last_touch_at > returned_at


def _unblocked(persons: Collection[int], at: datetime) -> list[int]:
    if not persons:
        return []
    stopped = blocked(dict.fromkeys(persons, False), at)
    return [person for person in persons if person not in stopped]


def _judged(
    asked: Mapping[int, datetime], agreement: InForce, handed: Mapping[int, Reading] | None = None
) -> list[_Met]:
    """Ask the definition about persons, each as known at an instant; set at once.

    `handed` are readings of some of them by these rules and as of these instants: they need not be read and scored anew.
    """
    definition = _definition(agreement)
    read, found = _read(asked, definition, handed or {}), []
    for person, at in asked.items():
        reading = read[person]
        state = _state(reading, at)
        meets = definition.check(state, at)
        change = None if meets else next_change(definition.tree, state, at)
        last = max((touch.at for touch in reading.touches), default=None)
        found.append(_Met(person, meets, reading.scored.grade, change, last))
    return found


def _read(
    asked: Mapping[int, datetime], definition: _Definition, handed: Mapping[int, Reading]
) -> Mapping[int, Reading]:
    """What is known of each person; handed readings only where they hold every fact that the definition asks about."""
    if not definition.used <= definition.scorer.kinds:
        handed = {}
    left = {person: at for person, at in asked.items() if person not in handed}
    if not left:
        return handed
    kinds = definition.scorer.kinds | definition.used
    return {**handed, **scoring.readings(left, definition.scorer, kinds, ahead=False)}


@lru_cache(maxsize=8)
def _definition(agreement: InForce) -> _Definition:
    document = agreement.document
    tree = document.definition
    return _Definition(tree, compiled(tree.match), kinds_used(tree), Scorer(document.scoring))


def _state(reading: Reading, at: datetime) -> PersonState:
    return PersonState(
        attributes=reading.attributes,
        touches=reading.touches,
        engagement=reading.scored.engagement,
        fit=reading.scored.grade[:1],
        grade=reading.scored.grade,
        decay=reading.scored.decay,
        as_of=at,
        grade_changes_at=reading.scored.next_change_at,
    )


def _watch(found: Iterable[_Met]) -> None:
    """Remember when time alone may change an answer."""
    rows = [(one.person, sql.stamp(one.next_change_at)) for one in found if one.next_change_at]
    if rows:
        sql.write_rows("handovers_watch", ("person_id", "next_change_at"), rows, tail=WATCHED)
