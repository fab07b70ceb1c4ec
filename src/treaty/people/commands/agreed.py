"""Re-folds to what persons agreed from their histories: a row for each purpose that somebody ever told of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.queries import Recorded, histories
from treaty.people.facts import ConsentGiven, ConsentWithdrawn, ImportUndone, PersonForgotten
from treaty.people.models import Consent
from treaty.people.queries import changed, holders, identities_of
from treaty.people.rules import Agreed, standing

KINDS = tuple(kind.__name__ for kind in (ConsentGiven, ConsentWithdrawn, ImportUndone, PersonForgotten))
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
    named = identities_of(persons)
    lines = histories([identity for held in named.values() for identity in held], kinds=KINDS)
    mine: dict[int, list[Recorded]] = defaultdict(list)
    for person, held in named.items():
        for identity in held:
            mine[person] += lines.get(identity, ())
    rows = [
        (person, one.purpose, one.version, one.is_given, sql.written(one.at), one.how, one.place, one.line)
        for person, history in mine.items()
        for one in agreed(history).values()
    ]
    among(Consent, "person_id", persons).delete()
    sql.write_rows("people_consent", COLUMNS, rows)


def refold_consents_listener(batch: Sequence[Recorded]) -> None:
    """Re-fold the persons a batch of facts is about, so that whoever listens next reads what they agreed to."""
    refold_consents(set(holders(batch).values()))
    changed(batch)
