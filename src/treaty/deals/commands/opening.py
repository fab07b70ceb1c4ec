"""A deal comes to be."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from treaty.deals.commands.asking import ask_again
from treaty.deals.facts import DealOpened
from treaty.deals.models import Deal, DealStage
from treaty.deals.queries import deal_of_key
from treaty.deals.queries.bin import in_bin
from treaty.deals.rules import PIPELINE, DealDraft, Refused, StageType
from treaty.fields.commands import set_values
from treaty.kit import sql
from treaty.kit.rows import Writing
from treaty.ledger.commands import record
from treaty.ledger.facts import about_deal
from treaty.people.commands import enter_stage
from treaty.people.rules import Stage, fold
from treaty.search.commands import add
from treaty.search.rules import Entry, Kind, found_by

ROWS = Writing(Deal)


def prepare(*, at: datetime) -> None:
    """Make the stages of the pipeline; those that are there stay."""
    rows = [
        DealStage(key=stage.key, name=stage.name, type=stage.type, position=place)
        for place, stage in enumerate(PIPELINE)
    ]
    DealStage.objects.bulk_create(rows, ignore_conflicts=True)


def open_deal(
    draft: DealDraft,
    *,
    at: datetime,
    by: int | None,
    source_key: str | None = None,
    follow: Callable[[int], None] | None = None,
) -> int:
    """Open a deal; its id. Under the same `source_key` it is opened once; from one handover comes one deal.

    `follow` is called within the transaction with a deal that is new. Raises Refused, fields.commands.WrongValue.
    """
    key = source_key or (f"deal-of-handover:{draft.handover}" if draft.handover else None)
    with transaction.atomic():
        row = _row(draft, key, at)
        deal = ROWS.insert_row(row, unless="external_key")
        if deal is not None:
            if draft.fields:
                set_values("deal", {deal: draft.fields}, at=at, by=by)
            add(Kind.DEAL, [(deal, found_by(Entry(deal, row.folded)))])
            ask_again([], persons=[draft.person])
            _record_opening(deal, draft, at=at, by=by, key=key)
            if follow:
                follow(deal)
        elif key is not None and (deal := deal_of_key(key)) is not None and in_bin([deal]):
            raise Refused("binned", "name")
    if deal is None:
        raise LookupError(f"The deal opened under {key!r} is gone.")
    return deal


def _row(draft: DealDraft, key: str | None, at: datetime) -> Deal:
    [(stage, kind)] = sql.ask("SELECT id, type FROM deals_dealstage WHERE key = %s", [draft.stage])
    if kind != StageType.OPEN:
        raise Refused("opens_closed", "stage")
    if not draft.name.strip():
        raise Refused("nameless", "name")
    told = row_of(draft) | {"stage_id": stage, "external_key": key}
    return Deal(**told, stage_since=at, opened_at=at, changed_at=at)


def row_of(draft: DealDraft) -> dict[str, object]:
    """The columns that a draft states."""
    return {
        "name": draft.name.strip(),
        "folded": fold(draft.name),
        "person_id": draft.person,
        "company_id": draft.company,
        "owner_id": draft.owner,
        "handover": draft.handover,
        "value_minor": draft.value.minor if draft.value is not None else None,
        "currency": draft.value.currency if draft.value is not None else "",
        "close_on": draft.close_on,
        "product": draft.product,
    }


def _record_opening(deal: int, draft: DealDraft, *, at: datetime, by: int | None, key: str | None) -> None:
    minor, currency = (draft.value.minor, draft.value.currency) if draft.value is not None else (None, "")
    fact = DealOpened(draft.stage, draft.person, draft.handover, minor, currency)
    record(fact, about=about_deal(deal), at=at, by=by, source_key=key and f"deal-opened:{key}")
    if draft.person is not None:
        enter_stage([draft.person], Stage.OPPORTUNITY, at=at, cause="DealOpened", by=by)
