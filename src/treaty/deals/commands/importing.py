"""Deals that another system kept, many at once: met by their key, written set at once, their past told to the ledger."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from django.db import transaction

from treaty.deals.commands.asking import ask_again
from treaty.deals.commands.opening import row_of
from treaty.deals.facts import DealChanged, DealLost, DealMoved, DealOpened, DealReopened, DealWon
from treaty.deals.models import Deal
from treaty.deals.queries import StageRow, persons_behind, stages
from treaty.deals.queries.bin import in_bin
from treaty.deals.rules import FIRST_STAGE, LOST, WON, PastDeal
from treaty.fields.commands import Sheet
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import Fact, about_deal
from treaty.ledger.queries import history
from treaty.people.commands import stage_listener
from treaty.people.queries.standing import stages_of
from treaty.people.rules import Outcome, Stage
from treaty.search.commands import follow
from treaty.search.rules import Kind

CHUNK = 5_000
STATED = (
    "name",
    "folded",
    "person_id",
    "company_id",
    "owner_id",
    "value_minor",
    "currency",
    "close_on",
    "product",
)
"""Columns that a past deal may state; what it leaves blank stays."""
WRITTEN = (*STATED, "reason", "flags", "stage_id", "stage_since", "closed_at", "changed_at")

enter_opportunity = stage_listener(Stage.OPPORTUNITY, persons=persons_behind)
enter_customer = stage_listener(Stage.CUSTOMER, persons=persons_behind)
leave_opportunity = stage_listener(Stage.SQL, back=True, persons=persons_behind)


@dataclass(frozen=True, slots=True)
class Added:
    """The deal a past deal became or met."""

    deal_id: int
    outcome: Outcome


class KeptDeals(NamedTuple):
    """What a chunk of a batch did, for who takes it back: {field: [before, after]} as JSON holds it."""

    added: list[int]
    changed: dict[int, dict[str, list[object]]]
    """By deal; `own.<key>` are fields that the company defined."""
    stages: dict[int, list[object]]
    """By person, whose stage changed by it: the one before and the one after."""


def add_deals(
    deals: Iterable[PastDeal],
    *,
    at: datetime,
    by: int | None,
    batch: int | None = None,
    progress: Callable[[int], None] | None = None,
    keep: Callable[[KeptDeals], None] | None = None,
) -> list[Added]:
    """Add or renew many deals, set at once in chunks; what came of each, in order.

    The same deals again change nothing; where a key comes twice the first one holds. A deal in the bin stays as it is.
    Persons enter the stages that their deals lead to, each at the time of the fact. The past opens no handover: the
    ledger is told quietly.
    `progress` is told after each chunk how many are done; `keep`, within its transaction, what it did.
    """
    rest, added = iter(deals), list[Added]()
    while chunk := list(islice(rest, CHUNK)):
        with transaction.atomic():
            book = _Chunk(chunk, at, by, batch, keeps=keep is not None)
            added += book.add()
            if keep:
                keep(book.kept)
        if progress:
            progress(len(added))
    return added


class _Chunk:
    """One transaction's deals on their way into the tables."""

    def __init__(
        self, deals: Sequence[PastDeal], at: datetime, by: int | None, batch: int | None, *, keeps: bool
    ) -> None:
        self.deals, self.at, self.by, self.batch, self.keeps = deals, at, by, batch, keeps
        self.stages = {stage.key: stage for stage in stages()}
        self.keys = {stage.id: stage.key for stage in self.stages.values()}
        self.facts: list[Entry] = []
        self.kept = KeptDeals([], {}, {})
        self.binned: dict[str, int] = {}
        """By key the deals that lie in the bin: they stay as they are."""

    def add(self) -> list[Added]:
        """Match, compare, write, tell."""
        first: dict[str, PastDeal] = {}
        for deal in self.deals:
            first.setdefault(deal.key, deal)
        met = {str(row.external_key): row for row in Deal.objects.filter(external_key__in=list(first))}
        hidden = in_bin([row.pk for row in met.values()])
        self.binned = {key: row.pk for key, row in met.items() if row.pk in hidden}
        rows = {key: row for key, row in met.items() if key not in self.binned}
        first = {key: deal for key, deal in first.items() if key not in self.binned}
        before = {row.person_id for row in rows.values()}
        new = Deal.objects.bulk_create([self._new(deal) for key, deal in first.items() if key not in rows])
        made = {str(row.external_key): row for row in new}
        for key, row in made.items():
            self._tell_past(row, first[key])
        changed = {key for key, row in rows.items() if self._renew(row, first[key])}
        changed |= self._state_own(first, rows, made)
        Deal.objects.bulk_update(
            [rows[key] for key in changed], [name.removesuffix("_id") for name in WRITTEN]
        )
        follow(Kind.DEAL, [*(row.pk for row in made.values()), *(rows[key].pk for key in changed)])
        ask_again([], persons={*before, *(row.person_id for row in (*made.values(), *rows.values()))})
        self.kept.added.extend(row.pk for row in made.values())
        record_many(self.facts, recorded_at=self.at, quiet=True)
        self._enter_stages({row.person_id for row in (*made.values(), *rows.values()) if row.person_id})
        return [
            self._added(deal, made, rows, changed, is_first=first.get(deal.key) is deal)
            for deal in self.deals
        ]

    def _state_own(
        self, first: Mapping[str, PastDeal], rows: Mapping[str, Deal], made: Mapping[str, Deal]
    ) -> set[str]:
        """Write what the deals tell of fields of one's own; the keys of known ones that differ by it."""
        told = {key: deal.draft.fields for key, deal in first.items() if deal.draft.fields}
        if not told:
            return set()
        sheet = Sheet("deal", [rows[key].pk for key in told if key in rows], adds_tags=True)
        differing = {
            key for key, fields in told.items() if sheet.put((made.get(key) or rows[key]).pk, fields)
        }
        sheet.write()
        for key in differing & rows.keys():
            rows[key].changed_at = self.at
            kept = self.kept.changed.setdefault(rows[key].pk, {})
            for name, pair in sheet.changed[rows[key].pk].items():
                kept[f"own.{name}"] = list(pair)
        return differing & rows.keys()

    def _added(
        self,
        deal: PastDeal,
        made: dict[str, Deal],
        rows: dict[str, Deal],
        changed: set[str],
        *,
        is_first: bool,
    ) -> Added:
        if deal.key in self.binned:
            return Added(self.binned[deal.key], Outcome.BINNED)
        row = made.get(deal.key) or rows[deal.key]
        if not is_first:
            return Added(row.pk, Outcome.UNCHANGED)
        outcome = (
            Outcome.NEW if deal.key in made else Outcome.CHANGED if deal.key in changed else Outcome.UNCHANGED
        )
        return Added(row.pk, outcome)

    def _new(self, deal: PastDeal) -> Deal:
        closed_at = self._closed_at(deal)
        return Deal(
            **row_of(deal.draft),
            external_key=deal.key,
            stage_id=self.stages[deal.draft.stage].id,
            stage_since=closed_at or deal.opened_at,
            opened_at=deal.opened_at,
            closed_at=closed_at,
            reason=deal.reason[:200],
            flags=list(deal.flags),
            changed_at=self.at,
        )

    def _closed_at(self, deal: PastDeal) -> datetime | None:
        return None if self._stage(deal).type == "open" else deal.closed_at or deal.opened_at

    def _stage(self, deal: PastDeal) -> StageRow:
        return self.stages[deal.draft.stage]

    def _tell_past(self, row: Deal, deal: PastDeal) -> None:
        began = FIRST_STAGE if row.closed_at else deal.draft.stage
        opened = DealOpened(began, row.person_id, row.handover, row.value_minor, row.currency)
        self._record(row, opened, deal.opened_at, "", f"{row.pk}:opened")
        if row.closed_at:
            self._record(row, end_of(row, deal.draft.stage), row.closed_at, deal.reason, f"{row.pk}:closed")

    def _renew(self, row: Deal, deal: PastDeal) -> bool:
        """Put what the deal tells into the row, with the facts that say so; whether anything differed."""
        before = {name: getattr(row, name) for name in WRITTEN}
        stated = row_of(deal.draft)
        for name in STATED:
            if stated[name] not in {None, ""}:
                setattr(row, name, stated[name])
        row.reason = deal.reason[:200] or row.reason
        row.flags = list(deal.flags) or row.flags
        row.stage_id, row.closed_at = self._stage(deal).id, self._closed_at(deal)
        for fact, when in differences(row, before, self.keys, self.at):
            self._record(row, fact, when, deal.reason)
        after = {name: getattr(row, name) for name in WRITTEN}
        if before == after:
            return False
        row.changed_at = self.at
        self.kept.changed[row.pk] = {
            name: [plain(before[name]), plain(after[name])] for name in WRITTEN if before[name] != after[name]
        }
        return True

    def _record(self, row: Deal, fact: Fact, when: datetime, text: str, key: str | None = None) -> None:
        source_key = key and f"past-deal:{key}"
        entry = Entry(fact, about_deal(row.pk), when, self.by, source_key, when, self.batch, text.strip())
        self.facts.append(entry)

    def _enter_stages(self, persons: set[int]) -> None:
        """Persons go where the facts just told lead them."""
        before = stages_of(persons) if self.keeps else {}
        self._follow_facts()
        after = stages_of(before)
        self.kept.stages.update(
            {one: [before[one], after[one]] for one in before if before[one] != after[one]}
        )

    def _follow_facts(self) -> None:
        told = {entry.about for entry in self.facts if getattr(entry.fact, "person", None) is not None}
        whole = history(told, kinds=[DealOpened.__name__, DealWon.__name__, DealLost.__name__])
        lines = [line for line in whole if line.batch == self.batch]
        lost = [line for line in lines if isinstance(line.fact, DealLost)]
        persons = persons_behind(lost)
        busy = Deal.objects.filter(person__in=set(persons.values())).exclude(stage__type="lost")
        kept = set(busy.values_list("person_id", flat=True)) if lost else set()
        for enter, of_kind in (
            (enter_opportunity, [line for line in lines if isinstance(line.fact, DealOpened)]),
            (enter_customer, [line for line in lines if isinstance(line.fact, DealWon)]),
            (leave_opportunity, [line for line in lost if persons[line.id] not in kept]),
        ):
            if of_kind:
                enter(of_kind)


