"""Deals as lists, cards and the API show them: plain rows, read without their models where there are many."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from treaty.deals import wording
from treaty.deals.models import Deal, DealStage
from treaty.kit import sql
from treaty.kit.rules.money import Money
from treaty.kit.together import Question

STAGE = ("stage", "stage__key", "stage__name", "stage__type", "stage__position")
VALUE = ("value_minor", "currency")
REST = {
    "id": "pk",
    "name": "name",
    "stage_since": "stage_since",
    "person_id": "person",
    "person": "person__name",
    "company_id": "company",
    "company": "company__name",
    "owner_id": "owner",
    "owner": "owner__name",
    "handover": "handover",
    "close_on": "close_on",
    "opened_at": "opened_at",
    "closed_at": "closed_at",
    "reason": "reason",
    "product": "product",
    "next_step": "next_step",
    "next_step_kind": "next_step_kind",
    "next_step_at": "next_step_at",
}
"""The other fields of a row, each with its column."""


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage of the pipeline; `type` is open, won or lost."""

    id: int
    key: str
    name: str
    type: str
    position: int


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal as lists, cards and the API show it."""

    id: int
    name: str
    stage: StageRow
    stage_since: datetime
    person_id: int | None
    person: str
    company_id: int | None
    company: str
    owner_id: int | None
    owner: str
    handover: int | None
    value: Money | None
    close_on: date | None
    opened_at: datetime
    closed_at: datetime | None
    reason: str
    product: str
    flags: tuple[str, ...]
    next_step: str
    next_step_kind: str
    next_step_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        return self.stage.type == "open"

    @property
    def lacks_next_step(self) -> bool:
        """Whether it is open and nobody said what happens next."""
        return self.is_open and not self.next_step_kind


def stage_name(stage: StageRow) -> str:
    """A stage's name in the language of the page."""
    return wording.stage_name(stage.key, stage.name)


def step_name(kind: str) -> str:
    """What is done next, in a word."""
    return wording.step_name(kind)


def stage_row(stage: DealStage) -> StageRow:
    """A stage without its table."""
    return StageRow(stage.pk, stage.key, stage.name, stage.type, stage.position)


def value_of(deal: Deal) -> Money | None:
    """What a deal is worth; None where that is unknown."""
    return None if deal.value_minor is None else Money(deal.value_minor, deal.currency)


def rows_of(deals: QuerySet[Deal]) -> list[DealRow]:
    """Deals as rows, in one question and without a model for each of their four tables."""
    return [_row(*found) for found in lines_of(deals)]


def lines_of(deals: QuerySet[Deal]) -> "QuerySet[Deal, tuple[Any, ...]]":
    """The lines that `rows_read` makes rows of, for questions that are composed once."""
    return deals.values_list(*STAGE, *VALUE, "flags", *REST.values())


def rows_read(lines: Iterable[Sequence[Any]]) -> list[DealRow]:
    """Deals as rows, of the lines that were read."""
    return [_row(*found) for found in lines]


def rows_asked(tail: str, values: Sequence[Any]) -> list[DealRow]:
    """The same for a statement's end that is written out; its tables bear their own names."""
    return [_row(*_converted(found)) for found in sql.ask(*asked_rows(tail, values))]


def asked_rows(tail: str, values: Sequence[Any]) -> Question:
    """What `rows_asked` asks."""
    return f"{_select()} {tail}", values


@cache
def _select() -> str:
    """What `rows_of` asks, as the ORM says it: the same each time, and not soon said."""
    return str(lines_of(Deal.objects.order_by()).query)


MOMENTS = [8 + tuple(REST).index(name) for name in REST if name.endswith(("_at", "_since"))]


def _converted(found: Sequence[Any]) -> list[Any]:
    """A row as the ORM would read it."""
    row = list(found)
    row[7] = json.loads(row[7])
    for place in MOMENTS:
        row[place] = row[place] and sql.moment(row[place])
    return row


def _row(*found: Any) -> DealRow:
    minor, currency, flags = found[5:8]
    rest = dict(zip(REST, found[8:], strict=True))
    for name in ("person", "company", "owner"):
        rest[name] = rest[name] or ""
    value = None if minor is None else Money(minor, currency)
    return DealRow(stage=StageRow(*found[:5]), value=value, flags=tuple(flags), **rest)


def with_names(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """Deals with all that `deal_row` needs, in one question."""
    return deals.select_related("stage", "person", "company", "owner")


def deal_row(deal: Deal) -> DealRow:
    """A deal without its table; the deal comes from `with_names`."""
    return DealRow(
        id=deal.pk,
        name=deal.name,
        stage=stage_row(deal.stage),
        stage_since=deal.stage_since,
        person_id=deal.person_id,
        person=deal.person.name if deal.person else "",
        company_id=deal.company_id,
        company=deal.company.name if deal.company else "",
        owner_id=deal.owner_id,
        owner=deal.owner.name if deal.owner else "",
        handover=deal.handover,
        value=value_of(deal),
        close_on=deal.close_on,
        opened_at=deal.opened_at,
        closed_at=deal.closed_at,
        reason=deal.reason,
        product=deal.product,
        flags=tuple(deal.flags),
        next_step=deal.next_step,
        next_step_kind=deal.next_step_kind,
        next_step_at=deal.next_step_at,
    )
