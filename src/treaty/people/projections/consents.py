"""Re-folds to what persons agreed from their histories: a row for each purpose that somebody ever told of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.queries import Recorded, histories, lines_of_kinds
from treaty.people.facts import ConsentGiven, ConsentWithdrawn, ImportUndone, PersonForgotten
from treaty.people.models import Consent
from treaty.people.queries import changed, holders, identities_of, persons_of
from treaty.people.rules import Agreed, standing

TOLD = (ConsentGiven.__name__, ConsentWithdrawn.__name__)
KINDS = (*TOLD, ImportUndone.__name__, PersonForgotten.__name__)
CHUNK = 5_000
COLUMNS = ("person_id", "purpose_id", "version", "is_given", "at", "how", "place", "line")


def agreed(history: Iterable[Recorded]) -> dict[int, Agreed]:
    """How a person stands to each purpose; what an undone import told is passed over, a forgotten person to none."""
    lines = list(history)
    if any(isinstance(line.fact, PersonForgotten) for line in lines):
        return {}
    undone = {line.fact.batch for line in lines if isinstance(line.fact, ImportUndone)}
    return standing(
        Agreed(
            line.occurred_at,
            line.id,
            line.fact.purpose,
            line.fact.version,
            isinstance(line.fact, ConsentGiven),
            line.fact.how,
            line.fact.place,
        )
        for line in lines
        if isinstance(line.fact, ConsentGiven | ConsentWithdrawn)
        and (line.batch is None or line.batch not in undone)
    )


def refold_consents(persons: Collection[int]) -> None:
    """Fold the consents of persons anew."""
    rows = _folded(persons)
    among(Consent, "person_id", persons).delete()
    sql.write_rows("people_consent", COLUMNS, rows)


def rebuild_consents(*, check: bool) -> int:
    """Fold everybody anew who ever told; of how many persons the rows differed. With `check` nothing is written."""
    differing: list[int] = []
    persons = sorted(_told_by())
    for start in range(0, len(persons), CHUNK):
        chunk = persons[start : start + CHUNK]
        kept = among(Consent, "person_id", chunk).values_list(*COLUMNS)
        stored = {(*row[:4], sql.written(row[4]), *row[5:]) for row in kept}
        differing += sorted({int(str(row[0])) for row in stored ^ set(_folded(chunk))})
    if differing and not check:
        refold_consents(differing)
    return len(differing)


def _told_by() -> set[int]:
    """Who has a row, or ever told of a purpose."""
    found, last = set(Consent.objects.values_list("person_id", flat=True)), 0
    while lines := lines_of_kinds(TOLD, after=last):
        found |= set(persons_of({line.about.id for line in lines}).values())
        last = lines[-1].id
    return found


def _folded(persons: Collection[int]) -> list[tuple[object, ...]]:
    """The rows of persons as their histories have them, in the order of COLUMNS."""
    named = identities_of(persons)
    lines = histories([identity for held in named.values() for identity in held], kinds=KINDS)
    mine: dict[int, list[Recorded]] = defaultdict(list)
    for person, held in named.items():
        for identity in held:
            mine[person] += lines.get(identity, ())
    return [
        (person, one.purpose, one.version, one.is_given, sql.written(one.at), one.how, one.place, one.line)
        for person, history in mine.items()
        for one in agreed(history).values()
    ]


def refold_consents_listener(batch: Sequence[Recorded]) -> None:
    """Re-fold the persons a batch of facts is about, so that whoever listens next reads what they agreed to."""
    refold_consents(set(holders(batch).values()))
    changed(batch)
