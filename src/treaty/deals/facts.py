"""What happens to deals. What somebody wrote (a reason, the words of a next step) lies in the erasable text."""

from dataclasses import dataclass
from typing import ClassVar

from treaty.ledger.facts import Fact, Side


@dataclass(frozen=True, slots=True)
class DealOpened(Fact):
    """A deal was opened."""

    side: ClassVar[Side] = Side.SALES
    stage: str
    person: int | None = None
    handover: int | None = None
    value_minor: int | None = None
    """None where the value is unknown."""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class DealMoved(Fact):
    """A deal moved from one open stage to another."""

    side: ClassVar[Side] = Side.SALES
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DealChanged(Fact):
    """The value of a deal was stated anew."""

    side: ClassVar[Side] = Side.SALES
    value_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class DealWon(Fact):
    """A deal was won."""

    side: ClassVar[Side] = Side.SALES
    person: int | None = None
    value_minor: int | None = None
    """None where the value is unknown."""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class DealLost(Fact):
    """A deal was lost."""

    side: ClassVar[Side] = Side.SALES
    person: int | None = None


@dataclass(frozen=True, slots=True)
class DealReopened(Fact):
    """The end of a deal was taken back."""

    side: ClassVar[Side] = Side.SALES
    stage: str
    person: int | None = None
    value_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class DealBinned(Fact):
    """A deal was put into the bin, from where it can come back for thirty days."""

    side: ClassVar[Side] = Side.SALES
    cause: str
    """hand or api."""


@dataclass(frozen=True, slots=True)
class DealRestored(Fact):
    """A deal came back from the bin."""

    side: ClassVar[Side] = Side.SALES
    cause: str
    """hand or api."""


@dataclass(frozen=True, slots=True)
class DealErased(Fact):
    """A deal lay in the bin for thirty days and went for good; what was won with it counts on."""

    side: ClassVar[Side] = Side.SALES


@dataclass(frozen=True, slots=True)
class NextStepSet(Fact):
    """Somebody said what happens next with a deal, and when."""

    side: ClassVar[Side] = Side.SALES
    step: str
    """call, message, meeting, quote or task."""
    due_at: str = ""
    """An instant in ISO 8601, or empty where no time was said."""


@dataclass(frozen=True, slots=True)
class NextStepDone(Fact):
    """The next step of a deal was done."""

    side: ClassVar[Side] = Side.SALES
    step: str
