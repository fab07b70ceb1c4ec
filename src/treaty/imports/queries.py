"""Readings of imports: the runs, newest first, one of them, and what a file would come to."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from treaty.agreements.queries import in_force
from treaty.deals.queries import stages
from treaty.fields.queries import fields_of
from treaty.imports.models import Change, Import, RecordChange
from treaty.imports.reading import Table
from treaty.imports.rules.columns import NO_OWN, PERSONS, Columns, Own, digest
from treaty.imports.rules.dates import is_day_first
from treaty.imports.rules.drafting import READERS
from treaty.imports.rules.options import Options, mended
from treaty.imports.rules.presets import preset_of
from treaty.imports.rules.problems import SAID, TEXT, BadField, BadRow, Broken
from treaty.imports.rules.rows import Around, Owners, unguarded
from treaty.imports.rules.things import Thing
from treaty.imports.rules.touchpoints import KINDS
from treaty.imports.wording import reason, reason_beside
from treaty.kit import clock
from treaty.kit.queries import ENDED
from treaty.ledger.queries import known_identities, number_of_batch, subjects_of_batch
from treaty.people.queries import persons_of, purposes
from treaty.staff.queries import company_country, installation, named_users


def runs(limit: int = 50) -> list[Import]:
    """The newest runs, with who began them and the job that does them."""
    return list(Import.objects.select_related("by", "job").order_by("-id")[:limit])


def every_run() -> Iterator[Import]:
    """All runs, newest first, with who began them."""
    return Import.objects.select_related("by").order_by("-id").iterator(chunk_size=1000)


def run_by_id(run_id: int) -> Import | None:
    """One run."""
    return Import.objects.select_related("by", "job").filter(pk=run_id).first()


def files_of_runs(ids: Collection[int]) -> dict[int, str]:
    """The names of the files that runs brought in, by run."""
    return dict(Import.objects.filter(pk__in=ids).values_list("pk", "file_name"))


def run_of_job(job_id: int) -> Import | None:
    """The newest run that a job began: one that was killed and did it again began two."""
    return Import.objects.filter(job_id=job_id).order_by("-id").first()


def last_run(header: Sequence[str], thing: Thing = PERSONS) -> Import | None:
    """The newest import of a file of a thing with these columns; None where such a file is new."""
    return Import.objects.filter(kind=thing.key, header=digest(header)).order_by("-id").first()


def can_offer(at: datetime) -> bool:
    """Whether there is an agreement by which persons can be offered to sales."""
    return in_force(at) is not None


UNDOABLE = frozenset({"persons", "companies", "deals"})
"""What can be taken back."""


def is_undoable(run: Import) -> bool:
    """Whether what a run brought can be taken back."""
    is_over = run.state in {"done", "cancelled"} or is_broken_off(run)
    return run.kind in UNDOABLE and not run.is_dry_run and is_over


def is_broken_off(run: Import) -> bool:
    """Whether a run stopped halfway and no job takes it up again; of one from the command line nobody can tell."""
    if run.state != "running" or run.by_id is None:
        return False
    return run.job is None or run.job.state in ENDED


def added_by(run: int) -> set[int]:
    """The persons a run added who are still there."""
    return set(persons_of(subjects_of_batch(run, "PersonAdded")).values())


def holders(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Who holds identities, by kind and value."""
    identities = known_identities(set(pairs))
    persons = persons_of(identities.values())
    return {pair: persons[identity] for pair, identity in identities.items() if identity in persons}


def changed_by(run: int) -> set[int]:
    """The persons a run changed who were there before."""
    return set(Change.objects.filter(run=run).values_list("person", flat=True))


def done_to_records(run: int, what: str) -> tuple[int, int]:
    """How many records that are no persons a run added and changed so far; of touchpoints those alone that it added."""
    if what == "touchpoints":
        return sum(number_of_batch(run, kind.__name__) for kind in KINDS.values()), 0
    kinds = list(RecordChange.objects.filter(run=run).values_list("is_new", flat=True))
    return sum(kinds), len(kinds) - sum(kinds)


def rejected_rows(run: Import, limit: int) -> list[tuple[str, str, str, str]]:
    """The first rows a run handed back: number, field, reason, and the row itself."""
    path = Path(run.bad_file)
    if not run.bad_file or not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        return [_rejected(list(zip(header, row, strict=True))) for row in islice(lines, limit)]


def _rejected(row: Sequence[tuple[str, str]]) -> tuple[str, str, str, str]:
    told = dict(row)
    cells = (unguarded(text) for name, text in row if name not in {*SAID, TEXT})
    number, field, reason = (told[name] for name in SAID)
    return number, field, reason, unguarded(told.get(TEXT, "")) or ", ".join(filter(None, cells))


DATED = 5_000
"""Rows by whose dates one sees whether they begin with the day."""
LOOKED_AT = 2_000
"""Rows of a file that are looked at before it is brought in."""
SHOWN = 100
SHOWN_BAD = 50
MENDABLE = 800
"""Cells that one page lets be mended: a form with more of them is not taken."""


