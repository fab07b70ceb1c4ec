"""What happens between persons and segments."""

from dataclasses import dataclass
from typing import ClassVar

from treaty.ledger.facts import Fact, Side


@dataclass(frozen=True, slots=True)
class SegmentEntered(Fact):
    """A person began to match a segment that the company follows."""

    side: ClassVar[Side] = Side.MARKETING

    segment: int
    name: str
    """What it was called then."""


@dataclass(frozen=True, slots=True)
class SegmentLeft(Fact):
    """A person ceased to match a segment that the company follows."""

    side: ClassVar[Side] = Side.MARKETING

    segment: int
    name: str
    """What it was called then."""
