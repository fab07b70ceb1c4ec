"""Who hears which fact. `treaty/wiring.py` says it; the ledger below it only calls."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from treaty.kit.together import Question
from treaty.ledger.facts import Fact, Subject
from treaty.ledger.queries import Recorded

Listener = Callable[[Sequence[Recorded]], None]
"""Takes a batch of new touchpoints, in the same transaction; one cheap write for the batch, never one for each."""

Ahead = Callable[[Subject, datetime], Question | None]
"""What a listener will ask about a single fact, by its subject and when it is recorded; nobody changes that before."""

Found = TypeVar("Found")


NOTHING: Mapping[str, Any] = {}


class Batch(list[Recorded]):
    """The new touchpoints that some listeners are told, one listener after the other.

    `notes` keep what one of them found out and the next would have to ask again.
    """

    def __init__(self, lines: Iterable[Recorded], notes: Mapping[str, Any]) -> None:
        super().__init__(lines)
        self.notes = dict(notes)


def noted(batch: Sequence[Recorded], name: str, find: Callable[[], Found]) -> Found:
    """What is known about a batch under a name, found out by whoever asks first. Nothing else is kept of other batches."""
    if not isinstance(batch, Batch):
        return find()
    if name not in batch.notes:
        batch.notes[name] = find()
    known: Found = batch.notes[name]
    return known


def forget(batch: Sequence[Recorded], name: str) -> None:
    """What is known about a batch under a name is so no more."""
    if isinstance(batch, Batch):
        batch.notes.pop(name, None)


WHOLE = "whole"
"""The note that a batch is all there is about those its lines are about."""


def whole_histories(batch: Sequence[Recorded]) -> Mapping[int, Sequence[Recorded]] | None:
    """The history of each subject of a batch, by its id; None where the ledger may hold more of it than the batch."""
    if not isinstance(batch, Batch) or WHOLE not in batch.notes:
        return None
    found: dict[int, list[Recorded]] = {}
    for line in batch:
        found.setdefault(line.about.id, []).append(line)
    return found


_heard: dict[str, tuple[Listener, ...]] = {}
_asked: dict[tuple[Listener, ...], tuple[Ahead, ...]] = {}


def connect(
    wires: Mapping[type[Fact], tuple[Listener, ...]],
    asked: Mapping[tuple[Listener, ...], tuple[Ahead, ...]] | None = None,
) -> None:
    """Say once, at start, which listeners hear which kinds, in their order; and what some of them ask each time."""
    _heard.clear()
    _heard.update({kind.__name__: listeners for kind, listeners in wires.items()})
    _asked.clear()
    _asked.update(asked or {})


def asked_about(kind: str, about: Subject, at: datetime) -> list[Question]:
    """What those who hear a kind will ask about a fact."""
    questions = (ahead(about, at) for ahead in _asked.get(_heard.get(kind, ()), ()))
    return [question for question in questions if question is not None]


def asked_about_all(told: Sequence[tuple[str, Subject]], at: datetime) -> list[Question]:
    """What those who hear a handful of facts, each a kind and its subject, will ask whichever of them they hear of."""
    first, *others = (asked_about(kind, about, at) for kind, about in told)
    return [question for question in first if all(question in asked for asked in others)]


def listens(kind: str) -> bool:
    """Whether anybody hears a kind."""
    return bool(_heard.get(kind))


def tell(batch: Sequence[Recorded], notes: Mapping[str, Any] = NOTHING) -> None:
    """Call the listeners of a batch: kinds with the same listeners go together, in the order they were recorded.

    `notes` tell what is known of the batch already; parts of it have none.
    """
    groups: dict[tuple[Listener, ...], list[Recorded]] = {}
    for line in batch:
        groups.setdefault(_heard.get(line.kind, ()), []).append(line)
    for listeners, lines in groups.items():
        together = Batch(lines, notes if len(groups) == 1 else NOTHING)
        for listener in listeners:
            listener(together)