STAFF = frozenset({"owner", "by"})
"""Fields that name somebody on the staff."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row before it is brought in: the cells of its mapped columns, and what is wrong with them by place."""

    number: int
    cells: list[tuple[int, str]]
    wrong: dict[int, str]
    others: list[str]
    """What is wrong and lies in no cell."""
    is_broken: bool = False
    """Whether its cells cannot be told apart for sure, so that each of them can be mended."""

    @property
    def mendable(self) -> int:
        """How many of its cells can be mended."""
        return len(self.cells) if self.is_broken else len(self.wrong)


@dataclass(slots=True)
class Preview:
    """What the first rows of a file would come to, the wrong ones first."""

    good: int = 0
    bad: int = 0
    is_whole: bool = True
    """Whether all rows were looked at."""
    rows: list[PreviewRow] = field(default_factory=list)

    @property
    def wrong(self) -> set[int]:
        """The places of columns in which one of these rows is wrong."""
        return {place for row in self.rows for place in row.wrong}


def differing(table: Table, fixes: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Of cells that were sent as mended those that say something else than the file."""
    found: dict[str, dict[str, str]] = {}
    for number, cells in islice(table.rows(), LOOKED_AT):
        row = {
            place: text
            for place, text in fixes.get(str(number), {}).items()
            if text != _cell(cells, int(place))
        }
        if row:
            found[str(number)] = row
    return found


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def preview(table: Table, columns: Columns, options: Options) -> Preview:
    """The first rows as drafts would see them. Raises reading.BadFile."""
    found, fine, left = Preview(), list[PreviewRow](), MENDABLE
    read, beside = READERS[columns.thing.key], around(options)
    for count, (number, told) in enumerate(table.rows()):
        if count == LOOKED_AT:
            found.is_whole = False
            break
        cells = mended(options, number, told)
        try:
            read(columns, cells, beside)
        except BadRow as bad:
            found.bad += 1
            if found.bad <= SHOWN_BAD and left > 0:
                found.rows.append(_shown(number, cells, columns, bad.fields))
                left -= found.rows[-1].mendable
        else:
            found.good += 1
            if len(fine) < SHOWN:
                fine.append(_shown(number, cells, columns, ()))
    found.rows += fine[: SHOWN - len(found.rows)]
    return found


def _shown(number: int, cells: Sequence[str], columns: Columns, problems: Sequence[BadField]) -> PreviewRow:
    wrong: dict[int, str] = {}
    others: list[str] = []
    for problem in problems:
        places = [place for place, field in columns.by_place if field == problem.field]
        wrong |= dict.fromkeys(places, reason(problem))
        others += [] if places else [reason_beside(problem)]
    texts = [(place, _cell(cells, place)) for place, _field in columns.by_place]
    if isinstance(cells, Broken):
        return PreviewRow(number, texts, {}, [reason(cells.wrong)], is_broken=True)
    return PreviewRow(number, texts, wrong, others)


def owners(options: Options) -> Owners:
    """Who can be named as an owner, and who is where the file names nobody of the staff."""
    return Owners(named_users(), options.owner)


def around(options: Options, at: datetime | None = None) -> Around:
    """What the reading of a row knows beside it; `at` is when the import began."""
    return Around(
        source=options.source,
        owners=owners(options),
        day_first=bool(options.day_first),
        currency=installation().currency,
        home=company_country(at or clock.now()),
        stages={name.casefold(): stage.key for stage in stages() for name in (stage.key, stage.name)},
        at=at,
    )


def own_fields(thing: Thing = PERSONS) -> Own:
    """The fields that the company defined of a thing, and what persons may agree to, as columns of a file name them."""
    rows, agreed = fields_of(thing.record), {}
    if thing is PERSONS:
        agreed = {f"consent.{one.key}": one for one in purposes(with_retired=True)}
    if not rows:
        return Own(purposes=agreed) if agreed else NO_OWN
    return Own({f"own.{row.key}": row for row in rows}, installation().currency, agreed)


def settled(options: Options, table: Table, columns: Columns) -> Options:
    """What the options leave to the file: whose keys its rows have, and where its dates have the day.

    Rows that were handed back are read as the file was from which they came.
    """
    preset, before = preset_of(table.header, columns.thing.key), _before(table, columns.thing)
    source = options.source or str(before.get("source", "")) or (preset.key if preset else "file")
    day_first = before.get("day_first") if options.day_first is None else options.day_first
    if day_first is None:
        found = is_day_first(dates(table, columns))
        day_first = bool(preset and preset.day_first) if found is None else found
    return replace(options, source=source.casefold(), day_first=bool(day_first))


def _before(table: Table, thing: Thing) -> Mapping[str, object]:
    """How the file was brought in whose rows were handed back in this one."""
    last = last_run(table.header, thing) if set(SAID) <= set(table.header) else None
    return last.options if last else {}


def dates(table: Table, columns: Columns) -> Iterator[str]:
    """The first cells of the first column that holds dates."""
    place = next((place for place, field in columns.by_place if field in columns.thing.dates), None)
    if place is not None:
        yield from (cells[place] for _number, cells in islice(table.rows(), DATED) if place < len(cells))
