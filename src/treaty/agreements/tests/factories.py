"""Agreements in every state for tests: the starter of Ann's and Bo's team, and who signs it."""

from datetime import datetime, timedelta
from typing import Any

from treaty.agreements import commands, queries
from treaty.agreements.queries import InForce
from treaty.agreements.rules import Document, sha256
from treaty.staff.tests import factories as staff

SINCE = staff.SINCE


def document(**changes: Any) -> Document:
    """The starter with Ann and Bo in its pool; `changes` replace its parts."""
    for somebody in (staff.ann, staff.bo, staff.mia):
        somebody()
    return commands.starting_document().model_copy(update=changes)


def draft(at: datetime = SINCE, **changes: Any) -> int:
    """A draft by the head of marketing; its id."""
    return commands.draft_version(document(**changes), at=at, by=staff.head_of_marketing().pk)


def proposed(at: datetime = SINCE, **changes: Any) -> int:
    """A proposed version; its id."""
    made = draft(at, **changes)
    commands.propose(made, at=at, by=staff.head_of_marketing().pk)
    return made


def sign(version_id: int, side: str, at: datetime) -> None:
    """One side signs the hash that stands."""
    by = {"marketing": staff.head_of_marketing, "sales": staff.head_of_sales}[side]().pk
    commands.sign(version_id, sha256=sha256(queries.document_of(version_id)), side=side, at=at, by=by)


def signed(at: datetime = SINCE, **changes: Any) -> int:
    """A version signed by both sides; in force at once unless it says when it begins."""
    made = proposed(at, **changes)
    sign(made, "marketing", at + timedelta(minutes=1))
    sign(made, "sales", at + timedelta(minutes=2))
    return made


def agreement(at: datetime = SINCE, **changes: Any) -> InForce:
    """An agreement in force."""
    return queries.version_by_id(signed(at, **changes))
