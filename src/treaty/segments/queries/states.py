"""What predicates see of persons. Scores lie on a shelf above, so whoever reads everything registers here."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from treaty.segments.rules import PersonState

StatesOf = Callable[[Collection[int], datetime, Collection[str]], Mapping[int, PersonState]]
"""(persons, instant, kinds of facts asked about) -> the state of each person."""

_providers: list[StatesOf] = []


def register(provider: StatesOf) -> None:
    """Let the wiring say who reads states; the last one counts."""
    _providers[:] = [provider]


def states(persons: Collection[int], at: datetime, kinds: Collection[str]) -> Mapping[int, PersonState]:
    """The states of persons at an instant, with the touches of some kinds."""
    return _providers[0](persons, at, kinds)
