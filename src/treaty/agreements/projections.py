"""The standing verdicts, folded from the verdict facts in the order they were recorded; the last one stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from treaty.agreements.facts import PromiseBroken, PromiseExcused, PromiseKept, Verdict
from treaty.agreements.models import VerdictRow
from treaty.ledger.queries import Recorded, lines_of_kinds

WORDS = {PromiseKept: "kept", PromiseBroken: "broken", PromiseExcused: "excused"}
KINDS = tuple(kind.__name__ for kind in WORDS)
COMPARED = ("version_id", "side", "verdict", "due_at", "cause", "recorded_at", "revision")
AT_ONCE = 20_000

Key = tuple[str, str, int | None]
"""What a verdict is about, the clause, and whose act was awaited."""


def verdict_listener(batch: Sequence[Recorded]) -> None:
    """Let the verdicts of a batch stand, with one reading and at most two writings."""
    lines = [line for line in batch if isinstance(line.fact, Verdict)]
    if not lines:
        return
    kept = _kept({line.fact.about for line in lines if isinstance(line.fact, Verdict)})
    standing = dict(kept)
    _fold(lines, standing)
    touched = {_key(line.fact) for line in lines if isinstance(line.fact, Verdict)}
    VerdictRow.objects.bulk_create([standing[key] for key in touched if key not in kept], batch_size=1000)
    changed = [standing[key] for key in touched if key in kept]
    VerdictRow.objects.bulk_update(changed, COMPARED, batch_size=200)


def rebuild(*, check: bool, at: datetime) -> int:
    """Fold all verdict facts again; returns how many rows differed. With `check` nothing is written."""
    folded = fold_all()
    kept = {(row.about, row.clause, row.user_id): row for row in VerdictRow.objects.all()}
    wrong = [key for key in {*folded, *kept} if _values(folded.get(key)) != _values(kept.get(key))]
    if wrong and not check:
        VerdictRow.objects.filter(pk__in=[kept[key].pk for key in wrong if key in kept]).delete()
        VerdictRow.objects.bulk_create([folded[key] for key in wrong if key in folded], batch_size=1000)
    return len(wrong)


def fold_all() -> dict[Key, VerdictRow]:
    """Every standing verdict, from the facts alone."""
    standing: dict[Key, VerdictRow] = {}
    after = 0
    while lines := lines_of_kinds(KINDS, after=after, limit=AT_ONCE):
        _fold(lines, standing)
        after = lines[-1].id
    return standing


def _fold(lines: Iterable[Recorded], standing: dict[Key, VerdictRow]) -> None:
    for line in lines:
        fact = line.fact
        if not isinstance(fact, Verdict):
            continue
        key = _key(fact)
        before = standing.get(key)
        row = VerdictRow(
            pk=before.pk if before else None,
            version_id=fact.version,
            clause=fact.clause,
            side=fact.obliged,
            about=fact.about,
            verdict=WORDS[type(fact)],
            due_at=datetime.fromisoformat(fact.due_at),
            user_id=fact.user,
            cause=fact.cause,
            recorded_at=line.recorded_at,
            revision=before.revision + 1 if before else 0,
        )
        standing[key] = row


def _kept(abouts: Iterable[str]) -> dict[Key, VerdictRow]:
    rows = VerdictRow.objects.filter(about__in=abouts)
    return {(row.about, row.clause, row.user_id): row for row in rows}


def _key(fact: Verdict) -> Key:
    return (fact.about, fact.clause, fact.user)


def _values(row: VerdictRow | None) -> tuple[object, ...] | None:
    return None if row is None else tuple(getattr(row, name) for name in COMPARED)
