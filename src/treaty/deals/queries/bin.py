"""Which deals are in the bin: hidden everywhere else, and shown with who put them there and when they are gone for good."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from treaty.deals.models import BinnedDeal
from treaty.kit.rows import among
from treaty.staff.queries import User, sight

NOT_BINNED = "NOT IN (SELECT deal_id FROM deals_binneddeal)"
"""The condition that a deal's id is not that of one in the bin, for statements that are written out."""


def binned_deals() -> "QuerySet[BinnedDeal, int]":
    """The ids of the deals that are in the bin, or went from there for good."""
    return BinnedDeal.objects.values_list("deal_id", flat=True)


def in_bin(deals: Collection[int]) -> set[int]:
    """Those of some deals that are in the bin, or went from there for good."""
    rows = among(BinnedDeal, "deal_id", deals) if deals else ()
    return {row.deal_id for row in rows}


def bin_of(user: User) -> "QuerySet[BinnedDeal]":
    """The deals in the bin, by their ids, as far as a user would see them outside of it."""
    rows = BinnedDeal.objects.filter(sight(user, "deal__owner"), purged_at=None)
    return rows.select_related("deal", "deal__person", "deal__company")


def due_in_bin(*, before: datetime, limit: int) -> list[int]:
    """The deals that lie in the bin since before a time, those longest there first."""
    rows = BinnedDeal.objects.filter(at__lte=before, purged_at=None).order_by("at", "pk")
    return list(rows.values_list("deal_id", flat=True)[:limit])
