"""Brings persons in from a table, set at once: good rows are kept, bad ones handed back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from treaty.fields.queries import FieldRow, exist
from treaty.handovers.commands import offer
from treaty.imports.commands.runs import Run, begin_run, end_run
from treaty.imports.models import Change
from treaty.imports.queries import added_by, changed_by, settled
from treaty.imports.reading import Table
from treaty.imports.rules.columns import Columns
from treaty.imports.rules.gate import Gate
from treaty.imports.rules.options import PLAIN, Options, mended
from treaty.imports.rules.persons import draft_of
from treaty.imports.rules.problems import BadField, BadRow, Rejected, Report
from treaty.ledger.queries import known_identities
from treaty.people.commands import Added, Kept, add_persons
from treaty.people.queries import persons_of
from treaty.people.rules import Outcome, PersonDraft, identity_pairs
from treaty.scoring.commands import score_again
from treaty.staff.queries import named_users

GONE = (Outcome.FORGOTTEN, Outcome.BINNED)
"""What came of drafts that were handed back."""
Progress = Callable[[int], None]
"""Told now and then how many rows are done."""


def import_persons(
    table: Table,
    columns: Columns,
    *,
    options: Options = PLAIN,
    at: datetime,
    by: int | None,
    progress: Progress | None = None,
) -> tuple[Report, str]:
    """Bring persons in; the report, and the path of the file of rejected rows (empty where there are none).

    A dry run does everything and takes it back, so its counts are those of the real one. History opens no handover;
    `options.offer` offers everybody the file names, on purpose. A run that was killed goes on where its job is done
    again: what is in already is met again and changes nothing.
    """
    options = settled(options, table, columns)
    run = begin_run("persons", table, mapping=columns.named(table.header), options=options, at=at, by=by)
    before = (added_by(run.id), changed_by(run.id)) if run.is_resumed else (set[int](), set[int]())
    report = Report(run=run.id, header=table.header)
    linked = columns.linked()
    looks = not options.is_plain or bool(linked)
    drafts = _drafts(table, columns, report, options, named_users(), looks=looks)
    judge = Judge(options, report, before[0], linked) if looks else None
    if options.dry_run:
        with transaction.atomic():
            _add(drafts, report, run, progress, judge)
            transaction.set_rollback(True)
    else:
        added = _add(drafts, report, run, progress, judge)
        report.of("persons").resume(new=len(before[0]), changed=len(before[1]))
        if options.offer:
            known = {each.person_id for each in added if each.outcome not in GONE}
            offer(known, at=run.at, by=run.by, on_purpose=True)
    return report, end_run(run, report)


def _drafts(
    table: Table,
    columns: Columns,
    report: Report,
    options: Options,
    owners: Mapping[str, int],
    *,
    looks: bool,
) -> Iterator[PersonDraft]:
    """The drafts of the good rows, whose numbers go into the report; read ahead, so nothing here asks the database."""
    for number, told in table.rows():
        cells = mended(options, number, told)
        try:
            draft = draft_of(
                columns, cells, source=options.source, owners=owners, day_first=bool(options.day_first)
            )
            report.taken.append(number)
            if looks:
                report.told[number] = tuple(cells)
            yield draft
        except BadRow as error:
            report.rejected.append(Rejected(number, tuple(cells), error.fields))


class Judge:
    """Says chunk by chunk which good rows pass; those that do not are counted or handed back."""

    def __init__(
        self, options: Options, report: Report, ours: set[int], linked: Sequence[FieldRow] = ()
    ) -> None:
        self.report, self.linked = report, linked
        self.gate = Gate(options, frozenset(ours))
        self.done = 0
        self.passed: list[int] = []

    def admit(self, drafts: Sequence[PersonDraft]) -> list[bool]:
        """Whether each of the next rows passes."""
        held = holders([pair for draft in drafts for pair in identity_pairs(draft)])
        numbers = self.report.taken[self.done : self.done + len(drafts)]
        self.done += len(drafts)
        lost = [self._lost(row, drafts) for row in self.linked]
        return [
            self._passes(number, draft, held, [wrong[place] for wrong in lost if place in wrong])
            for place, (number, draft) in enumerate(zip(numbers, drafts, strict=True))
        ]

    @staticmethod
    def _lost(row: FieldRow, drafts: Sequence[PersonDraft]) -> dict[int, BadField]:
        """The drafts, by their places, whose field points to a record that is not there."""
        told = {place: (draft.fields or {}).get(row.key) for place, draft in enumerate(drafts)}
        asked = {place: one for place, one in told.items() if isinstance(one, int)}
        known = exist(row.kind, set(asked.values()))
        return {
            place: BadField(f"own.{row.key}", "own_no_record", f"#{one}")
            for place, one in asked.items()
            if one not in known
        }

    def _passes(
        self,
        number: int,
        draft: PersonDraft,
        held: Mapping[tuple[str, str], int],
        lost: Sequence[BadField],
    ) -> bool:
        judged, cells = self.gate.judge(draft, held), self.report.told.pop(number)
        wrong = None if judged is None else [*judged, *lost]
        if wrong is None:
            self.report.of("persons").skipped += 1
        elif wrong:
            self.report.rejected.append(Rejected(number, cells, tuple(wrong)))
        else:
            self.passed.append(number)
        return wrong is not None and not wrong


def holders(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Who holds identities, by kind and value."""
    identities = known_identities(set(pairs))
    persons = persons_of(identities.values())
    return {pair: persons[identity] for pair, identity in identities.items() if identity in persons}


def _add(
    drafts: Iterator[PersonDraft],
    report: Report,
    run: Run,
    progress: Progress | None,
    judge: Judge | None,
) -> list[Added]:
    added = add_persons(
        drafts,
        at=run.at,
        by=run.by,
        source="import",
        batch=run.id,
        progress=progress,
        follow=lambda persons: score_again(persons, at=run.at),
        admit=judge.admit if judge else None,
        keep=lambda kept: _keep(kept, run),
    )
    report.taken = judge.passed if judge else report.taken
    # Not the row itself: what it says is what was asked to be forgotten.
    report.rejected += [
        Rejected(number, ("",) * len(report.header), (BadField("name", str(each.outcome)),))
        for number, each in zip(report.taken, added, strict=True)
        if each.outcome in GONE
    ]
    report.rejected.sort(key=lambda each: each.row)
    counts = report.of("persons")
    counts.take(each.outcome for each in added)
    counts.flagged = sum(each.is_conflict for each in added)
    counts.bad = len(report.rejected)
    return added


def _keep(kept: Iterable[Kept], run: Run) -> None:
    """What a chunk changed, in its own transaction, for who undoes the import."""
    Change.objects.bulk_create(Change(run_id=run.id, **each._asdict()) for each in kept)
