"""What figures count: leads of a month, and the promises made about them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CountedLead:
    """One handover as figures count it. `touch_seconds` is the buyer's reading, None while nobody reached out."""

    id: int
    person: int
    version: int
    grade: str
    state: str
    qualified_at: datetime
    decided_at: datetime | None
    touch_seconds: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class CountedPromise:
    """One promise of sales about one handover. `verdict` is open, kept, broken or excused; open ones run."""

    id: int
    handover: int
    version: int
    clause: str
    verdict: str
    due_at: datetime | None
    stopped_at: datetime | None
