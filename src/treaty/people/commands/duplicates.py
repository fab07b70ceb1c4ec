"""Verbs of finding duplicates: look at whoever came or changed, and say what a pair of persons is."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, product

from django.db import connection, transaction

from treaty.kit import sql
from treaty.people.commands import bulk
from treaty.people.models import Candidate, DuplicateBlock, Person, Unscanned
from treaty.people.queries.duplicates import partners, traits_of, unscanned
from treaty.people.rules.duplicates import (
    MOST,
    PROBABLE,
    Evidence,
    Traits,
    blocks,
    name_block,
    number,
    weigh,
)
from treaty.staff.commands import audit

AT_ONCE = 5_000
"""Changes looked at in one step: what is written at its end keeps other writers waiting for a blink only."""
REMEMBERED = 200_000
"""Persons whose traits one scan keeps in mind, so that partners are read once."""
DECISIONS = ("open", "later", "apart")
BY_HAND = 0.0
"""The weight of a pair that somebody named: what a scan shows weighs more."""
Pair = tuple[int, int]


@dataclass(slots=True)
class Scan:
    """One scan, step by step; each step is kept by itself, so a killed scan goes on where it stood."""

    remembered: dict[int, Traits] = field(default_factory=dict)
    found: int = 0
    """Pairs shown so far."""

    def step(self, *, at: datetime, limit: int = AT_ONCE) -> int:
        """Look at the next ones who came or changed; how many changes that were, 0 when nobody waits."""
        rows = unscanned(limit)
        if not rows:
            return 0
        traits = traits_of({person for _row, person in rows})
        if len(self.remembered) > REMEMBERED:
            self.remembered.clear()
        self.remembered |= traits
        step = _Step(traits)
        pairs = self._weighed(step)
        with transaction.atomic():
            bulk.alone()
            _write_blocks({person for _row, person in rows}, step)
            self.found += _write_candidates(traits.keys(), pairs, at)
            _forget_waiting([row for row, _person in rows])
        return len(rows)

    def _weighed(self, step: "_Step") -> dict[Pair, Evidence]:
        pairs = step.pairs()
        missing = {person for pair in pairs for person in pair} - self.remembered.keys()
        for start in range(0, len(wanted := sorted(missing)), AT_ONCE):
            self.remembered |= traits_of(wanted[start : start + AT_ONCE])
        found = {}
        for one, other in pairs:
            first, second = self.remembered.get(one), self.remembered.get(other)
            if first is None or second is None or weigh(first, second).bits < PROBABLE:
                continue
            # Only now, because few come so far, how common their name is.
            evidence = weigh(first, second, bearers=step.bearers(one, other))
            if evidence.bits >= PROBABLE:
                found[one, other] = evidence
        return found


class _Step:
    """The blocks of those looked at, with who else stands in them."""

    def __init__(self, traits: Mapping[int, Traits]) -> None:
        self.inside: dict[int, list[int]] = defaultdict(list)
        self.names = {
            person: [number(name_block(form)) for form in one.names] for person, one in traits.items()
        }
        for person in sorted(traits):
            for block in blocks(traits[person]):
                self.inside[number(block)].append(person)
        self.outside: dict[int, list[int]] = defaultdict(list)
        for block_number, person in partners(self.inside):
            if person not in traits:
                self.outside[block_number].append(person)

    def pairs(self) -> set[Pair]:
        """All who share a block that is not too full, each pair once, the lower id first."""
        found: set[Pair] = set()
        for block_number, inside in self.inside.items():
            outside = self.outside.get(block_number, ())
            if len(inside) + len(outside) > MOST:
                continue
            found.update(combinations(inside, 2))
            found.update((a, b) if a < b else (b, a) for a, b in product(inside, outside))
        return found

    def bearers(self, one: int, other: int) -> int:
        """How many are called as one of the two, as far as blocks count."""
        numbers = self.names.get(one) or self.names.get(other) or ()
        return max(
            (len(self.inside.get(name, ())) + len(self.outside.get(name, ())) for name in numbers), default=0
        )

    def rows(self) -> Iterable[tuple[int, int]]:
        """(number, person) to keep: one more than are compared, so that a full block is known as full."""
        for block_number, inside in self.inside.items():
            room = max(MOST + 1 - len(self.outside.get(block_number, ())), 0)
            yield from ((block_number, person) for person in inside[:room])


def decide(candidate: int, *, state: str, at: datetime, by: int | None) -> None:
    """A pair is looked at `later`, is `apart` (two persons, for good), or `open` again."""
    if state not in DECISIONS:
        raise ValueError(f"A pair cannot be {state!r}; it is {', '.join(DECISIONS)}.")
    with transaction.atomic():
        row = Candidate.objects.get(pk=candidate)
        Candidate.objects.filter(pk=candidate).update(state=state, decided_at=at, by=by)
        changes: dict[str, list[object]] = {"state": [row.state, state], "other": [None, row.other_id]}
        audit("duplicate_judged", about=("person", row.one_id), changes=changes, by=by, at=at)


def propose_pair(one: int, other: int, *, at: datetime) -> int:
    """Somebody asks whether two persons are one; their pair, which a scan does not drop until it is decided."""
    low, high = sorted((one, other))
    if low == high:
        raise ValueError("A person and itself are no pair.")
    row, _is_new = Candidate.objects.get_or_create(
        one_id=low, other_id=high, defaults={"bits": BY_HAND, "found_at": at}
    )
    return row.pk


def _write_blocks(persons: Collection[int], step: _Step) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {DuplicateBlock._meta.db_table} WHERE {sql.one_of('person_id')}",
            [sql.listed(sorted(persons))],
        )
    sql.write_rows(DuplicateBlock._meta.db_table, ("number", "person_id"), step.rows())


def _write_candidates(looked_at: Collection[int], pairs: Mapping[Pair, Evidence], at: datetime) -> int:
    """Keep what was found of those looked at, and drop what is found no more; what was decided stays decided."""
    there = _there({person for pair in pairs for person in pair})
    kept = {pair: evidence for pair, evidence in pairs.items() if there.issuperset(pair)}
    listed = sql.listed(sorted(looked_at))
    found = Candidate.objects.exclude(state="apart").exclude(bits=BY_HAND)
    stale = found.extra(  # noqa: S610  the condition is ours, its values are parameters
        where=[f"({sql.one_of('one_id')} OR {sql.one_of('other_id')})"], params=[listed, listed]
    )
    gone = [
        pk for pk, one, other in stale.values_list("pk", "one_id", "other_id") if (one, other) not in kept
    ]
    Candidate.objects.filter(pk__in=gone).delete()
    columns = ("one_id", "other_id", "bits", "reasons", "state", "found_at")
    rows = ((*pair, evidence.bits, _told(evidence), "open", sql.stamp(at)) for pair, evidence in kept.items())
    tail = "ON CONFLICT (one_id, other_id) DO UPDATE SET bits = excluded.bits, reasons = excluded.reasons"
    if kept:
        sql.write_rows(Candidate._meta.db_table, columns, rows, tail=tail)
    return len(kept)


def _told(evidence: Evidence) -> str:
    return json.dumps([[reason.field, reason.level, reason.bits] for reason in evidence.reasons])


def _there(persons: Collection[int]) -> set[int]:
    """Those of some persons who are still there: somebody may have been merged meanwhile."""
    return {int(str(row[0])) for row in bulk.rows_of(Person._meta.db_table, ("id",), sorted(persons))}


def _forget_waiting(rows: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {Unscanned._meta.db_table} WHERE {sql.one_of('id')}", [sql.listed(sorted(rows))]
        )
