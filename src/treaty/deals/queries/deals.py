"""Deals that a user sees: rows, one deal with its history, and what the palette finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from treaty.conversations.facts import SPOKEN
from treaty.deals.models import Deal, DealStage
from treaty.kit.rules.money import Money
from treaty.ledger.facts import about_deal
from treaty.ledger.queries import Recorded, recent
from treaty.people.queries import Hit, subjects_of
from treaty.people.rules import fold
from treaty.staff.queries import User, sight

TOLD = (
    "DealOpened",
    "DealMoved",
    "DealChanged",
    "DealWon",
    "DealLost",
    "DealReopened",
    "NextStepSet",
    "NextStepDone",
    *SPOKEN,
)
"""The kinds of facts that the story of a deal tells."""


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


@dataclass(frozen=True, slots=True)
class DealPage:
    """One deal with the road it is on and its story, newest first."""

    deal: DealRow
    stages: tuple[StageRow, ...]
    story: tuple[Recorded, ...]


def stages() -> tuple[StageRow, ...]:
    """The pipeline, in its order."""
    return tuple(stage_row(stage) for stage in DealStage.objects.order_by("position"))


def stage_row(stage: DealStage) -> StageRow:
    """A stage without its table."""
    return StageRow(stage.pk, stage.key, stage.name, stage.type, stage.position)


def visible_deals(user: User) -> QuerySet[Deal]:
    """The deals a user sees."""
    return Deal.objects.filter(sight(user))


def value_of(deal: Deal) -> Money | None:
    """What a deal is worth; None where that is unknown."""
    return None if deal.value_minor is None else Money(deal.value_minor, deal.currency)


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


def deal_row_of(user: User, deal_id: int) -> DealRow | None:
    """One deal a user sees."""
    deal = with_names(visible_deals(user)).filter(pk=deal_id).first()
    return deal_row(deal) if deal else None


def deal_row_by_id(deal_id: int) -> DealRow:
    """One deal, whoever sees it: for the answer to a verb that may have given it away."""
    return deal_row(with_names(Deal.objects.all()).get(pk=deal_id))


def deal_rows(
    user: User,
    *,
    stage: str | None = None,
    person: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[DealRow]:
    """Deals a user sees, the newest id first, from before an id on; of one stage or one person."""
    asked = {"stage__key": stage, "person": person, "pk__lt": before}
    deals = visible_deals(user).filter(**{name: value for name, value in asked.items() if value is not None})
    return [deal_row(deal) for deal in with_names(deals).order_by("-pk")[:limit]]


def deal_page(user: User, deal_id: int, *, story: int = 50) -> DealPage | None:
    """One deal a user sees, with the newest lines of its story; None where there is none or the user sees it not."""
    deal = with_names(visible_deals(user)).filter(pk=deal_id).first()
    if deal is None:
        return None
    subjects = [about_deal(deal_id)]
    if deal.person_id:
        subjects += subjects_of(deal.person_id)
    return DealPage(deal_row(deal), stages(), tuple(recent(subjects, story, kinds=TOLD)))


def open_deal_of(user: User, person: int) -> DealRow | None:
    """The newest open deal with a person that the user sees."""
    deals = with_names(visible_deals(user)).filter(person=person, stage__type="open")
    deal = deals.order_by("-opened_at", "-id").first()
    return deal_row(deal) if deal else None


def deal_of_key(key: str) -> int | None:
    """The deal that was opened under a key, such as `deal-of-handover:7`."""
    return Deal.objects.filter(external_key=key).values_list("pk", flat=True).first()


def found(user: User, text: str, limit: int) -> list[Hit]:
    """Deals whose name holds a text, open ones and new ones first."""
    wanted = fold(text)
    if not wanted:
        return []
    deals = with_names(visible_deals(user)).filter(folded__contains=wanted)
    rows = deals.order_by("stage__position", "-opened_at", "-id")[:limit]
    return [Hit("deal", deal.pk, deal.name, _beside(deal), f"/deals/{deal.pk}/") for deal in rows]


def _beside(deal: Deal) -> str:
    row = deal_row(deal)
    return ", ".join(part for part in (row.person, row.company) if part)


def persons_behind(lines: Sequence[Recorded]) -> dict[int, int]:
    """The person of each line that names one, by the line's id: what `people.commands.stage_listener` asks for."""
    named = ((line.id, getattr(line.fact, "person", None)) for line in lines)
    return {line: person for line, person in named if person is not None}
