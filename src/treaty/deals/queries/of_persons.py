"""What nouns above ask of many persons at once: whose deal was lost, and which deal is open."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from treaty.deals.models import Deal
from treaty.deals.queries.deals import visible_deals
from treaty.deals.queries.rows import DealRow, rows_of
from treaty.staff.queries import User


def has_lost_deal() -> Exists:
    """The condition on rows with a `person`: a deal with that person was lost."""
    return Exists(Deal.objects.filter(person=OuterRef("person"), stage__type="lost"))


def deals_with(persons: Collection[int]) -> list[int]:
    """The ids of the deals with some persons."""
    return list(Deal.objects.filter(person__in=persons).order_by("pk").values_list("pk", flat=True))


def open_deals_of(user: User, persons: Collection[int]) -> dict[int, DealRow]:
    """The newest open deal with each person, as far as the user sees it; one question however many persons."""
    if not persons:
        return {}
    deals = visible_deals(user).filter(person__in=persons, stage__type="open").order_by("opened_at", "pk")
    return {deal.person_id: deal for deal in rows_of(deals) if deal.person_id}
