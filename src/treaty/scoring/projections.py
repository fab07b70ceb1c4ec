"""Scores folded from attributes and histories, many persons at once; a rebuild is the same code in a loop."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from treaty.kit import sql
from treaty.ledger.facts import SubjectKind
from treaty.ledger.listeners import whole_histories
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.people.facts import (
    CallsRefused,
    ContactAllowed,
    OwnerAssigned,
    PersonsMerged,
    PersonsSplit,
    StageEntered,
    Unsubscribed,
)
from treaty.people.queries import Known
from treaty.scoring import queries
from treaty.scoring.models import Score
from treaty.scoring.queries import Model, Reading, ScoreRow
from treaty.scoring.rules import Scored
from treaty.segments import commands as segments
from treaty.segments.rules import Touch

AT_ONCE = 5_000
"""Persons scored in one go: bounds the memory that their histories take."""

COLUMNS = (
    "person_id",
    "fit",
    "engagement",
    "grade",
    "reasons",
    "decay",
    "computed_at",
    "next_change_at",
)
UPSERT = "ON CONFLICT (person_id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in COLUMNS[1:]
)

written = msgspec.json.Encoder().encode

ONLY_FOR = {
    StageEntered.__name__: {"stage"},
    OwnerAssigned.__name__: {"owner"},
    Unsubscribed.__name__: {"unsubscribed"},
    CallsRefused.__name__: {"do_not_call"},
    ContactAllowed.__name__: {"unsubscribed", "do_not_call"},
}
"""Facts about persons that change the named attributes and no others; every other one changes any."""


def refold(person_ids: Collection[int], at: datetime) -> None:
    """Score persons anew as of `at`, set at once; segments ask them again. Nobody has a score before the first model."""
    segments.touch(person_ids)
    adopted = queries.model()
    if adopted is not None:
        _refold(adopted, person_ids, at)


def refold_listener(batch: Sequence[Recorded]) -> None:
    """Score the persons again whom a batch of facts may have changed; who listens next finds what was read of them."""
    holders = people.holders(batch)
    adopted = queries.model() if holders else None
    if adopted is None:
        return
    heard = [line for line in batch if line.about.id in holders and _matters(line, adopted)]
    if heard:
        at = max(line.recorded_at for line in heard)
        handed = queries.handed(batch)
        known = people.known_behind(batch) if len(batch) <= sql.FEW else None
        whole = whole_histories(batch)
        touches = None if whole is None else queries.touches_in(whole, holders, adopted.kinds)
        handed.readings = _refold(adopted, {holders[line.about.id] for line in heard}, at, known, touches)
        handed.scorer, handed.at = adopted.scorer, at


def company_listener(batch: Sequence[Recorded]) -> None:
    """Score the persons again whose company was changed."""
    companies = {line.about.id for line in batch if line.about.kind is SubjectKind.COMPANY}
    if companies and queries.model() is not None:
        refold(people.persons_at(companies), max(line.recorded_at for line in batch))


def merge_listener(batch: Sequence[Recorded]) -> None:
    """Score anew whose history grew or shrank because persons were merged or split; who was merged has no score."""
    facts = [line.fact for line in batch]
    merged = [fact.merged for fact in facts if isinstance(fact, PersonsMerged)]
    Score.objects.filter(person__in=merged).delete()
    survivors = [fact.survivor for fact in facts if isinstance(fact, PersonsMerged)]
    split = [
        person for fact in facts if isinstance(fact, PersonsSplit) for person in (fact.person, fact.other)
    ]
    refold({*survivors, *split}, max(line.recorded_at for line in batch))


def rebuild(*, check: bool, at: datetime) -> int:
    """Fold every score again and return how many differed; with `check` nothing is written.

    A score is compared as of the instant it was computed at. A person without one counts as a difference.
    """
    adopted, differences, after = queries.model(), 0, 0
    if adopted is None:
        return 0
    while persons := people.person_ids(after=after, limit=AT_ONCE):
        after = persons[-1]
        kept = queries.scores(persons)
        instants = {person: kept[person].computed_at if person in kept else at for person in persons}
        again = queries.readings(instants, adopted.scorer, adopted.kinds)
        wrong = [person for person in persons if not _same(kept.get(person), again[person].scored)]
        differences += len(wrong)
        if wrong and not check:
            refold(wrong, at)
    return differences


def _matters(line: Recorded, adopted: Model) -> bool:
    """Whether a fact can change a score: it brings points, or it changes attributes that do."""
    if line.about.kind is not SubjectKind.IDENTITY:
        return False
    if line.kind in adopted.kinds:
        return True
    if type(line.fact).__module__ != StageEntered.__module__:
        return False
    only = ONLY_FOR.get(line.kind)
    return only is None or bool(only & adopted.scorer.attributes)


def _refold(
    adopted: Model,
    person_ids: Collection[int],
    at: datetime,
    known: Mapping[int, Known] | None = None,
    touches: Mapping[int, list[Touch]] | None = None,
) -> dict[int, Reading]:
    """Score persons as of an instant; what was read of each. Who they are, and their touches, may be known of all."""
    ordered, found = sorted(person_ids), dict[int, Reading]()
    for start in range(0, len(ordered), AT_ONCE):
        chunk = dict.fromkeys(ordered[start : start + AT_ONCE], at)
        read = queries.readings(chunk, adopted.scorer, adopted.kinds, known=known, touches=touches)
        with transaction.atomic(savepoint=False), sql.at_once():
            sql.write_rows("scoring_score", COLUMNS, _rows(read, sql.written(at)), tail=UPSERT)
        found |= read
    return found


def _rows(read: Mapping[int, Reading], computed: object) -> Iterable[tuple[object, ...]]:
    for person, one in ((person, reading.scored) for person, reading in read.items()):
        reasons = [(reason.points, reason.code, reason.values) for reason in one.reasons]
        change = None if one.next_change_at is None else sql.written(one.next_change_at)
        yield (
            person,
            one.fit,
            one.engagement,
            one.grade,
            written(reasons).decode(),
            written(one.decay).decode(),
            computed,
            change,
        )


def _same(kept: ScoreRow | None, again: Scored) -> bool:
    return (
        kept is not None
        and (kept.grade, kept.fit, kept.next_change_at) == (again.grade, again.fit, again.next_change_at)
        and math.isclose(kept.engagement, again.engagement, rel_tol=1e-9, abs_tol=1e-9)
    )
