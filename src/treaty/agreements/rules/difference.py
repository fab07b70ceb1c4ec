"""How two agreements differ, clause by clause."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from treaty.agreements.rules.clauses import Clause, clauses
from treaty.agreements.rules.document import Document

FAMILIES = {
    "revenue": "goals",
    "customers": "goals",
    "volume_alone": "volume",
    "accept_all": "accept",
}
"""Clauses that say the same thing in another sentence."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a clause before and after; None where the clause, line or value is not there.

    `key` names the value; `line` the row of a clause that lists something.
    """

    number: str
    side: str
    code: str
    key: str
    before: Clause | None
    after: Clause | None
    line: str = ""


def diff(before: Document, after: Document) -> tuple[Change, ...]:
    """What changed from one document to the other, in the order of the clauses; empty for equal ones."""
    return tuple(change for old, new in _paired(before, after) for change in _changes(old, new))


def _paired(before: Document, after: Document) -> Iterator[tuple[Clause | None, Clause | None]]:
    """Clauses of the same family, in their order within it."""
    old, new = _by_family(before), _by_family(after)
    for family in dict.fromkeys([*new, *old]):
        yield from zip_longest(old.get(family, []), new.get(family, []))


def _by_family(document: Document) -> dict[str, list[Clause]]:
    found: dict[str, list[Clause]] = {}
    for clause in clauses(document):
        found.setdefault(FAMILIES.get(clause.code, clause.code), []).append(clause)
    return found


def _changes(old: Clause | None, new: Clause | None) -> Iterator[Change]:
    there = new or old
    if there is None:
        return
    code = FAMILIES.get(there.code, there.code)
    if old is None or new is None:
        yield Change(there.number, there.side, code, "", old, new)
        return
    for key in dict.fromkeys([*old.values, *new.values]):
        if old.values.get(key) != new.values.get(key):
            yield Change(there.number, there.side, code, key, old, new)
    was, now = dict(old.lines), dict(new.lines)
    for line in dict.fromkeys([*was, *now]):
        if was.get(line) != now.get(line):
            yield Change(there.number, there.side, code, "line", old, new, line)
