"""Who has an open deal that is not in the bin, for nouns above that ask of many persons at once."""

from collections.abc import Collection

from treaty.deals.models import Deal
from treaty.deals.queries.bin import binned_deals
from treaty.kit.rows import among


def with_open_deal(persons: Collection[int]) -> set[int]:
    """Those of some persons with whom a deal is open."""
    rows = among(Deal, "person_id", persons).filter(stage__type="open").exclude(pk__in=binned_deals())
    return set(rows.values_list("person_id", flat=True))
