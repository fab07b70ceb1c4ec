"""Where a version stands. Being in force is not a state that is written: it follows from the times of beginning."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """The states of a version, in their order; IN_FORCE and SUPERSEDED follow from the clock."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SIGNED_ONE = "signed_one"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = (State.DRAFT, State.PROPOSED, State.SIGNED_ONE)
"""States in which a version can still be withdrawn."""


def standing(state: str, begins: datetime | None, beginnings: Sequence[datetime], at: datetime) -> State:
    """Where a version stands at an instant: `begins` is its own beginning, `beginnings` those of all versions.

    A version ends where the next one begins, so no two are in force and no time is without one.
    """
    if state != State.SIGNED or begins is None or begins > at:
        return State(state)
    newest = max(beginning for beginning in beginnings if beginning <= at)
    return State.IN_FORCE if begins == newest else State.SUPERSEDED
