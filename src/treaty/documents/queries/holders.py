"""The records that have documents; they stand in nouns above, which register who sees them and what they are called."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from treaty.ledger.facts import Subject
from treaty.staff import queries as staff

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Holder:
    """What a noun answers about the records of one kind."""

    rows: Callable[[Any], Rows]
    """Those that a user sees, with their `name`; all of them for None."""
    takes: Callable[[], Rows]
    """Those onto which something may be put."""
    subject: Callable[[int], Subject]
    """What a fact about one of them is about."""
    path: str
    """Where one is to be seen, with a place for its id."""
    permission: str
    """What it needs to add and remove."""

    def url(self, one: int) -> str:
        """Where a record is to be seen."""
        return self.path.format(one)


_holders: dict[str, Holder] = {}


def register(record: str, holder: Holder) -> None:
    """Let a noun above answer for the records of a kind; the last one counts."""
    _holders[record] = holder


def holder_of(record: str) -> Holder:
    """Who answers for the records of a kind."""
    return _holders[record]


def may_change(user: Any, record: str) -> bool:
    """Whether a user may add documents to records of a kind, and remove them."""
    return staff.may(user, holder_of(record).permission)
