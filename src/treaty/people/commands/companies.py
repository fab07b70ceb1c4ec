"""Verbs about companies and who works for them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef

from treaty.fields.commands import Sheet, WrongValue, join_tags, set_values
from treaty.kit import sql
from treaty.ledger.commands import Entry, record, record_many
from treaty.ledger.facts import about_company
from treaty.people.commands import bulk
from treaty.people.commands.company_parents import Lineage, check_parent
from treaty.people.facts import CompanyChanged
from treaty.people.models import BinnedCompany, Company
from treaty.people.rules import CompanyDraft, Outcome, fold
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit

CHUNK = 10_000
TABLE = "people_company"
PLAIN = ("domain", "sector", "employees", "founded", "revenue_minor", "revenue_currency", "city", "country")
"""Fields a draft states as they are stored."""
COLUMNS = ("name", "folded", "external_key", *PLAIN, "owner_id", "parent_id", "created_at", "changed_at")
VALUES_OF = itemgetter(*COLUMNS)
FOUND_BY = ("external_key", "folded")
EMPTY: dict[str, object] = {
    "external_key": None,
    "domain": "",
    "sector": "",
    "employees": None,
    "founded": None,
    "revenue_minor": None,
    "revenue_currency": "",
    "city": "",
    "country": "",
    "owner_id": None,
    "parent_id": None,
}
WRITTEN = (Outcome.CHANGED, Outcome.UNCHANGED)
CHANGEABLE = frozenset({"name", "owner_id", "parent_id", *PLAIN})


@dataclass(frozen=True, slots=True)
class AddedCompany:
    """The company a draft became or met."""

    company_id: int
    outcome: Outcome


class KeptCompany(NamedTuple):
    """What a batch did to one company: added it, or changed fields, {field: [before, after]} as JSON holds it."""

    company: int
    is_new: bool
    fields: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyBatch:
    """How many companies come in together: whom they may touch, and who hears of what came of each chunk."""

    id: int | None = None
    """The batch of the facts that tell of changed companies."""
    only: Outcome | None = None
    """NEW passes over companies that are known, CHANGED those that are not."""
    keep: Callable[[Sequence[KeptCompany]], None] | None = None
    """Told within each chunk's transaction what to keep for who takes the batch back."""
    progress: Callable[[int], None] | None = None
    """Told after each chunk how many drafts are done."""


ALL = CompanyBatch()


@dataclass(slots=True)
class _Line:
    """A company of this chunk as its row will stand."""

    id: int
    values: dict[str, object]
    is_new: bool
    is_binned: bool = False
    is_changed: bool = False
    changes: dict[str, list[object]] = field(default_factory=dict)


class _Book:
    """The companies a chunk of drafts speaks of, found by external key or by folded name; of two those in the bin last.

    Who changes none of them reads no more of each than `FOUND_BY`.
    """

    def __init__(
        self, keys: Collection[str], names: Collection[str], at: datetime, read: Sequence[str] = COLUMNS
    ) -> None:
        self.at = at
        self.by_key: dict[str, _Line] = {}
        self.by_name: dict[str, _Line] = {}
        self.lines: list[_Line] = []
        wanted = Company.objects.extra(  # noqa: S610  the condition is ours, its values are parameters
            where=[f"({sql.one_of_texts('external_key')} OR {sql.one_of_texts('folded')})"],
            params=[sql.listed(sorted(keys)), sql.listed(sorted(names))],
        )
        wanted = wanted.annotate(is_binned=Exists(BinnedCompany.objects.filter(company=OuterRef("pk"))))
        found = wanted.order_by("is_binned", "id").values_list("id", "is_binned", *read)
        for company, is_binned, *values in found:
            told = dict(zip(read, values, strict=True))
            self._keep(_Line(company, told, is_new=False, is_binned=is_binned))

    def _keep(self, line: _Line) -> None:
        self.lines.append(line)
        if line.values["external_key"]:
            self.by_key.setdefault(str(line.values["external_key"]), line)
        self.by_name.setdefault(str(line.values["folded"]), line)

    def find(self, key: str, folded: str) -> _Line | None:
        """The company of an external key, else of that name unless it has another key."""
        if key and key in self.by_key:
            return self.by_key[key]
        named = self.by_name.get(folded)
        has_other_key = named is not None and key and named.values["external_key"] not in {None, key}
        return None if has_other_key else named

    def add(self, name: str, key: str) -> _Line:
        """A company yet to be written; its id follows."""
        stamps = {"created_at": self.at, "changed_at": self.at}
        values = EMPTY | {"name": name, "folded": fold(name), "external_key": key or None} | stamps
        line = _Line(0, values, is_new=True)
        self._keep(line)
        return line

    def find_or_add(self, name: str, key: str) -> _Line:
        """The company of a key or name, made where there is none."""
        line = self.find(key, fold(name)) or self.add(name or key, key)
        if key:
            self.by_key.setdefault(key, line)
        return line

    def number(self) -> None:
        """Give the new companies their ids, so that others can point to them."""
        new = [line for line in self.lines if line.is_new]
        for line, identity in zip(new, sql.new_ids(TABLE, len(new)), strict=True):
            line.id = identity

    def write(self) -> None:
        """Insert what is new, update what was there and has changed."""
        if new := [line for line in self.lines if line.is_new]:
            sql.write_rows(TABLE, ("id", *COLUMNS), ((line.id, *self._row(line)) for line in new))
        changed = [line for line in self.lines if line.is_changed and not line.is_new]
        for line in changed:
            line.values["changed_at"] = self.at
        sql.update_rows(TABLE, COLUMNS, [(*self._row(line), line.id) for line in changed])
        follow(Kind.COMPANY, [line.id for line in (*new, *changed)])

    def _row(self, line: _Line) -> tuple[object, ...]:
        *plain, created, changed = VALUES_OF(line.values)
        return *plain, sql.written(created), sql.written(changed)


