"""The records and documents that fields point to; they stand in nouns above, which register how they are found and named."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from treaty.fields.rules import Kind


@dataclass(frozen=True, slots=True)
class Named:
    """A record by its id, its name, and where it is to be seen."""

    id: int
    name: str
    url: str


class Finder(Protocol):
    """What a noun answers about the records of one kind. A user of None sees all."""

    def named(self, user: Any, ids: Collection[int]) -> Sequence[Named]:
        """The records of some ids that the user sees."""

    def found(self, user: Any, text: str, limit: int) -> Sequence[Named]:
        """The records the user sees that fit a text, the best first."""


class NotTaken(ValueError):
    """What was uploaded into a field is not taken; it says why, in the language of the page."""


class Take(Protocol):
    """Takes a file in that was uploaded into a field of a record: the id that the field then points to. Raises NotTaken."""

    def __call__(
        self, record: str, one: int, *, name: str, chunks: Iterable[bytes], at: datetime, by: int | None
    ) -> int: ...


_finders: dict[Kind, Finder] = {}
Offer = Callable[[str, Collection[int]], Mapping[int, Sequence[Named]]]
"""What records, by their kind and ids, have to choose from."""
_offers: dict[Kind, Offer] = {}
_takers: dict[Kind, Take] = {}
Form = Callable[[str, int], str]
"""Where the form of a record is, by its kind and id, in which something is uploaded into its fields."""
_forms: dict[Kind, Form] = {}


def register(kind: Kind, finder: Finder) -> None:
    """Let a noun above answer for the records that fields of a kind point to; the last one counts."""
    _finders[kind] = finder


def offer(kind: Kind, of: Offer) -> None:
    """Let a noun above say what fields of a kind may point to on a record; the last one counts."""
    _offers[kind] = of


def receive(kind: Kind, take: Take, form: Form) -> None:
    """Let a noun above take in what is uploaded into a field of a kind, and say where; the last one counts."""
    _takers[kind], _forms[kind] = take, form


def taker_of(kind: Kind) -> Take:
    """Who takes in what is uploaded into a field of a kind."""
    return _takers[kind]


def form_of(kind: Kind, record: str, one: int) -> str:
    """Where something is uploaded into the fields of a record."""
    return _forms[kind](record, one)


def offered(kind: Kind, record: str, ids: Collection[int]) -> Mapping[int, Sequence[Named]]:
    """What a field of each record may point to, where that is the record's own; records without any are left out."""
    return _offers[kind](record, ids) if ids else {}


def names(user: Any, ids: Mapping[Kind, Collection[int]]) -> dict[tuple[Kind, int], Named]:
    """The records behind ids that a user sees, asked once for each kind."""
    return {
        (kind, one.id): one
        for kind, wanted in ids.items()
        if wanted
        for one in _finders[kind].named(user, wanted)
    }


def found(kind: Kind, user: Any, text: str, limit: int = 5) -> Sequence[Named]:
    """The records of a kind that a user sees and that fit a text."""
    return _finders[kind].found(user, text, limit)


def exist(kind: Kind, ids: Collection[int]) -> set[int]:
    """Which of some ids are records of a kind."""
    return {one.id for one in _finders[kind].named(None, ids)} if ids else set()
