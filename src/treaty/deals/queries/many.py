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
