"""What verbs for many deals change, and what the deals are called."""

from collections.abc import Collection

from treaty.deals.models import Deal
from treaty.kit.rows import among


def owners_of(deals: Collection[int]) -> dict[int, int | None]:
    """Whose each deal is."""
    return dict(among(Deal, "id", deals).values_list("pk", "owner_id"))


def deal_names(deals: Collection[int]) -> dict[int, str]:
    """What deals are called."""
    return dict(among(Deal, "id", deals).values_list("pk", "name"))


def held(deals: Collection[int], column: str) -> dict[int, object]:
    """What deals hold in a column; nobody else changes them before the transaction ends."""
    rows = Deal.objects.select_for_update().filter(pk__in=deals).order_by("pk")
    return dict(rows.values_list("pk", column))