def add_companies(
    drafts: Iterable[CompanyDraft], *, at: datetime, by: int | None, batch: CompanyBatch = ALL
) -> list[AddedCompany]:
    """Add or enrich many companies, set at once; what came of each, in order.

    A company is met by its external key, else by its folded name. What a draft leaves blank stays; where drafts of
    one call contradict each other the first one holds, so the same drafts again change nothing.
    """
    rest, added = iter(drafts), list[AddedCompany]()
    stated: set[tuple[int, str]] = set()
    while chunk := list(islice(rest, CHUNK)):
        with transaction.atomic():
            bulk.alone()
            added += _add_chunk(chunk, at, by, stated, batch)
        if batch.progress:
            batch.progress(len(added))
    return added


def _add_chunk(
    chunk: Sequence[CompanyDraft],
    at: datetime,
    by: int | None,
    stated: set[tuple[int, str]],
    batch: CompanyBatch,
) -> list[AddedCompany]:
    names = {fold(name) for draft in chunk for name in (draft.name, draft.parent) if name}
    book = _Book({draft.key for draft in chunk if draft.key}, names, at)
    lines = [_line(book, draft, batch.only) for draft in chunk]
    taken = [
        draft for draft, line in zip(chunk, lines, strict=True) if line is not None and not line.is_binned
    ]
    parents = {fold(draft.parent): book.find_or_add(draft.parent, "") for draft in taken if draft.parent}
    book.number()
    lineage = Lineage([one.id for one in parents.values() if not one.is_new])
    outcomes, seen, sheet = [], set[int](), _sheet([line for line in lines if line is not None], taken)
    for line, draft in zip(lines, chunk, strict=True):
        if line is None:
            outcomes.append(AddedCompany(0, Outcome.SKIPPED))
            continue
        above = parents[fold(draft.parent)] if draft.parent and not line.is_binned else None
        outcome = _put(line, draft, above, lineage, sheet=sheet, stated=stated)
        is_first = outcome in WRITTEN and line.is_new and line.id not in seen
        seen |= {line.id} if outcome in WRITTEN else set()
        outcomes.append(AddedCompany(line.id, Outcome.NEW if is_first else outcome))
    book.write()
    if sheet:
        if unknown := sheet.unknown():
            raise WrongValue(unknown[0], "no_record")
        sheet.write()
    _tell(book, sheet, at, by, batch)
    return outcomes


def _put(
    line: _Line,
    draft: CompanyDraft,
    above: _Line | None,
    lineage: Lineage,
    *,
    sheet: Sheet | None,
    stated: set[tuple[int, str]],
) -> Outcome:
    """Put all that a draft tells into its line, or nothing of it where its company may not be written so."""
    if line.is_binned:
        return Outcome.BINNED
    # Other systems let the head of a group belong to itself.
    parent = above.id if above and not above.is_binned and above is not line else None
    if parent and lineage.closes_round(line.id, parent):
        return Outcome.ROUND
    changed = _state(line, draft, parent, stated)
    lineage.above[line.id] = parent if line.values["parent_id"] == parent else lineage.above.get(line.id)
    if sheet and _state_own(sheet, line, draft, stated):
        line.is_changed = changed = True
    return Outcome.CHANGED if changed else Outcome.UNCHANGED


def _line(book: _Book, draft: CompanyDraft, only: Outcome | None) -> _Line | None:
    """The company of a draft; None where it is passed over."""
    found = book.find(draft.key, fold(draft.name)) if only else None
    is_known = found is not None and not found.is_new
    if (only is Outcome.NEW and is_known) or (only is Outcome.CHANGED and found is None):
        return None
    return book.find_or_add(draft.name, draft.key)


