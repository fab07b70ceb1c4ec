"""What documents ask about deals; `treaty/wiring.py` registers the answers."""

from treaty.deals.models import Deal
from treaty.deals.queries.bin import binned_deals
from treaty.deals.queries.deals import visible_deals
from treaty.documents.queries import Holder
from treaty.ledger.facts import about_deal
from treaty.staff.rules import EDIT_DEALS


def deal_holder() -> Holder:
    """The deals of a user, or all of them."""
    return Holder(
        rows=lambda user: Deal.objects.all() if user is None else visible_deals(user),
        takes=lambda: Deal.objects.exclude(pk__in=binned_deals()),
        subject=about_deal,
        path="/deals/{}/",
        permission=EDIT_DEALS,
    )
