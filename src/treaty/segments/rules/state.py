"""What a predicate sees of one person at one instant."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Touch:
    """One touchpoint: its kind, when it occurred, and what the fact says."""

    kind: str
    at: datetime
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person as known at `as_of`: attributes, touchpoints, and the score at that instant.

    `decay` lists (points at `as_of`, half-life in days); their decayed sum is the engagement at a later instant.
    Without it the engagement stands still. `grade_changes_at` is when decay alone next changes the grade.
    """

    attributes: Mapping[str, object] = field(default_factory=dict)
    touches: Sequence[Touch] = ()
    engagement: float = 0.0
    fit: str = ""
    grade: str = ""
    decay: Sequence[tuple[float, float]] = ()
    as_of: datetime | None = None
    grade_changes_at: datetime | None = None
    segments: Collection[int] = ()
    """Which segments the person is in."""
    deals: Sequence[Mapping[str, object]] = ()
    """What is known of each deal of the person outside of the bin, by attribute name."""

    def engagement_at(self, at: datetime) -> float:
        """The engagement at an instant not before `as_of`."""
        if self.as_of is None or not self.decay:
            return self.engagement
        return decayed(self.decay, at - self.as_of)


def decayed(parts: Sequence[tuple[float, float]], passed: timedelta) -> float:
    """What is left of (points, half-life in days) after `passed`: each part halves once per half-life."""
    days = passed.total_seconds() / 86400
    return math.fsum(points * math.pow(2.0, -days / half_life) for points, half_life in parts)
