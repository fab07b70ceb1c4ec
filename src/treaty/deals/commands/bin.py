"""Verbs of the bin for deals: they leave what people look at, come back with all they had, or go for good after a month."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from treaty.deals.commands.asking import ask_again
from treaty.deals.commands.forgetting import erase_texts
from treaty.deals.facts import DealBinned, DealErased, DealRestored
from treaty.deals.models import BinnedDeal, Deal
from treaty.deals.queries.bin import due_in_bin, in_bin
from treaty.fields.commands import erase_values
from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import Fact, about_deal
from treaty.people.rules import KEPT_FOR
from treaty.search.commands import follow, write
from treaty.search.rules import Kind
from treaty.staff.commands import audit_each

AT_ONCE = 500
"""Deals purged in one transaction."""


def bin_deals(deals: Collection[int], *, at: datetime, by: int | None, cause: str = "hand") -> list[int]:
    """Put deals into the bin; those that were not there. Nothing of them changes, and what was won counts on."""
    with transaction.atomic():
        rows = among(Deal, "id", deals).select_for_update().order_by("pk")
        known = list(rows.values_list("pk", flat=True))
        there = in_bin(known)
        ids = [one for one in known if one not in there]
        binned = [(one, sql.written(at), by, cause) for one in ids]
        sql.write_rows("deals_binneddeal", ("deal_id", "at", "by_id", "cause"), binned)
        write(Kind.DEAL, ids, ())
        ask_again(ids)
        _tell(DealBinned(cause), ids, at=at, by=by)
        audit_each("deal_binned", "deal", ids, changes={}, by=by, at=at)
    return ids


def restore_deals(deals: Collection[int], *, at: datetime, by: int | None, cause: str = "hand") -> list[int]:
    """Bring deals back from the bin; those that were there."""
    with transaction.atomic():
        rows = among(BinnedDeal, "deal_id", deals).filter(purged_at=None).select_for_update()
        ids = sorted(rows.values_list("pk", flat=True))
        among(BinnedDeal, "deal_id", ids).delete()
        follow(Kind.DEAL, ids)
        ask_again(ids)
        _tell(DealRestored(cause), ids, at=at, by=by)
        audit_each("deal_restored", "deal", ids, changes={}, by=by, at=at)
    return ids


def purge_deals(*, at: datetime) -> int:
    """Empty the texts of the deals that lay in the bin for KEPT_FOR; how many. Values and roads stay, and so every figure."""
    purged = 0
    while deals := due_in_bin(before=at - KEPT_FOR, limit=AT_ONCE):
        with transaction.atomic():
            rows = BinnedDeal.objects.select_for_update().filter(pk__in=deals, purged_at=None)
            deals = sorted(rows.values_list("pk", flat=True))
            erase_texts(deals)
            erase_values("deal", deals)
            BinnedDeal.objects.filter(pk__in=deals).update(purged_at=at)
            _tell(DealErased(), deals, at=at, by=None)
            audit_each("deal_erased", "deal", deals, changes={}, by=None, at=at)
        purged += len(deals)
    return purged


def _tell(fact: Fact, deals: Iterable[int], *, at: datetime, by: int | None) -> None:
    record_many([Entry(fact, about_deal(one), at, by) for one in deals], recorded_at=at)
