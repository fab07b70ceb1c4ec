"""Won deals as the scoreboard counts them, and which of them made a customer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, When

from treaty.deals.models import Deal
from treaty.deals.queries.deals import sighted_deals
from treaty.staff.queries import User


@dataclass(frozen=True, slots=True)
class Win:
    """A won deal. `buyer` is its company, else its person, else the deal itself; `is_repeat`: it bought before."""

    id: int
    buyer: tuple[str, int]
    value_minor: int | None
    currency: str
    won_at: datetime
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class NamedDeal:
    """What a list says of a deal to those who see it."""

    name: str
    buyer: str
    owner: str


def won_between(since: datetime, until: datetime) -> list[Win]:
    """All deals won in [since, until), the first one first; for totals, which are for everybody."""
    # Sets, not a subquery for each deal: with skewed data the engines choose an index that reads every deal again.
    before = Deal.objects.filter(stage__type="won", closed_at__lt=since).order_by()
    companies = before.filter(company__isnull=False).values("company")
    persons = before.filter(company=None, person__isnull=False).values("person")
    bought = Case(When(Q(company__in=companies) | Q(person__in=persons), then=True), default=False)
    rows = Deal.objects.filter(stage__type="won", closed_at__gte=since, closed_at__lt=until)
    found = rows.annotate(is_repeat=bought).order_by("closed_at", "pk")
    columns = ("pk", "company_id", "person_id", "value_minor", "currency", "closed_at", "is_repeat")
    return [
        Win(deal, _buyer(deal, company, person), *rest)
        for deal, company, person, *rest in found.values_list(*columns)
    ]


def named_deals(user: User, deals: Collection[int]) -> dict[int, NamedDeal]:
    """Of some deals those that the user sees, with names."""
    rows = sighted_deals(user).filter(pk__in=deals).order_by("pk")
    columns = ("pk", "name", "company__name", "person__name", "owner__name")
    return {
        row[0]: NamedDeal(row[1], row[2] or row[3] or "", row[4] or "") for row in rows.values_list(*columns)
    }


def _buyer(deal: int, company: int | None, person: int | None) -> tuple[str, int]:
    if company is not None:
        return ("company", company)
    return ("person", person) if person is not None else ("deal", deal)
