"""Brings in what is no person: good rows are kept, bad ones handed back, and the same file again changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from treaty.deals.commands import KeptDeals, add_deals
from treaty.fields.queries import exist
from treaty.fields.rules import FieldRow
from treaty.imports.commands.past_deals import past_deals
from treaty.imports.commands.runs import Run, begin_run, end_run
from treaty.imports.commands.touchpoints import add_touchpoints
from treaty.imports.models import Change, RecordChange
from treaty.imports.queries import around, done_to_records, settled
from treaty.imports.reading import Table
from treaty.imports.rules.columns import Columns
from treaty.imports.rules.drafting import READERS
from treaty.imports.rules.options import PLAIN, Options, mended
from treaty.imports.rules.problems import BadField, BadRow, Good, Rejected, Report
from treaty.people.commands import CompanyBatch, KeptCompany, add_companies, find_binned
from treaty.people.rules import CompanyDraft, Outcome

Progress = Callable[[int], None]
"""Told now and then how many rows are done."""
LOOKED_UP = 1_000
"""Rows whose links to other records are looked up together."""
ONLY = {"upsert": None, "create": Outcome.NEW, "update": Outcome.CHANGED}


@dataclass(frozen=True, slots=True)
class Bringing:
    """An import under way: how it is run, and what is found out."""

    run: Run
    options: Options
    report: Report
    progress: Progress | None


def import_records(
    table: Table,
    columns: Columns,
    *,
    options: Options = PLAIN,
    at: datetime,
    by: int | None,
    progress: Progress | None = None,
) -> tuple[Report, str]:
    """Bring in what `columns.thing` says the rows are; the report, and the path of the file of rejected rows.

    A dry run does everything and takes it back, so its counts are those of the real one. A run that was killed goes on
    where its job is done again: what is in already is met again and changes nothing.
    """
    options, what = settled(options, table, columns), columns.thing.key
    run = begin_run(what, table, mapping=columns.named(table.header), options=options, at=at, by=by)
    new, changed = done_to_records(run.id, what) if run.is_resumed else (0, 0)
    here = Bringing(run, options, Report(run=run.id, header=table.header), progress)
    rows = _rows(table, columns, here)
    if options.dry_run:
        with transaction.atomic():
            outcomes = WRITERS[what](rows, here)
            transaction.set_rollback(True)
    else:
        outcomes = WRITERS[what](rows, here)
    counts, rejected = here.report.of(what), here.report.rejected
    counts.take(outcomes)
    counts.resume(new=new, changed=changed)
    counts.bad = len(rejected)
    rejected.sort(key=lambda each: each.row)
    return here.report, end_run(run, here.report)


def _rows(table: Table, columns: Columns, here: Bringing) -> Iterator[Good]:
    """The good rows; the others go into the report."""
    read, beside = READERS[columns.thing.key], around(here.options, here.run.at)
    linked, rest = columns.linked(), table.rows()
    while chunk := list(islice(rest, LOOKED_UP)):
        good = []
        for number, told in chunk:
            cells = mended(here.options, number, told)
            try:
                good.append(Good(number, tuple(cells), read(columns, cells, beside)))
            except BadRow as error:
                here.report.rejected.append(Rejected.of(number, cells, error.fields))
        lost = _lost(linked, [row.draft for row in good])
        for place, row in enumerate(good):
            if wrong := lost.get(place):
                here.report.reject(row, wrong)
            else:
                yield row


def _lost(linked: Sequence[FieldRow], drafts: Sequence[Any]) -> dict[int, list[BadField]]:
    """The drafts, by their places, whose own fields point to records that are not there."""
    found: dict[int, list[BadField]] = {}
    for row in linked:
        told = {place: (draft.fields or {}).get(row.key) for place, draft in enumerate(drafts)}
        asked = {place: one for place, one in told.items() if isinstance(one, int)}
        known = exist(row.kind, set(asked.values()))
        for place, one in asked.items():
            if one not in known:
                found.setdefault(place, []).append(BadField(f"own.{row.key}", "own_no_record", f"#{one}"))
    return found


def _companies(rows: Iterable[Good], here: Bringing) -> list[Outcome]:
    run = here.run

    def keep(kept: Sequence[KeptCompany]) -> None:
        RecordChange.objects.bulk_create(
            RecordChange(run_id=run.id, record=one.company, is_new=one.is_new, fields=one.fields)
            for one in kept
        )

    batch = CompanyBatch(id=run.id, only=ONLY[here.options.mode], keep=keep, progress=here.progress)
    belonging: dict[int, Good] = {}
    added = add_companies(_drafts(rows, here, belonging), at=run.at, by=run.by, batch=batch)
    for place, row in belonging.items():
        if added[place].outcome is Outcome.ROUND:
            here.report.reject(row, [BadField("parent", "company_round", row.draft.parent)])
    return [one.outcome for one in added if one.outcome is not Outcome.ROUND]


def _drafts(rows: Iterable[Good], here: Bringing, belonging: dict[int, Good]) -> Iterator[CompanyDraft]:
    """The drafts of the rows, those that belong to another company noted by their place: they may yet be handed back."""
    for place, row in enumerate(_outside_bin(rows, here)):
        if row.draft.parent:
            belonging[place] = row
        yield row.draft


def _outside_bin(rows: Iterable[Good], here: Bringing) -> Iterator[Good]:
    """The rows whose company is not in the bin; the others are handed back."""
    rest = iter(rows)
    while chunk := list(islice(rest, LOOKED_UP)):
        binned = find_binned([row.draft for row in chunk], at=here.run.at)
        for place, row in enumerate(chunk):
            if place in binned:
                here.report.reject(row, [BadField("name", "company_binned", row.draft.name)])
            else:
                yield row


def _deals(rows: Iterable[Good], here: Bringing) -> list[Outcome]:
    run = here.run

    def keep(kept: KeptDeals) -> None:
        new = [RecordChange(run_id=run.id, record=deal, is_new=True) for deal in kept.added]
        changed = [
            RecordChange(run_id=run.id, record=deal, is_new=False, fields=fields)
            for deal, fields in kept.changed.items()
        ]
        RecordChange.objects.bulk_create([*new, *changed])
        Change.objects.bulk_create(
            Change(run_id=run.id, person=person, fields={"stage": pair})
            for person, pair in kept.stages.items()
        )

    deals = past_deals(rows, here.report, mode=here.options.mode, at=run.at)
    added = add_deals(deals, at=run.at, by=run.by, batch=run.id, progress=here.progress, keep=keep)
    return [one.outcome for one in added]


def _touchpoints(rows: Iterable[Good], here: Bringing) -> list[Outcome]:
    return add_touchpoints(rows, here.report, here.run, here.progress)


Writer = Callable[[Iterable[Good], Bringing], list[Outcome]]
WRITERS: Mapping[str, Writer] = {"companies": _companies, "deals": _deals, "touchpoints": _touchpoints}
"""Each brings rows of one thing in, and says what came of them."""
