"""Takes back what one batch did to deals: what is still as it left it, and nobody built upon."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from treaty.deals.commands.asking import ask_again
from treaty.deals.commands.importing import WRITTEN, differences, plain
from treaty.deals.models import Deal
from treaty.deals.queries import stages
from treaty.deals.queries.bin import in_bin
from treaty.deals.rules import LOST
from treaty.fields.commands import Sheet, erase_values
from treaty.fields.queries import values_of
from treaty.kit.rows import among
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import SubjectKind, about_deal
from treaty.ledger.queries import subjects_elsewhere
from treaty.people.commands import take_back_stages
from treaty.people.rules import ORDER, Stage
from treaty.search.commands import follow, write
from treaty.search.rules import Kind
from treaty.staff.queries import audited

OWN = "own."
TOGETHER = (("stage_id", "closed_at"), ("value_minor", "currency"), ("name", "folded"))
"""Columns that mean something together alone: all of them are taken back, or none."""
FOLLOWING = frozenset({"stage_since"})
"""What the facts say that take a stage back."""
Changes = Mapping[str, Sequence[object]]


def take_back_deals(kept: Mapping[int, Changes], *, batch: int, at: datetime, by: int | None) -> int:
    """Make deals again what they were before a batch changed them; how many differ by it.

    `kept` is {deal: {field: [before, after]}}. What was changed since stays, and so does a deal in the bin.
    """
    keys = {stage.id: stage.key for stage in stages()}
    with transaction.atomic():
        hidden = in_bin(list(kept))
        there = among(Deal, "id", kept.keys() - hidden).select_for_update().order_by("pk")
        rows = list(there)
        own, changed, told = _restore_own(rows, kept), list[Deal](), list[Entry]()
        for row in rows:
            before = {name: getattr(row, name) for name in WRITTEN}
            if not _restored(row, kept[row.pk]) and row.pk not in own:
                continue
            facts = list(differences(row, before, keys, at))
            told += [
                Entry(fact, about_deal(row.pk), when, by, known_at=at, batch=batch) for fact, when in facts
            ]
            row.changed_at = at
            changed.append(row)
        ask_again([row.pk for row in changed])
        Deal.objects.bulk_update(changed, [name.removesuffix("_id") for name in WRITTEN])
        ask_again([], persons=[row.person_id for row in changed])
        follow(Kind.DEAL, [row.pk for row in changed])
        record_many(told, recorded_at=at, quiet=True)
    return len(changed)


def _restored(row: Deal, fields: Changes) -> bool:
    """Put the columns of a row back that are as the batch left them; whether any differs by it."""
    differing = {name for name, (_before, after) in fields.items() if not _is_as(row, name, after)}
    for group in TOGETHER:
        if differing & set(group):
            differing |= set(group)
    back = {
        name: before
        for name, (before, _after) in fields.items()
        if not name.startswith(OWN) and name not in differing | FOLLOWING
    }
    for name, before in back.items():
        setattr(row, name, _value(name, before))
    return bool(back)


def _is_as(row: Deal, name: str, told: object) -> bool:
    return name.startswith(OWN) or name in FOLLOWING or plain(getattr(row, name)) == told


def _value(name: str, told: object) -> object:
    """A value as the row holds it."""
    if not isinstance(told, str) or name not in {"closed_at", "close_on"}:
        return told
    return datetime.fromisoformat(told) if name == "closed_at" else date.fromisoformat(told)


def _restore_own(rows: Sequence[Deal], kept: Mapping[int, Changes]) -> set[int]:
    """Put fields back that the company defined; the deals that differ by it."""
    deals = [row.pk for row in rows if any(name.startswith(OWN) for name in kept[row.pk])]
    if not deals:
        return set()
    now, sheet, changed = values_of("deal", deals), Sheet("deal", deals, takes_retired=True), set[int]()
    for deal in deals:
        told = {
            name.removeprefix(OWN): before
            for name, (before, after) in kept[deal].items()
            if name.startswith(OWN) and now[deal].get(name.removeprefix(OWN)) == after
        }
        if told and sheet.put(deal, told):
            changed.add(deal)
    sheet.write()
    return changed


def remove_added_deals(deals: Collection[int], *, batch: int, undone: Collection[int]) -> int:
    """Remove deals that a batch added and with which nothing happened since; how many went.

    What happened is every fact outside of this batch and those that were `undone`, and every change that the audit
    tells of. Their facts stay in the ledger, about a deal that is no more.
    """
    with transaction.atomic():
        busy = subjects_elsewhere(deals, batches={batch, *undone}, kind=SubjectKind.DEAL)
        idle = sorted(set(deals) - busy - audited("deal", deals))
        ids = list(among(Deal, "id", idle).order_by("pk").values_list("pk", flat=True))
        write(Kind.DEAL, ids, ())
        ask_again(ids)
        erase_values("deal", ids)
        Deal.objects.filter(pk__in=ids).delete()
    return len(ids)


def take_back_stages_of_deals(
    kept: Mapping[int, Sequence[object]], *, batch: int, at: datetime, by: int | None
) -> set[int]:
    """Persons whom the deals of a batch led on the road stand again where they stood, unless another deal holds them there.

    `kept` is {person: (stage before, stage after)}; who they are is told.
    """
    others = among(Deal, "person_id", list(kept)).exclude(stage__type=LOST).order_by("pk")
    held: dict[int, int] = {}
    for person, kind in others.values_list("person_id", "stage__type"):
        if person is not None:
            held[person] = max(held.get(person, 0), ORDER[LED_TO[kind]])
    free = {
        person: pair for person, pair in kept.items() if held.get(person, 0) <= ORDER[Stage(str(pair[0]))]
    }
    return take_back_stages(free, batch=batch, at=at, by=by)


LED_TO = {"open": Stage.OPPORTUNITY, "won": Stage.CUSTOMER}
"""Where deals lead their persons."""
