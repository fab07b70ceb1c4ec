"""Verbs about the lifecycle: persons enter stages, by hand or because a fact led there."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from treaty.kit import sql
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import SubjectKind, about_identity
from treaty.ledger.listeners import Listener
from treaty.ledger.queries import Recorded
from treaty.people.commands import bulk
from treaty.people.facts import StageEntered
from treaty.people.queries import changed, holders, known_behind
from treaty.people.rules import Back, Stage, moves

PersonsOf = Callable[[Sequence[Recorded]], Mapping[int, int]]
"""Gives the person of each touchpoint of a batch, by the touchpoint's id; those about nobody are left out."""


def enter_stage(
    persons: Collection[int],
    stage: Stage,
    *,
    at: datetime,
    cause: str,
    by: int | None = None,
    back: Back | bool = Back.NEVER,
) -> int:
    """Persons enter a stage; how many moved. `cause` is the kind of fact that led there, empty where somebody said so.

    Forward only, unless `back`; who is a customer becomes less only where the win is undone (Back.UNDOING).
    """
    entries = [(person, at, by, None) for person in dict.fromkeys(persons)]
    with transaction.atomic(savepoint=False):
        facts, moved = _steps(entries, _standing(persons), stage, cause=cause, back=back)
        record_many(facts)  # its listener folds the persons anew
    return moved


def stage_listener(stage: Stage, *, back: bool = False, persons: PersonsOf | None = None) -> Listener:
    """A listener that lets the persons of a batch enter a stage, each at the time of its fact.

    `persons` says whose a touchpoint is where it is about something else than an identity, such as a deal.
    """

    def listen(batch: Sequence[Recorded]) -> None:
        found = (persons or _persons_behind)(batch)
        entries = [
            (found[line.id], line.occurred_at, line.by, line.batch) for line in batch if line.id in found
        ]
        now = _standing(set(found.values()), batch)
        facts, _ = _steps(entries, now, stage, cause=batch[0].kind, back=back)
        if facts:
            record_many(facts)
            changed(batch)

    return listen


def _persons_behind(batch: Sequence[Recorded]) -> dict[int, int]:
    found = holders(batch)
    return {
        line.id: found[line.about.id]
        for line in batch
        if line.about.kind is SubjectKind.IDENTITY and line.about.id in found
    }


def _steps(
    entries: Sequence[tuple[int, datetime, int | None, int | None]],
    now: dict[int, tuple[int, Stage, datetime]],
    stage: Stage,
    *,
    cause: str,
    back: Back | bool,
) -> tuple[list[Entry], int]:
    """The facts of (person, at, by, batch) that move the person, or come late and may complete the history; how many move.

    What a batch told that was taken back is told again by another one, at the same time.
    """
    facts, moved = [], 0
    for person, at, by, batch in sorted(entries, key=lambda entry: entry[1]):
        anchor, stands, since = now[person]
        steps = moves(stands, stage, back=back)
        if not steps and (at >= since or stands == stage):
            continue
        key = f"stage:{anchor}:{stage.value}:{at.isoformat()}{'' if batch is None else f':{batch}'}"
        fact = StageEntered(stage.value, cause, back=bool(back), undoes=back == Back.UNDOING)
        facts.append(Entry(fact, about_identity(anchor), at, by, key))
        if steps:
            now[person] = (anchor, stage, at)
            moved += 1
    return facts, moved


def _standing(
    persons: Collection[int], batch: Sequence[Recorded] = ()
) -> dict[int, tuple[int, Stage, datetime]]:
    """Anchor, stage and since when, of each person; of few behind a batch as all who hear it know them."""
    if 0 < len(batch) <= sql.FEW:
        behind = known_behind(batch)
        if behind.keys() >= set(persons):
            found = {person: behind[person] for person in persons}
            return {person: (one.anchor, Stage(one.stage), one.stage_since) for person, one in found.items()}
    rows = bulk.rows_of("people_person", ("id", "anchor_id", "stage", "stage_since"), persons)
    return {
        int(str(person)): (int(str(anchor)), Stage(str(stage)), sql.moment(since))
        for person, anchor, stage, since in rows
    }