def differences(
    row: Deal, before: Mapping[str, object], keys: Mapping[int, str], at: datetime
) -> Iterator[tuple[Fact, datetime]]:
    """The facts that lead from what was known to the row, which then says since when it stands so."""
    has_new_value = (before["value_minor"], before["currency"]) != (row.value_minor, row.currency)
    has_moved = before["stage_id"] != row.stage_id
    was, now = keys[int(str(before["stage_id"]))], keys[row.stage_id]
    if row.closed_at and (has_moved or has_new_value or before["closed_at"] != row.closed_at):
        row.stage_since = row.closed_at
        yield end_of(row, now), row.closed_at
        if now == LOST and has_new_value:
            yield DealChanged(row.value_minor, row.currency), at
    elif has_moved:
        row.stage_since = at
        value = (row.value_minor, row.currency)
        yield DealReopened(now, row.person_id, *value) if before["closed_at"] else DealMoved(was, now), at
    if not row.closed_at and has_new_value and not (has_moved and before["closed_at"]):
        yield DealChanged(row.value_minor, row.currency), at


def plain(value: object) -> object:
    """A value of a row as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


def end_of(row: Deal, stage: str) -> Fact:
    """The fact that ends a deal."""
    return DealWon(row.person_id, row.value_minor, row.currency) if stage == WON else DealLost(row.person_id)
