"""Deals that a user sees: rows, one deal with its history, and what the palette finds."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from treaty.conversations.facts import SPOKEN
from treaty.deals.models import Deal, DealStage
from treaty.deals.queries.bin import NOT_BINNED, binned_deals, in_bin
from treaty.deals.queries.rows import (
    DealRow,
    StageRow,
    asked_rows,
    lines_of,
    rows_asked,
    rows_of,
    rows_read,
    stage_row,
)
from treaty.fields.queries import ShownValue, asked_alone, shown_values
from treaty.kit import sql
from treaty.kit.composed import Composed
from treaty.kit.together import Question
from treaty.ledger.facts import about_deal
from treaty.ledger.queries import Recorded, recent
from treaty.people.queries import Hit, subjects_of
from treaty.people.queries.standing import Reached, reached
from treaty.people.rules import fold
from treaty.search.queries import Near, records
from treaty.search.rules import Entry, Kind
from treaty.staff.queries import Seen, User, sight

WITH_PERSON = 50
"""Deals that a person's page shows."""
TOLD = (
    "DealOpened",
    "DealMoved",
    "DealChanged",
    "DealWon",
    "DealLost",
    "DealReopened",
    "DealBinned",
    "DealRestored",
    "NextStepSet",
    "NextStepDone",
    "DocumentAdded",
    "DocumentRemoved",
    "DocumentRestored",
    *SPOKEN,
)
"""The kinds of facts that the story of a deal tells."""


@dataclass(frozen=True, slots=True)
class DealPage:
    """One deal with the road it is on and its story, newest first."""

    deal: DealRow
    stages: tuple[StageRow, ...]
    story: tuple[Recorded, ...]
    own: list[ShownValue]
    """What the company's own fields hold."""
    whom: Reached | None
    """The person of the deal, with what was refused."""


def stages() -> tuple[StageRow, ...]:
    """The pipeline, in its order."""
    return tuple(stage_row(stage) for stage in STAGES.rows())


STAGES = Composed(lambda: DealStage.objects.order_by("position"), places="")


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """How a deal of another system stands here."""

    stage: str
    opened_at: datetime
    closed_at: datetime | None
    is_binned: bool = False


def known_by_key(keys: Collection[str]) -> dict[str, KnownDeal]:
    """The deals that other systems know by these keys."""
    rows = Deal.objects.filter(external_key__in=list(keys)).order_by("pk")
    told = list(rows.values_list("external_key", "pk", "stage__key", "opened_at", "closed_at"))
    binned = in_bin([pk for _key, pk, *_rest in told])
    return {
        str(key): KnownDeal(stage, opened, closed, is_binned=pk in binned)
        for key, pk, stage, opened, closed in told
    }


def visible_deals(user: User) -> QuerySet[Deal]:
    """The deals a user sees; none in the bin."""
    return sighted_deals(user).exclude(pk__in=binned_deals())


def sighted_deals(user: User) -> QuerySet[Deal]:
    """The same with those in the bin: for figures, which count what happened."""
    return Deal.objects.filter(sight(user))


def deal_row_of(user: User, deal_id: int) -> DealRow | None:
    """One deal a user sees."""
    return next(iter(rows_read(ONE.rows(user, deal_id))), None)


ONE = Seen(lambda user, deal: lines_of(visible_deals(user).filter(pk=deal)))


def deal_row_by_id(deal_id: int) -> DealRow:
    """One deal, whoever sees it: for the answer to a verb that may have given it away."""
    return rows_asked(BY_ID, [deal_id])[0]


BY_ID = "WHERE deals_deal.id = %s"


def asked_told(deal_id: int) -> list[Question]:
    """What is asked to tell one deal with its own fields, whoever sees it."""
    return [asked_rows(BY_ID, [deal_id]), asked_alone("deal", deal_id)]


def deals_with(user: User, person: int) -> list[DealRow]:
    """The newest deals with a person that a user sees."""
    return rows_read(WITH.rows(user, person))


WITH = Seen(
    lambda user, person: lines_of(visible_deals(user).filter(person=person).order_by("-pk")[:WITH_PERSON])
)


def deal_page(user: User, deal_id: int, *, story: int = 50) -> DealPage | None:
    """One deal a user sees, with the newest lines of its story; None where there is none or the user sees it not."""
    deal = deal_row_of(user, deal_id)
    if deal is None:
        return None
    subjects = [about_deal(deal_id)]
    if deal.person_id:
        subjects += subjects_of(deal.person_id)
    told = tuple(recent(subjects, story, kinds=TOLD))
    whom = reached(deal.person_id) if deal.person_id else None
    return DealPage(deal, stages(), told, shown_values(user, "deal", deal_id), whom)


def open_deal_of(user: User, person: int) -> DealRow | None:
    """The newest open deal with a person that the user sees."""
    deals = visible_deals(user).filter(person=person, stage__type="open")
    return next(iter(rows_of(deals.order_by("-opened_at", "-id")[:1])), None)


def deal_of_key(key: str) -> int | None:
    """The deal that was opened under a key, such as `deal-of-handover:7`."""
    found = sql.ask("SELECT id FROM deals_deal WHERE external_key = %s", [key])
    return int(found[0][0]) if found else None


def deals_of_keys(keys: Collection[str]) -> dict[str, int]:
    """The deals that were opened under some keys, by key."""
    return {
        str(key): deal
        for deal, key in Deal.objects.filter(external_key__in=keys).values_list("pk", "external_key")
    }


def found(user: User, text: str, limit: int, near: Near | None = None) -> list[Hit]:
    """Deals a user sees whose name fits the text, the best first."""
    ids = records(Kind.DEAL, fold(text)[:100], visible_deals(user), limit, near)
    if not ids:
        return []
    rows = {deal.id: deal for deal in rows_of(visible_deals(user).filter(pk__in=ids).order_by("pk"))}
    deals = [rows[one] for one in ids if one in rows]
    return [Hit("deal", deal.id, deal.name, _beside(deal), f"/deals/{deal.id}/") for deal in deals]


def entries(deals: Collection[int]) -> Iterator[Entry]:
    """By which words deals are found: their names."""
    shown = f"{sql.one_of('id')} AND id {NOT_BINNED}"
    statement = f"SELECT id, folded FROM deals_deal WHERE {shown} ORDER BY id"
    for deal, folded in sql.ask(statement, [sql.listed(list(deals))], often=len(deals) <= sql.FEW):
        yield Entry(deal, folded)


def deals_behind(after: int, limit: int) -> list[int]:
    """The ids of deals from behind an id on."""
    return list(Deal.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def _beside(deal: DealRow) -> str:
    return ", ".join(part for part in (deal.person, deal.company) if part)


def persons_behind(lines: Sequence[Recorded]) -> dict[int, int]:
    """The person of each line that names one, by the line's id: what `people.commands.stage_listener` asks for."""
    named = ((line.id, getattr(line.fact, "person", None)) for line in lines)
    return {line: person for line, person in named if person is not None}
