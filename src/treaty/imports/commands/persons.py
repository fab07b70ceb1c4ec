"""Brings persons in from a table, set at once: good rows are kept, bad ones handed back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from itertools import chain

from django.db import transaction

from treaty.fields.queries import FieldRow, exist
from treaty.handovers.commands import offer
from treaty.imports.beside import sifted
from treaty.imports.commands.runs import Run, begin_run, end_run
from treaty.imports.models import Change
from treaty.imports.queries import added_by, can_offer, changed_by, owners, settled
from treaty.imports.reading import Table
from treaty.imports.rules.columns import Columns
from treaty.imports.rules.gate import Gate, Pair
from treaty.imports.rules.options import PLAIN, Options
from treaty.imports.rules.problems import BadField, Rejected, Report
from treaty.imports.sifting import Block, Cells, Sieve
from treaty.kit import sql
from treaty.kit.collector import without_collector
from treaty.ledger.commands import pepper
from treaty.ledger.queries import Key
from treaty.people.commands import Kept, add_ready
from treaty.people.rules import Outcome, PersonDraft, Ready
from treaty.scoring.commands import score_again
from treaty.staff.queries import company_country


class NothingAgreed(ValueError):
    """Nobody can be offered to sales: no agreement is in force."""


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
    `options.offer` offers everybody the file names, on purpose, and counts whom that offered. A run that was killed
    goes on where its job is done again: what is in already is met again and changes nothing.
    Raises reading.BadFile, NothingAgreed.
    """
    if options.offer and not can_offer(at):
        raise NothingAgreed
    options = settled(options, table, columns)
    run = begin_run("persons", table, mapping=columns.named(table.header), options=options, at=at, by=by)
    before = (added_by(run.id), changed_by(run.id)) if run.is_resumed else (set[int](), set[int]())
    report = Report(run=run.id, header=table.header)
    judge = judge_of(columns, options, report, before[0])
    home = company_country(at)
    sieve = Sieve(
        table, columns, options, owners(options), pepper(), keeps_cells=judge is not None, home=home
    )
    named = set[int]() if options.offer else None
    with without_collector(), sql.unmapped(), closing(sifted(sieve)) as blocks:
        if options.dry_run:
            with transaction.atomic():
                _add(_ready(blocks, report, judge), report, run, progress, judge, named=named)
                _offer(named, report, run)
                transaction.set_rollback(True)
        else:
            _add(_ready(blocks, report, judge), report, run, progress, judge, named=named)
            report.of("persons").resume(new=len(before[0]), changed=len(before[1]))
            _offer(named, report, run)
    return report, end_run(run, report)


def _offer(named: set[int] | None, report: Report, run: Run) -> None:
    """Offer whom the file names, where that was asked for; how many that was new for is counted."""
    if named is not None:
        report.of("persons").offered = len(offer(named, at=run.at, by=run.by, on_purpose=True))


def judge_of(columns: Columns, options: Options, report: Report, ours: set[int]) -> "Judge | None":
    """Who judges the good rows, where any of them might not pass."""
    linked = columns.linked()
    return None if options.is_plain and not linked else Judge(options, report, ours, linked)


def _ready(blocks: Iterator[Block], report: Report, judge: "Judge | None") -> Iterator[Ready]:
    """The drafts of the good rows, whose numbers go into the report, as the bad rows do."""
    for block in blocks:
        report.rejected += block.rejected
        report.taken += block.numbers
        if judge:
            judge.told.put(block)
        yield from block.ready


