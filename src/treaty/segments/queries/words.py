"""What sentences call what predicates ask for: segments, fields of one's own with their choices, and records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from treaty.fields.queries import FieldRow, all_fields
from treaty.fields.queries import names as records
from treaty.fields.rules import LINKED, Kind
from treaty.segments.queries.segments import names
from treaty.segments.rules import Attribute, Deal, Predicate
from treaty.segments.rules.matching import nodes
from treaty.segments.rules.plain import DEAL
from treaty.segments.rules.predicate import LARGEST, OF_COMPANY, OWN
from treaty.staff.queries import user_names

OWNERS, COMPANY = ("owner", f"{DEAL}owner"), "company"
"""Attributes of every person or deal that hold a number."""
PATHS = {"person": OWN, "company": OF_COMPANY, "deal": f"{DEAL}{OWN}"}
"""With what the paths of fields begin, by the record whose they are."""


def path_of(row: FieldRow) -> str:
    """The path by which a field of one's own is asked for; of a deal it begins with DEAL."""
    return f"{PATHS[row.record]}{row.key}"


def words(trees: Iterable[Predicate], user: Any) -> dict[int | str, str]:
    """The names for some trees, as people gave them, so in no language of ours: segments by number, own fields by path,
    choices and records by `path=key`.

    A record that `user` does not see is called by its number; None sees all.
    """
    return words_of(names(), all_fields(), trees, user)


def words_of(
    segments: Mapping[int, str], fields: Iterable[FieldRow], trees: Iterable[Predicate], user: Any
) -> dict[int | str, str]:
    """The same of segments and fields that were read already."""
    rows = list(fields)
    found: dict[int | str, str] = {number: name for number, name in segments.items()}  # noqa: C416  wider keys
    for row in rows:
        path = path_of(row)
        found[path] = row.name
        found |= {f"{path}={option.key}": option.name for option in row.options}
    return found | _records(rows, trees, user)


def _records(fields: Iterable[FieldRow], trees: Iterable[Predicate], user: Any) -> dict[str, str]:
    """What the records are called that the trees name by their numbers."""
    kinds = {path_of(row): row.kind for row in fields if row.kind in LINKED} | {COMPANY: Kind.COMPANY}
    asked = _numbers(trees, {*kinds, *OWNERS})
    ids: dict[Kind, set[int]] = defaultdict(set)
    for path, numbers in asked.items():
        if path not in OWNERS:
            ids[kinds[path]] |= numbers
    staff = {one for path in OWNERS for one in asked.get(path, ())}
    known, owners = records(user, ids), user_names(staff)
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
        for path, node in _asked(tree):
            if path in paths:
                options = node.in_ if node.in_ is not None else (node.is_,)
                digits = [str(one) for one in options if str(one).isdecimal()]
                asked[path] |= {number for number in map(int, digits) if number <= LARGEST}
    return asked


def _asked(tree: Predicate) -> Iterator[tuple[str, Attribute]]:
    """What a tree asks for by attributes, each with its path."""
    for node in nodes(tree.match):
        if isinstance(node, Attribute):
            yield node.attribute, node
        if isinstance(node, Deal):
            yield from (
                (f"{DEAL}{part.attribute}", part) for part in node.deal if isinstance(part, Attribute)
            )
