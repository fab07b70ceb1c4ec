"""Everything that handovers know of one person, for the person."""

from typing import Any

from treaty.handovers.models import Handover

FIELDS = (
    "state",
    "grade",
    "why",
    "qualified_at",
    "offered_at",
    "decided_at",
    "first_touch_at",
    "return_reason",
    "hold_until",
)


def known_of(person: int) -> dict[str, Any]:
    """When the person was handed to sales, and what became of it."""
    rows = Handover.objects.filter(person=person).order_by("pk")
    return {"handovers": list(rows.values(*FIELDS))}
