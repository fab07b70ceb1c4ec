"""The last touches of many persons, each as a line that its own noun words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from treaty.handovers.facts import LeadReturned
from treaty.handovers.wording import touch_moment
from treaty.kit.nouns import offered
from treaty.ledger import queries as ledger
from treaty.ledger.facts import KINDS
from treaty.ledger.queries import Recorded
from treaty.people import queries as people


@dataclass(frozen=True, slots=True)
class TouchLine:
    """One touch: whose side, when in words and as an instant, and what happened."""

    side: str
    when: str
    at: datetime
    text: str


BY_FACT = frozenset({"capture"})
"""Nouns that word a fact without its line."""


def words_of(line: Recorded) -> str:
    """What a touchpoint says in a timeline, by the noun that knows it; its kind where none does."""
    for noun, told in offered("wording", "told"):
        text = told(line.fact if noun in BY_FACT else line)
        if text:
            return str(text)
    return line.kind


def last_touches(persons: Collection[int], count: int, now: datetime) -> dict[int, list[TouchLine]]:
    """The newest touches of each person, newest first; two questions however many persons."""
    identities = people.identities_of(persons)
    kinds = {name for name, kind in KINDS.items() if kind.is_touch} | {LeadReturned.__name__}
    histories = ledger.newest_of_each([one for held in identities.values() for one in held], kinds, count)
    found = {}
    for person in persons:
        lines = [line for one in identities.get(person, ()) for line in histories.get(one, ())]
        lines.sort(key=lambda line: (line.occurred_at, line.id), reverse=True)
        found[person] = [
            TouchLine(
                str(type(line.fact).side),
                touch_moment(line.occurred_at, now),
                line.occurred_at,
                words_of(line),
            )
            for line in lines[:count]
        ]
    return found
