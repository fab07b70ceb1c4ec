"""What a chunk of drafts changed of persons who were there: enough to take it back."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import NamedTuple

from treaty.people.commands.person_rows import Links, Own, Row, Tags

CONSENTS = "consents"
"""Stands among the fields of a person who agreed to something, or took it back."""


class Kept(NamedTuple):
    """What was changed of one person, {field: [before, after]} as JSON holds it, and what was added."""

    person: int
    fields: dict[str, list[object]]
    identities: list[int]
    tags: list[int]
    companies: list[int]


def kept(
    rows: Sequence[Row],
    before: Mapping[int, Mapping[str, object]],
    links: Links,
    tags: Tags,
    work: Set[tuple[int, int]],
    *,
    own: Own,
    agreed: Set[int],
) -> list[Kept]:
    """Of each row, which is not written yet: its fields (`own.<key>` of those the company defined), and the links, tags
    and work that come. Who `agreed` to something has the field CONSENTS; what it was stands in the ledger."""
    linked = grouped((person, identity) for identity, person, *_rest in links.new)
    worn, employed = grouped(tags.new), grouped(work)
    return [
        Kept(
            row.id,
            differing(before[row.id], row.values)
            | own.changed(row.id)
            | ({CONSENTS: [None, None]} if row.id in agreed else {}),
            linked.get(row.id, []),
            worn.get(row.id, []),
            employed.get(row.id, []),
        )
        for row in rows
    ]


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """The fields that differ, each with both values."""
    return {
        name: [plain(value), plain(after[name])] for name, value in before.items() if value != after[name]
    }


def grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """The second of each pair by the first."""
    found: dict[int, list[int]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found


def plain(value: object) -> object:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, datetime) else value
