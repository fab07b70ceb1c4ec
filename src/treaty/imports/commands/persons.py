"""Brings persons in from a table, set at once: good rows are kept, bad ones handed back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from treaty.handovers.commands import offer
from treaty.imports.commands.runs import Run, begin_run, end_run
from treaty.imports.reading import Table
from treaty.imports.rules.columns import Columns
from treaty.imports.rules.persons import draft_of
from treaty.imports.rules.problems import BadField, BadRow, Rejected, Report
from treaty.people.commands import Added, add_persons
from treaty.people.rules import Outcome, PersonDraft
from treaty.scoring.commands import score_again
from treaty.staff.queries import addresses

Progress = Callable[[int], None]
"""Told now and then how many rows are done."""


@dataclass(frozen=True, slots=True)
class Options:
    """How an import is run: only tried, and whether those it brings are offered to sales on purpose."""

    dry_run: bool = False
    offer: bool = False
    source: str = "file"
    job: int | None = None
    """The job that does it."""


def import_persons(
    table: Table,
    columns: Columns,
    *,
    options: Options = Options(),
    at: datetime,
    by: int | None,
    progress: Progress | None = None,
) -> tuple[Report, str]:
    """Bring persons in; the report, and the path of the file of rejected rows (empty where there are none).

    A dry run does everything and takes it back, so its counts are those of the real one. History opens no handover;
    `options.offer` offers everybody the file names, on purpose.
    """
    mapping = columns.named(table.header)
    run = begin_run(
        "persons", table, mapping=mapping, is_dry_run=options.dry_run, at=at, by=by, job=options.job
    )
    report = Report(header=table.header)
    drafts = _drafts(table, columns, report, options.source, addresses())
    if options.dry_run:
        with transaction.atomic():
            _add(drafts, report, run, progress)
            transaction.set_rollback(True)
    else:
        added = _add(drafts, report, run, progress)
        if options.offer:
            known = {each.person_id for each in added if each.outcome is not Outcome.FORGOTTEN}
            offer(known, at=run.at, by=run.by, on_purpose=True)
    return report, end_run(run, report)


def _drafts(
    table: Table,
    columns: Columns,
    report: Report,
    source: str,
    owners: Mapping[str, int],
) -> Iterator[PersonDraft]:
    """The drafts of the good rows, whose numbers go into the report."""
    for number, cells in table.rows():
        try:
            draft = draft_of(columns, cells, source=source, owners=owners)
            report.taken.append(number)
            yield draft
        except BadRow as error:
            report.rejected.append(Rejected(number, tuple(cells), error.fields))


def _add(
    drafts: Iterator[PersonDraft],
    report: Report,
    run: Run,
    progress: Progress | None,
) -> list[Added]:
    added = add_persons(
        drafts,
        at=run.at,
        by=run.by,
        source="import",
        batch=run.id,
        progress=progress,
        follow=lambda persons: score_again(persons, at=run.at),
    )
    # Not the row itself: what it says is what was asked to be forgotten.
    refused = (BadField("name", "forgotten"),)
    report.rejected += [
        Rejected(number, ("",) * len(report.header), refused)
        for number, each in zip(report.taken, added, strict=True)
        if each.outcome is Outcome.FORGOTTEN
    ]
    counts = report.of("persons")
    counts.take(each.outcome for each in added)
    counts.flagged = sum(each.is_conflict for each in added)
    counts.bad = len(report.rejected)
    return added
