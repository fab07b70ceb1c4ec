"""Verbs about whose a person is and what the person refused."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction

from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import Fact, about_identity
from treaty.people.commands import bulk
from treaty.people.facts import CallsRefused, ContactAllowed, OwnerAssigned, Unsubscribed
from treaty.people.rules import WAYS
from treaty.staff.commands import audit_all

Differs = Callable[[object], bool]
"""Whether a stored value is not yet what the verb makes it."""


def assign_owner(persons: Collection[int], *, owner: int | None, at: datetime, by: int | None) -> int:
    """Give persons to a member of the staff, or to nobody; how many changed hands."""
    return _record(persons, OwnerAssigned(owner), "owner_id", lambda held: held != owner, at=at, by=by)


def unsubscribe(persons: Collection[int], *, at: datetime, by: int | None, source: str = "") -> int:
    """Persons ask not to be written to; how many had not asked before."""
    return _record(
        persons, Unsubscribed(source), "unsubscribed_at", lambda since: since is None, at=at, by=by
    )


def refuse_calls(persons: Collection[int], *, at: datetime, by: int | None, source: str = "") -> int:
    """Persons ask not to be called; how many had not asked before."""
    return _record(persons, CallsRefused(source), "do_not_call_at", lambda since: since is None, at=at, by=by)


def allow(persons: Collection[int], *, way: str, at: datetime, by: int | None) -> int:
    """Persons may be written to (`mail`) or called (`call`) again; how many had refused."""
    if way not in WAYS:
        raise ValueError(f"There is no way {way!r} to reach a person; there is {' and '.join(WAYS)}.")
    column = "unsubscribed_at" if way == "mail" else "do_not_call_at"
    return _record(persons, ContactAllowed(way), column, lambda since: since is not None, at=at, by=by)


def _record(
    persons: Collection[int], fact: Fact, column: str, differs: Differs, *, at: datetime, by: int | None
) -> int:
    """Record the fact about each person whose column it changes, which re-folds them, and write the audit."""
    with transaction.atomic():
        rows = bulk.rows_of("people_person", ("id", "anchor_id", column), sorted(set(persons)))
        changing = {
            int(str(person)): (int(str(anchor)), value) for person, anchor, value in rows if differs(value)
        }
        if not changing:
            return 0
        record_many(Entry(fact, about_identity(anchor), at, by) for anchor, _ in changing.values())
        if by is not None:
            told = {person: _changes(fact, held) for person, (_anchor, held) in changing.items()}
            audit_all(f"person_{type(fact).__name__}", "person", told, by=by, at=at)
    return len(changing)


def _changes(fact: Fact, held: object) -> dict[str, list[object]]:
    """What the audit says of one person: whose it was before, or what was told."""
    if isinstance(fact, OwnerAssigned):
        return {"owner_id": [held, fact.owner]}
    return {"fact": [None, repr(fact)]}
