"""A deal comes to be."""

from datetime import datetime

from django.db import transaction

from treaty.deals.facts import DealOpened
from treaty.deals.models import Deal, DealStage
from treaty.deals.rules import PIPELINE, DealDraft, Refused, StageType
from treaty.fields.commands import set_values
from treaty.ledger.commands import record
from treaty.ledger.facts import about_deal
from treaty.people.commands import enter_stage
from treaty.people.rules import Stage, fold
from treaty.search.commands import follow
from treaty.search.rules import Kind


def prepare(*, at: datetime) -> None:
    """Make the stages of the pipeline; those that are there stay."""
    rows = [
        DealStage(key=stage.key, name=stage.name, type=stage.type, position=place)
        for place, stage in enumerate(PIPELINE)
    ]
    DealStage.objects.bulk_create(rows, ignore_conflicts=True)


def open_deal(draft: DealDraft, *, at: datetime, by: int | None, source_key: str | None = None) -> int:
    """Open a deal; its id. Under the same `source_key` it is opened once; from one handover comes one deal.

    Raises Refused, fields.commands.WrongValue.
    """
    key = source_key or (f"deal-of-handover:{draft.handover}" if draft.handover else None)
    with transaction.atomic():
        deal, is_new = _row(draft, key, at)
        if is_new:
            if draft.fields:
                set_values("deal", {deal.pk: draft.fields}, at=at, by=by)
            follow(Kind.DEAL, [deal.pk])
            _record_opening(deal.pk, draft, at=at, by=by, key=key)
    return deal.pk


def _row(draft: DealDraft, key: str | None, at: datetime) -> tuple[Deal, bool]:
    stage = DealStage.objects.get(key=draft.stage)
    if stage.type != StageType.OPEN:
        raise Refused("opens_closed", "stage")
    if not draft.name.strip():
        raise Refused("nameless", "name")
    fields = row_of(draft) | {"stage": stage, "stage_since": at, "opened_at": at, "changed_at": at}
    if key is None:
        return Deal.objects.create(**fields), True
    return Deal.objects.get_or_create(external_key=key, defaults=fields)


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
