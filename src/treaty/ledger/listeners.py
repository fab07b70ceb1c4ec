"""Who hears which fact. `treaty/wiring.py` says it; the ledger below it only calls."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from treaty.ledger.facts import Fact
from treaty.ledger.queries import Recorded

Listener = Callable[[Sequence[Recorded]], None]
"""Takes a batch of new touchpoints, in the same transaction; one cheap write for the batch, never one for each."""

Found = TypeVar("Found")


class Batch(list[Recorded]):
    """The new touchpoints that some listeners are told, one listener after the other.

    `notes` keep what one of them found out and the next would have to ask again.
    """

    def __init__(self, lines: Iterable[Recorded]) -> None:
        super().__init__(lines)
        self.notes: dict[str, Any] = {}


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


_heard: dict[str, tuple[Listener, ...]] = {}


def connect(wires: Mapping[type[Fact], tuple[Listener, ...]]) -> None:
    """Say once, at start, which listeners hear which kinds, in their order."""
    _heard.clear()
    _heard.update({kind.__name__: listeners for kind, listeners in wires.items()})


def listens(kind: str) -> bool:
    """Whether anybody hears a kind."""
    return bool(_heard.get(kind))


def tell(batch: Sequence[Recorded]) -> None:
    """Call the listeners of a batch: kinds with the same listeners go together, in the order they were recorded."""
    groups: dict[tuple[Listener, ...], list[Recorded]] = {}
    for line in batch:
        groups.setdefault(_heard.get(line.kind, ()), []).append(line)
    for listeners, lines in groups.items():
        together = Batch(lines)
        for listener in listeners:
            listener(together)
