"""Which columns of a table are who, when and what, and the events that they make. Imported where a verb runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.rules import Events, arranged
from treaty.kit.rules.refusals import Refused
from treaty.kit.tabular import Table

PERSON = ("person", "person_id", "customer_id", "customer", "user_id", "user")
TIME = ("time", "at", "date", "timestamp", "occurred_at")
EVENT = ("event", "kind", "activity", "name")


@dataclass(frozen=True, kw_only=True)
class ColumnsAsked:
    """Which columns hold who, when, what, and which of equal times comes first; None: the usual names."""

    person: str | None = None
    time: str | None = None
    event: str | None = None
    id_: str | None = None


@dataclass(frozen=True)
class Told:
    """The events of a table, and what its numbers stand for."""

    events: Events
    persons: list[str]
    kinds: list[str]

    def names(self, places: NDArray[np.int64]) -> list[str]:
        """Persons by their names."""
        return [self.persons[number] for number in self.events.who[places]]

    def kind(self, name: str) -> int:
        """The number of a kind of event. Raises Refused: no_event."""
        if name not in self.kinds:
            near = get_close_matches(name, self.kinds, 5) or self.kinds[:20]
            raise Refused("no_event", f'No event is called "{name}"; there is {", ".join(map(repr, near))}.')
        return self.kinds.index(name)


def events_of(table: Table, asked: ColumnsAsked, *, needs_event: bool) -> Told:
    """The events of a table; without a column of events all are of one kind. Raises Refused: empty_cell, no_column."""
    persons, names = table.codes(_column(table, asked.person, PERSON), needed=True)
    times = table.times(_column(table, asked.time, TIME), needed=True).astype(np.int64)
    kinds, called = np.zeros(table.rows, np.int64), [""]
    if needs_event or asked.event is not None:
        kinds, called = table.codes(_column(table, asked.event, EVENT))
    ids = None if asked.id_ is None else table.ranks(asked.id_)
    return Told(arranged(persons, times, kinds, ids), names, called)


def _column(table: Table, asked: str | None, usual: Sequence[str]) -> str:
    """The column asked for, else the first usual one that is there; if none is, its refusal names what is there."""
    return asked or next((name for name in usual if name in table.names), usual[0])