def _tell(book: _Book, sheet: Sheet | None, at: datetime, by: int | None, batch: CompanyBatch) -> None:
    """Record which companies changed, and hand on what to keep of each."""
    own = {} if sheet is None else sheet.changed
    done = [
        KeptCompany(
            line.id,
            line.is_new,
            line.changes | {f"own.{key}": list(pair) for key, pair in own.get(line.id, {}).items()},
        )
        for line in book.lines
        if line.is_new or line.is_changed
    ]
    if batch.keep and done:
        batch.keep(done)
    changed = [one for one in done if not one.is_new]
    record_many(
        [
            Entry(
                CompanyChanged(tuple(sorted(one.fields))), about_company(one.company), at, by, batch=batch.id
            )
            for one in changed
        ],
        recorded_at=at,
    )


def _sheet(lines: Sequence[_Line], chunk: Sequence[CompanyDraft]) -> Sheet | None:
    """The companies' own fields, where a draft tells any."""
    if not any(draft.fields for draft in chunk):
        return None
    return Sheet("company", [line.id for line in lines if not line.is_new], adds_tags=True)


def _state_own(sheet: Sheet, line: _Line, draft: CompanyDraft, stated: set[tuple[int, str]]) -> bool:
    """Put what the draft tells of fields of one's own into the sheet; whether anything differed."""
    fresh = {
        key: value
        for key, value in (draft.fields or {}).items()
        if value not in ("", None, []) and (sheet.adds(key) or (line.id, f"field.{key}") not in stated)
    }
    stated |= {(line.id, f"field.{key}") for key in fresh}
    return bool(sheet.put(line.id, fresh))


def _state(line: _Line, draft: CompanyDraft, parent: int | None, stated: set[tuple[int, str]]) -> bool:
    """Put what the draft tells into the line; whether anything differed."""
    told: dict[str, object] = {name: getattr(draft, name) for name in PLAIN}
    told |= {"external_key": draft.key or None, "owner_id": draft.owner, "parent_id": parent}
    differs = False
    for name, value in told.items():
        if value in {"", None} or (line.id, name) in stated:
            continue
        stated.add((line.id, name))
        if line.values[name] != value:
            if not line.is_new:
                line.changes[name] = [line.values[name], value]
            line.values[name], differs = value, True
    line.is_changed = line.is_changed or differs
    return differs


def find_binned(drafts: Sequence[CompanyDraft], *, at: datetime) -> set[int]:
    """The places of the drafts whose company is in the bin."""
    if not BinnedCompany.objects.filter(purged_at=None).exists():
        return set()
    keys = {draft.key for draft in drafts if draft.key}
    book = _Book(keys, {fold(draft.name) for draft in drafts if draft.name}, at, FOUND_BY)
    met = (book.find(draft.key, fold(draft.name)) for draft in drafts)
    return {place for place, line in enumerate(met) if line is not None and line.is_binned}


def companies_called(pairs: Collection[tuple[str, str]], *, at: datetime) -> dict[tuple[str, str], int]:
    """The ids of companies by (name, external key or empty); those that are missing are made. Within a transaction."""
    if not pairs:
        return {}
    names = {fold(name) for name, _ in pairs if name}
    book = _Book({key for _, key in pairs if key}, names, at, FOUND_BY)
    lines = {(name, key): book.find_or_add(name, key) for name, key in sorted(pairs)}
    book.number()
    book.write()
    return {pair: line.id for pair, line in lines.items()}


def change_company(
    company: int,
    *,
    changes: Mapping[str, object],
    own: Mapping[str, object] | None = None,
    at: datetime,
    by: int | None,
) -> bool:
    """Change fields of a company by hand; whether anything differed. Unlike a draft, a blank value empties a field.

    `own` are fields that the company of this installation defined. Raises fields.commands.WrongValue, BadParent.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise ValueError(f"A company has no changeable field {', '.join(sorted(unknown))}.")
    with transaction.atomic():
        if "parent_id" in changes:
            bulk.alone()
        join_tags("company", own)
        before = Company.objects.select_for_update(no_key=True).values("id", *changes).get(pk=company)
        differing = {name: [before[name], value] for name, value in changes.items() if before[name] != value}
        values = {name: value for name, (_, value) in differing.items()}
        differing |= set_values("company", {company: own}, at=at, by=by).get(company, {}) if own else {}
        if not differing:
            return False
        if "parent_id" in values:
            check_parent(company, values["parent_id"])
        if "name" in values:
            values["folded"] = fold(str(values["name"]))
        Company.objects.filter(pk=company).update(**values, changed_at=at)
        follow(Kind.COMPANY, [company])
        audit("company_changed", about=("company", company), changes=differing, by=by, at=at)
        record(
            CompanyChanged(tuple(sorted(differing))),
            about=about_company(company),
            at=at,
            by=by,
            recorded_at=at,
        )
    return True
