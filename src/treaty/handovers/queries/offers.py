"""Offers in the order they were made, for who plays or follows them."""

from dataclasses import dataclass

from treaty.handovers.models import Handover


@dataclass(frozen=True, slots=True)
class Offered:
    """An open offer: whose turn it is, about whom."""

    id: int
    person: int
    company: int | None
    owner: int | None
    grade: str


def offered_after(handover_id: int) -> list[Offered]:
    """Open offers made after the one of an id, oldest first."""
    rows = Handover.objects.filter(pk__gt=handover_id, state="offered").order_by("pk")
    return [
        Offered(*row)
        for row in rows.values_list("pk", "person_id", "person__company_id", "owner_id", "grade")
    ]
