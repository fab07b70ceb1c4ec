"""What happens when a lead passes from marketing to sales. Each fact names its handover."""

from dataclasses import dataclass, field
from typing import ClassVar

from treaty.ledger.facts import Fact, Side


@dataclass(frozen=True, slots=True)
class LeadQualified(Fact):
    """A person met the signed definition of a marketing-qualified lead."""

    side: ClassVar[Side] = Side.MARKETING
    version: int
    grade: str
    why: str = ""
    """The kind of touchpoint that tipped the scale, or time, or hand."""
    imported: bool = False
    """History: it moves the stage and opens nothing."""


@dataclass(frozen=True, slots=True)
class LeadOffered(Fact):
    """Marketing offered a lead to a member of sales, or to the whole team."""

    side: ClassVar[Side] = Side.MARKETING
    handover: int
    version: int
    grade: str
    team: int
    owner: int | None
    qualified_at: str
    on_purpose: bool = False
    routing: dict[str, object] = field(default_factory=dict)
    """Why this owner: rule, pool, candidates with their shares, skipped ones with their cause."""


@dataclass(frozen=True, slots=True)
class LeadAccepted(Fact):
    """Sales accepted a lead."""

    side: ClassVar[Side] = Side.SALES
    handover: int
    owner: int


@dataclass(frozen=True, slots=True)
class AcceptanceUndone(Fact):
    """An acceptance was taken back at once, as if the key had not been pressed."""

    side: ClassVar[Side] = Side.SALES
    handover: int


@dataclass(frozen=True, slots=True)
class LeadReturned(Fact):
    """Sales gave a lead back to marketing, with a coded reason."""

    side: ClassVar[Side] = Side.SALES
    handover: int
    reason: str
    effect: str
    hold_until: str = ""
    """Until when the person is left in peace; empty without such a time."""
    identity: int | None = None
    """The address or number that was found wrong, by the id of its identity."""


@dataclass(frozen=True, slots=True)
class LeadWithdrawn(Fact):
    """An open lead ended because its person was forgotten or put into the bin: nobody owes it anything any more."""

    side: ClassVar[Side] = Side.BOTH
    handover: int
    cause: str = "forgotten"
    """forgotten or binned."""


@dataclass(frozen=True, slots=True)
class LeadHandedOn(Fact):
    """An offered lead passed from one member of sales to another."""

    side: ClassVar[Side] = Side.SALES
    handover: int
    before: int | None
    after: int
    cause: str
    """declined, absent, wrong_team or head."""
    routing: dict[str, object] = field(default_factory=dict)
