"""Offers in the order they were made, for who plays or follows them."""

from collections.abc import Collection
from dataclasses import dataclass

from treaty.handovers.models import Handover
from treaty.kit.rows import among
from treaty.staff import queries as staff
from treaty.staff.queries import User
from treaty.staff.rules import BOTH, EDIT_PEOPLE, MARKETING, SIGN_AGREEMENT


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


def may_offer(user: User) -> bool:
    """Whether a user may offer persons to sales on purpose: marketing, and the heads."""
    of_marketing = staff.may(user, EDIT_PEOPLE) and staff.side(user) in {MARKETING, BOTH}
    return of_marketing or staff.may(user, SIGN_AGREEMENT)


def persons_behind(handovers: Collection[int]) -> set[int]:
    """The persons that handovers are about."""
    return set(among(Handover, "id", handovers).values_list("person_id", flat=True))


def lead_names(handovers: Collection[int]) -> dict[int, str]:
    """Whom handovers are about."""
    return dict(among(Handover, "id", handovers).values_list("pk", "person__name"))