class Judge:
    """Says chunk by chunk which good rows pass; those that do not are counted or handed back."""

    def __init__(self, options: Options, report: Report, ours: set[int], linked: Sequence[FieldRow]) -> None:
        self.report, self.linked = report, linked
        self.gate = Gate(options, frozenset(ours))
        self.told = Told()
        self.done = 0
        self.passed: list[int] = []

    def admit(self, ready: Sequence[Ready], holders: Mapping[Key, int]) -> list[bool]:
        """Whether each of the next rows passes; `holders` are the persons that hold identities."""
        numbers = self.report.taken[self.done : self.done + len(ready)]
        self.done += len(ready)
        lost = [self._lost(row, [each.draft for each in ready]) for row in self.linked]
        passes = [
            self._passes(number, each, holders, [wrong[place] for wrong in lost if place in wrong])
            for place, (number, each) in enumerate(zip(numbers, ready, strict=True))
        ]
        self.told.forget(numbers)
        return passes

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
        self, number: int, ready: Ready, holders: Mapping[Key, int], lost: Sequence[BadField]
    ) -> bool:
        keys = ready.keys
        pairs = [(kind, value) for (kind, _key), value in zip(keys, ready.values, strict=True)]
        is_known = not holders.keys().isdisjoint(keys)
        judged = self.gate.judge(pairs, _held(pairs, keys, holders) if is_known else {})
        wrong = None if judged is None else [*judged, *lost]
        if wrong is None:
            self.report.of("persons").skipped += 1
        elif wrong:
            self.report.rejected.append(Rejected(number, self.told.of(number), tuple(wrong)))
        else:
            self.passed.append(number)
        return wrong is not None and not wrong


def _held(pairs: Sequence[Pair], keys: Sequence[Key], holders: Mapping[Key, int]) -> dict[Pair, int]:
    """Who holds which of some identities."""
    return {pair: holders[key] for pair, key in zip(pairs, keys, strict=True) if key in holders}


class Told:
    """The cells of good rows that are yet to be judged, by their numbers."""

    def __init__(self) -> None:
        self.blocks: dict[int, Block] = {}
        self.read: tuple[Block, dict[int, Cells]] | None = None
        """The block that was asked for last."""

    def put(self, block: Block) -> None:
        """Keep those of a block."""
        self.blocks |= dict.fromkeys(block.numbers, block)

    def of(self, number: int) -> Cells:
        """The cells of a row."""
        block = self.blocks[number]
        if self.read is None or self.read[0] is not block:
            self.read = block, block.told()
        return self.read[1][number]

    def forget(self, numbers: Iterable[int]) -> None:
        """These rows are judged."""
        for number in numbers:
            del self.blocks[number]


def _add(
    ready: Iterator[Ready],
    report: Report,
    run: Run,
    progress: Progress | None,
    judge: Judge | None,
    *,
    named: set[int] | None,
) -> None:
    """Add the persons of drafts; into `named` goes each whom the file names."""
    added = add_ready(
        ready,
        at=run.at,
        by=run.by,
        source="import",
        batch=run.id,
        progress=progress,
        follow=lambda persons: score_again(persons, at=run.at),
        admit=judge.admit if judge else None,
        keep=lambda kept: _keep(kept, run),
    )
    outcomes, gone, flagged = Counter[str](), list[tuple[int, Outcome]](), 0
    for place, each in enumerate(chain.from_iterable(added)):
        outcomes[each.outcome] += 1
        flagged += each.is_conflict
        if each.outcome in GONE:
            gone.append((place, each.outcome))
        elif named is not None:
            named.add(each.person_id)
    taken = judge.passed if judge else report.taken
    # Not the row itself: what it says is what was asked to be forgotten.
    blank = ("",) * len(report.header)
    report.rejected += [
        Rejected(taken[place], blank, (BadField("name", str(outcome)),)) for place, outcome in gone
    ]
    report.rejected.sort(key=lambda each: each.row)
    counts = report.of("persons")
    counts.take(outcomes)
    counts.flagged, counts.bad = flagged, len(report.rejected)


def _keep(kept: Iterable[Kept], run: Run) -> None:
    """What a chunk changed, in its own transaction, for who undoes the import."""
    Change.objects.bulk_create(Change(run_id=run.id, **each._asdict()) for each in kept)
