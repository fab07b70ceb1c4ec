"""The REST API of many deals in one call, as another system keeps them: each is opened or renewed, and has its own result."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field

from treaty.deals import commands, queries
from treaty.deals.api.door import WRITE, StageKey, ValueIn, money, router
from treaty.deals.rules import DealDraft, PastDeal
from treaty.kit.rest import (
    ADDS,
    LONGEST_BATCH,
    BatchOut,
    Body,
    Day,
    ItemOut,
    Moment,
    Names,
    batch_out,
    refused,
    taken,
)
from treaty.people import queries as people
from treaty.staff.access import caller
from treaty.staff.queries import User, user_names


class PastDealIn(Body):
    """A deal in any stage; its source_key is how it is met again. What is left blank stays as it is."""

    source_key: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=200)
    stage: StageKey = "new"
    person_id: Names | None = None
    company_id: Names | None = None
    owner_id: Names | None = Field(
        None, description="A member of the staff; the key's owner where it is new."
    )
    value: ValueIn | None = None
    close_on: Day | None = None
    product: str = Field("", max_length=120)
    opened_at: Moment | None = Field(None, description="Now where it is left out; not in the future.")
    closed_at: Moment | None = Field(None, description="When it was won or lost.")
    reason: str = Field("", max_length=200)


class DealsIn(Body):
    """Deals to open or to renew."""

    items: list[PastDealIn] = Field(min_length=1, max_length=LONGEST_BATCH)


@router.post(
    "/batches/deals", response={200: BatchOut, **ADDS}, auth=WRITE, summary="Open or renew many deals"
)
def upsert_deals(request: HttpRequest, sent: DealsIn) -> BatchOut:
    """Up to 1,000 deals, set at once. Those that cannot be taken are refused one by one; the others stay.

    What is told of the past is history: no listener offers a lead for it.
    """
    user, at = caller(request), timezone.now()
    known = Known(user, sent.items)
    results: dict[int, ItemOut] = {}
    deals: dict[int, PastDeal] = {}
    for place, item in enumerate(sent.items):
        if mistake := known.mistake(item, at):
            results[place] = mistake
            continue
        is_new = f"api:{item.source_key}" not in known.deals
        draft = DealDraft(
            name=item.name,
            person=item.person_id,
            company=item.company_id,
            owner=item.owner_id or (user.pk if is_new else None),
            stage=item.stage,
            value=money(item.value),
            close_on=item.close_on,
            product=item.product,
        )
        key = f"api:{item.source_key}"
        deals[place] = PastDeal(key, draft, item.opened_at or at, item.closed_at, item.reason)
    added = commands.add_deals(list(deals.values()), at=at, by=user.pk)
    for place, one in zip(deals, added, strict=True):
        results[place] = taken(one.outcome, one.deal_id)
    return batch_out(results)


class Known:
    """What the items of a call point to, as far as the key's owner sees it: a few questions for all of them."""

    def __init__(self, user: User, items: list[PastDealIn]) -> None:
        self.deals = queries.deals_of_keys({f"api:{item.source_key}" for item in items})
        visible = queries.visible_deals(user).filter(pk__in=self.deals.values())
        self.seen = set(visible.values_list("pk", flat=True))
        persons = people.visible_persons(user).filter(
            pk__in={item.person_id for item in items if item.person_id}
        )
        companies = people.visible_companies(user).filter(
            pk__in={item.company_id for item in items if item.company_id}
        )
        self.persons = set(persons.values_list("pk", flat=True))
        self.companies = set(companies.values_list("pk", flat=True))
        self.staff = user_names({item.owner_id for item in items})

    def mistake(self, item: PastDealIn, at: datetime) -> ItemOut | None:
        """Why an item cannot be taken."""
        deal = self.deals.get(f"api:{item.source_key}")
        if deal is not None and deal not in self.seen:
            return refused("source_key", "A deal has this source_key, which this key may not see.")
        if item.person_id is not None and item.person_id not in self.persons:
            return refused("person_id", "There is no such person.")
        if item.company_id is not None and item.company_id not in self.companies:
            return refused("company_id", "There is no such company.")
        if item.owner_id is not None and item.owner_id not in self.staff:
            return refused("owner_id", "There is no such member of the staff.")
        return _untold(item, at)


def _untold(item: PastDealIn, at: datetime) -> ItemOut | None:
    """Why what an item tells makes no deal, whatever it points to."""
    if not item.name.strip():
        return refused("name", "A deal cannot be without a name.")
    if item.stage == "lost" and not item.reason.strip():
        return refused("reason", "Say why the deal was lost.")
    for field in ("opened_at", "closed_at"):
        if (moment := getattr(item, field)) is not None and moment > at:
            return refused(field, "It lies in the future.")
    if item.closed_at is not None and item.stage not in {"won", "lost"}:
        return refused("closed_at", "Only a deal that was won or lost is closed.")
    return None
