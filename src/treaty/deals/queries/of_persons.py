"""What nouns above ask of many persons at once: whose deal was lost, and which deal is open."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from treaty.deals.models import Deal
from treaty.deals.queries.deals import DealRow, deal_row, visible_deals, with_names
from treaty.staff.queries import User


def has_lost_deal() -> Exists:
    """The condition on rows with a `person`: a deal with that person was lost."""
    return Exists(Deal.objects.filter(person=OuterRef("person"), stage__type="lost"))


def open_deals_of(user: User, persons: Collection[int]) -> dict[int, DealRow]:
    """The newest open deal with each person, as far as the user sees it; one question however many persons."""
    deals = with_names(visible_deals(user)).filter(person__in=persons, stage__type="open")
    return {deal.person_id: deal_row(deal) for deal in deals.order_by("opened_at", "pk") if deal.person_id}
