"""The lifecycle: its stages, their order, and what a history of entries says a person is now."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum, StrEnum


class Stage(StrEnum):
    """The lifecycle stages, in their order."""

    SUBSCRIBER = "subscriber"
    LEAD = "lead"
    MQL = "mql"
    SAL = "sal"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"
    PAST_CUSTOMER = "past_customer"


ORDER = {stage: place for place, stage in enumerate(Stage)}
"""Where a stage stands on the road."""


class Back(IntEnum):
    """Whether an entry may be a step back on the road."""

    NEVER = 0
    ALLOWED = 1
    """A return, a lost deal: but a customer never becomes less."""
    UNDOING = 2
    """The only win was taken back, as if it had not been: even a customer steps back."""


def moves(now: Stage, to: Stage, *, back: Back | bool) -> bool:
    """Whether an entry of `to` moves somebody who stands at `now`: forward always, back only where it may."""
    if ORDER[to] > ORDER[now]:
        return True
    return to != now and (back == Back.UNDOING or (bool(back) and ORDER[now] < ORDER[Stage.CUSTOMER]))


def stage_after(entries: Iterable[tuple[datetime, int, Stage, Back | bool]]) -> tuple[Stage, datetime] | None:
    """The stage a history leads to, and since when; None without any entry.

    An entry is (occurred at, touchpoint id, stage, whether it may step back: a return, a lost deal).
    """
    now: tuple[Stage, datetime] | None = None
    for at, _id, stage, back in sorted(entries, key=lambda entry: entry[:2]):
        if now is None or moves(now[0], stage, back=back):
            now = (stage, at)
    return now
