"""What predicates see of persons. Scores and deals lie on shelves above, so whoever reads them registers here."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from treaty.segments.rules import PersonState, Predicate, asks_for_deals, attributes_used, spans

NOTHING: Mapping[str, datetime] = {}


class StatesOf(Protocol):
    """Reads the states of persons: those `kinds` of facts of theirs, of some kinds only what came `after` an instant, and
    of attributes those with some `names`."""

    def __call__(
        self,
        person_ids: Collection[int],
        at: datetime,
        kinds: Collection[str],
        *,
        after: Mapping[str, datetime] = NOTHING,
        names: Collection[str] | None = None,
    ) -> Mapping[int, PersonState]: ...


Scored = Callable[[datetime], Mapping[int, PersonState]]
"""Everybody who has a score, by the score alone."""

DealsOf = Callable[[Collection[int]], Mapping[int, Sequence[Mapping[str, object]]]]
"""What is known of the deals of each of some persons, by attribute name; of those in the bin nothing is."""

_providers: list[tuple[StatesOf, Scored, DealsOf]] = []


def register(states_of: StatesOf, everybody_scored_at: Scored, deals_of: DealsOf) -> None:
    """Let the wiring say who reads states; the last one counts."""
    _providers[:] = [(states_of, everybody_scored_at, deals_of)]


def states(persons: Collection[int], at: datetime, kinds: Collection[str]) -> Mapping[int, PersonState]:
    """The states of persons at an instant, with their deals and the touches of some kinds."""
    return _with_deals(_providers[0][0](persons, at, kinds))


def states_for(
    trees: Iterable[Predicate], persons: Collection[int], at: datetime
) -> Mapping[int, PersonState]:
    """The states of persons with all that some predicates look at, and not much more."""
    asked = list(trees)
    looked, names = spans(asked), frozenset[str]().union(*map(attributes_used, asked))
    after = {kind: at - timedelta(days=days) for kind, days in looked.items() if days is not None}
    found = _providers[0][0](persons, at, looked.keys(), after=after, names=names)
    return _with_deals(found) if any(map(asks_for_deals, asked)) else found


def everybody_scored(at: datetime) -> Mapping[int, PersonState]:
    """Everybody's score as a state without touches; who has none yet is left out."""
    return _providers[0][1](at)


def _with_deals(found: Mapping[int, PersonState]) -> Mapping[int, PersonState]:
    deals = _providers[0][2](list(found))
    return {
        person: replace(state, deals=deals[person]) if person in deals else state
        for person, state in found.items()
    }
