"""The leads of one month, parted as agreement.md 6 says: every rate is of those who qualified in the month."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from treaty.handovers.rules.figures import CountedLead

GRADE_A = "A"


@dataclass(frozen=True)
class Cohort:
    """The leads that qualified in a month, in that order.

    `left_out` are the agreed reasons, as (version, code), whose returns count for neither side: such leads leave
    numerator and denominator of every rate and are counted apart.
    """

    leads: tuple[CountedLead, ...]
    left_out_reasons: frozenset[tuple[int, str]] = frozenset()

    @cached_property
    def accepted(self) -> tuple[CountedLead, ...]:
        """Those whose last decision is the acceptance."""
        return tuple(lead for lead in self.leads if lead.state == "accepted")

    @cached_property
    def waiting(self) -> tuple[CountedLead, ...]:
        """Offered and not yet decided."""
        return tuple(lead for lead in self.leads if lead.state == "offered")

    @cached_property
    def returned(self) -> tuple[CountedLead, ...]:
        """Returned for a reason that counts."""
        return tuple(lead for lead in self.leads if lead.state == "returned" and not self._is_left_out(lead))

    @cached_property
    def left_out(self) -> tuple[CountedLead, ...]:
        """Returned for a reason that counts for neither side."""
        return tuple(lead for lead in self.leads if self._is_left_out(lead))

    @cached_property
    def decided(self) -> tuple[CountedLead, ...]:
        """Accepted or returned, as far as they count."""
        return tuple(lead for lead in self.leads if lead.state != "offered" and not self._is_left_out(lead))

    @cached_property
    def delivered(self) -> tuple[CountedLead, ...]:
        """What counts for the volume: accepted, each person once."""
        return _one_a_person(self.accepted)

    @cached_property
    def delivered_of_grade_a(self) -> tuple[CountedLead, ...]:
        """The delivered ones of grade A."""
        return tuple(lead for lead in self.delivered if is_grade_a(lead))

    @cached_property
    def touched(self) -> tuple[CountedLead, ...]:
        """Whom somebody reached out to since they qualified."""
        return tuple(lead for lead in self.leads if lead.touch_seconds is not None)

    @cached_property
    def untouched(self) -> tuple[CountedLead, ...]:
        """Accepted, and nobody has reached out yet."""
        return tuple(lead for lead in self.accepted if lead.touch_seconds is None)

    @property
    def acceptance_rate(self) -> float | None:
        """The share accepted of those decided; None without any."""
        return len(self.accepted) / len(self.decided) if self.decided else None

    @property
    def top_reason(self) -> tuple[int, str] | None:
        """Why most leads were returned, as (version, code)."""
        counted = Counter((lead.version, lead.reason) for lead in self.returned)
        return min(counted, key=lambda reason: (-counted[reason], reason)) if counted else None

    def returned_for(self, reason: str) -> tuple[CountedLead, ...]:
        """Those returned for one reason."""
        return tuple(lead for lead in self.returned if lead.reason == reason)

    def may_still_deliver(self) -> tuple[CountedLead, ...]:
        """Waiting leads of persons not delivered yet, each person once."""
        there = {lead.person for lead in self.delivered}
        return _one_a_person([lead for lead in self.waiting if lead.person not in there])

    def _is_left_out(self, lead: CountedLead) -> bool:
        return lead.state == "returned" and (lead.version, lead.reason) in self.left_out_reasons


def is_grade_a(lead: CountedLead) -> bool:
    """Whether the lead's fit is A."""
    return lead.grade.startswith(GRADE_A)


def _one_a_person(leads: Sequence[CountedLead]) -> tuple[CountedLead, ...]:
    first: dict[int, CountedLead] = {}
    for lead in leads:
        first.setdefault(lead.person, lead)
    return tuple(first.values())
