"""What sentences call what predicates ask for: segments, fields of one's own with their choices, and records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from treaty.fields.queries import FieldRow, all_fields
from treaty.fields.queries import names as records
from treaty.fields.rules import LINKED, Kind
from treaty.segments.queries.segments import names
from treaty.segments.rules import Attribute, Predicate
from treaty.segments.rules.matching import nodes
from treaty.segments.rules.predicate import LARGEST, OWN
from treaty.staff.queries import user_names

OWNER, COMPANY = "owner", "company"
"""Attributes of every person that hold a number."""


def words(trees: Iterable[Predicate], user: Any) -> dict[int | str, str]:
    """The words for some trees: segments by number, own fields by path, choices and records by `path=key`.

    A record that `user` does not see is called by its number; None sees all.
    """
    return words_of(names(), (row for row in all_fields() if row.record == "person"), trees, user)


def words_of(
    segments: Mapping[int, str], fields: Iterable[FieldRow], trees: Iterable[Predicate], user: Any
) -> dict[int | str, str]:
    """The same of segments and fields that were read already."""
    rows = list(fields)
    found: dict[int | str, str] = {number: name for number, name in segments.items()}  # noqa: C416  wider keys
    for row in rows:
        path = f"{OWN}{row.key}"
        found[path] = row.name
        found |= {f"{path}={option.key}": option.name for option in row.options}
    return found | _records(rows, trees, user)


def _records(fields: Iterable[FieldRow], trees: Iterable[Predicate], user: Any) -> dict[str, str]:
    """What the records are called that the trees name by their numbers."""
    kinds = {f"{OWN}{row.key}": row.kind for row in fields if row.kind in LINKED} | {COMPANY: Kind.COMPANY}
    asked = _numbers(trees, {*kinds, OWNER})
    ids: dict[Kind, set[int]] = defaultdict(set)
    for path, numbers in asked.items():
        if path != OWNER:
            ids[kinds[path]] |= numbers
    known, owners = records(user, ids), user_names(asked.get(OWNER, ()))
    called = {(kinds.get(path), one): f"#{one}" for path, numbers in asked.items() for one in numbers}
    called |= {key: one.name for key, one in known.items()}
    called |= {(None, one): name for one, name in owners.items()}
    return {
        f"{path}={one}": called[kinds.get(path), one] for path, numbers in asked.items() for one in numbers
    }


def _numbers(trees: Iterable[Predicate], paths: set[str]) -> dict[str, set[int]]:
    """The numbers that the trees ask for in some attributes."""
    asked: dict[str, set[int]] = defaultdict(set)
    for tree in trees:
        for node in nodes(tree.match):
            if isinstance(node, Attribute) and node.attribute in paths:
                options = node.in_ if node.in_ is not None else (node.is_,)
                digits = [str(one) for one in options if str(one).isdecimal()]
                asked[node.attribute] |= {number for number in map(int, digits) if number <= LARGEST}
    return asked
