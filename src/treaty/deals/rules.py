"""The road of a deal: its stages, what a move means, what a deal begins with, and sums that never mix currencies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from treaty.kit.rules.money import Money


class StageType(StrEnum):
    """What a stage says of its deals."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Step(StrEnum):
    """What somebody does next with a deal."""

    CALL = "call"
    MESSAGE = "message"
    MEETING = "meeting"
    QUOTE = "quote"
    TASK = "task"


class Move(StrEnum):
    """What it means to put a deal from one stage into another."""

    NONE = "none"
    ALONG = "along"
    WIN = "win"
    LOSE = "lose"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class StarterStage:
    """A stage that every new installation has."""

    key: str
    name: str
    type: StageType


PIPELINE = (
    StarterStage("new", "New", StageType.OPEN),
    StarterStage("qualified", "Qualified", StageType.OPEN),
    StarterStage("proposal", "Proposal", StageType.OPEN),
    StarterStage("negotiation", "Negotiation", StageType.OPEN),
    StarterStage("won", "Won", StageType.WON),
    StarterStage("lost", "Lost", StageType.LOST),
)
"""The one pipeline, in its order."""

FIRST_STAGE, WON, LOST = "new", "won", "lost"


@dataclass(frozen=True, slots=True)
class DealDraft:
    """What a deal begins with; a value of None is unknown, which is not 0."""

    name: str
    person: int | None = None
    company: int | None = None
    owner: int | None = None
    handover: int | None = None
    stage: str = FIRST_STAGE
    value: Money | None = None
    close_on: date | None = None
    product: str = ""
    fields: Mapping[str, object] | None = None
    """Plain values of the company's own fields, by their keys."""


@dataclass(frozen=True, slots=True)
class PastDeal:
    """A deal that another system kept: met again by its key, standing in any stage."""

    key: str
    draft: DealDraft
    opened_at: datetime
    closed_at: datetime | None = None
    """When it was won or lost; None for an open one."""
    reason: str = ""
    flags: tuple[str, ...] = ()


class Refused(ValueError):
    """A deal cannot be changed so; `code` says why, `field` names the value at fault, for the form that asked."""

    def __init__(self, code: str, field: str = "") -> None:
        self.code = code
        self.field = field
        super().__init__(code)


def move_between(before: StageType, after: StageType, *, is_same: bool) -> Move:
    """What a move means; from one end to the other a deal has to be reopened first, which Refused says."""
    if is_same:
        return Move.NONE
    if before is StageType.OPEN:
        return {StageType.OPEN: Move.ALONG, StageType.WON: Move.WIN, StageType.LOST: Move.LOSE}[after]
    if after is StageType.OPEN:
        return Move.REOPEN
    raise Refused("closed", "stage")


def sums(values: Iterable[tuple[int | None, str]]) -> tuple[Money, ...]:
    """The sum of each currency, the largest number first; unknown values (None) count nothing."""
    totals: defaultdict[str, int] = defaultdict(int)
    for minor, currency in values:
        if minor is not None:
            totals[currency] += minor
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Money(minor, currency) for currency, minor in ordered)
