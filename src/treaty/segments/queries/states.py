"""What predicates see of persons. Scores lie on a shelf above, so whoever reads everything registers here."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from treaty.segments.rules import PersonState, Predicate, attributes_used, spans

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

_providers: list[tuple[StatesOf, Scored]] = []


def register(states_of: StatesOf, everybody_scored_at: Scored) -> None:
    """Let the wiring say who reads states; the last one counts."""
    _providers[:] = [(states_of, everybody_scored_at)]


def states(persons: Collection[int], at: datetime, kinds: Collection[str]) -> Mapping[int, PersonState]:
    """The states of persons at an instant, with the touches of some kinds."""
    return _providers[0][0](persons, at, kinds)


def states_for(
    trees: Iterable[Predicate], persons: Collection[int], at: datetime
) -> Mapping[int, PersonState]:
    """The states of persons with all that some predicates look at, and not much more."""
    asked = list(trees)
    looked, names = spans(asked), frozenset[str]().union(*map(attributes_used, asked))
    after = {kind: at - timedelta(days=days) for kind, days in looked.items() if days is not None}
    return _providers[0][0](persons, at, looked.keys(), after=after, names=names)


def everybody_scored(at: datetime) -> Mapping[int, PersonState]:
    """Everybody's score as a state without touches; who has none yet is left out."""
    return _providers[0][1](at)
