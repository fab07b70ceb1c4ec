"""Readings of retention: which rules are on, what they took, and what each would take now."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from treaty.deals.queries.open_ones import with_open_deal
from treaty.documents import queries as documents
from treaty.handovers.queries.open_ones import with_open_handover
from treaty.ledger import queries as ledger
from treaty.ledger.facts import KINDS, SubjectKind
from treaty.people.queries import Person, company_rows, person_rows, persons_of
from treaty.people.queries.quiet import quiet_persons
from treaty.retention import wording
from treaty.retention.models import Rule, Run
from treaty.retention.rules import Kind, months_before

RunRow = Run
PORTION = 500
"""Texts or persons taken in one transaction."""
LISTED = 50
COUNTED_TO = 10_000
RUNS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Portion:
    """The ids that a rule takes next, and behind which id to go on; None at the end."""

    ids: list[int]
    last: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """How much a rule would take now, counted to 10,000, and the first of it."""

    count: int
    is_more: bool
    first: list[int]


@dataclass(frozen=True, slots=True)
class Told:
    """A text that would be emptied, or the name of a document that would go: its time, about whom, and where that is."""

    at: datetime
    name: str
    url: str
    text: str


def rules() -> dict[Kind, Rule]:
    """The rules that are on."""
    return {Kind(row.kind): row for row in Rule.objects.order_by("kind")}


def runs() -> list[Run]:
    """What was taken lately, the newest first."""
    return list(Run.objects.order_by("-pk")[:RUNS_SHOWN])


def every_run() -> Iterator[Run]:
    """The same of all time."""
    return Run.objects.order_by("-pk").iterator()


def due(kind: Kind, *, before: datetime, after: int, limit: int = PORTION) -> Portion:
    """What a rule takes of all that is older than a moment, from behind an id on."""
    if kind is Kind.TEXTS:
        ids = ledger.old_texts(before=before, after=after, limit=limit)
        return Portion(ids, ids[-1] if len(ids) == limit else None)
    if kind is Kind.FILES:
        ids = documents.old_documents(before=before, after=after, limit=limit)
        return Portion(ids, ids[-1] if len(ids) == limit else None)
    found = quiet_persons(before=before, after=after, limit=limit)
    busy = with_open_deal(found) | with_open_handover(found)
    return Portion([one for one in found if one not in busy], found[-1] if len(found) == limit else None)


def preview(kind: Kind, months: int, *, at: datetime) -> Preview:
    """What a rule with so many months would take now."""
    count = 0
    first: list[int] = []
    for portion in _portions(kind, months, at):
        first = first or portion.ids[:LISTED]
        count += len(portion.ids)
        if count > COUNTED_TO:
            return Preview(COUNTED_TO, True, first)
    return Preview(count, False, first)


def counted(kind: Kind, *, at: datetime) -> int:
    """How much a rule that is on would take now."""
    months = rules()[kind].months
    return sum(len(portion.ids) for portion in _portions(kind, months, at))


def _portions(kind: Kind, months: int, at: datetime) -> Iterator[Portion]:
    before, last = months_before(at, months), 0
    while True:
        portion = due(kind, before=before, after=last, limit=10 * PORTION)
        yield portion
        if portion.last is None:
            return
        last = portion.last


def everything(kind: Kind, months: int, *, at: datetime) -> Iterator[list[int]]:
    """The ids of all that a rule with so many months would take now, in portions."""
    return (portion.ids for portion in _portions(kind, months, at))


def persons_listed(ids: Collection[int]) -> list[Person]:
    """Persons that a rule would take, for a list."""
    return person_rows(ids)


def documents_listed(ids: Collection[int]) -> list[Told]:
    """Documents that a rule would remove, for a list: when each was added, on whose record, and what it is called."""
    rows = documents.rows_in_order(sorted(ids))
    names = documents.record_names(rows)
    told = [(row, names.get((row.record, row.record_id), "")) for row in rows]
    return [
        Told(row.added_at, name, documents.holder_of(row.record).url(row.record_id) if name else "", row.name)
        for row, name in told
    ]


def texts_listed(ids: Collection[int]) -> list[Told]:
    """Touchpoints whose texts a rule would empty, for a list."""
    lines = ledger.texts(ids, list(KINDS))
    by_kind = {kind: {line.about.id for line in lines if line.about.kind is kind} for kind in SubjectKind}
    holders = persons_of(by_kind[SubjectKind.IDENTITY])
    names = {one.pk: one.name for one in person_rows(set(holders.values()))}
    companies = {one.pk: one.name for one in company_rows(by_kind[SubjectKind.COMPANY])}
    told = []
    for line in lines:
        if line.about.kind is SubjectKind.IDENTITY:
            person = holders.get(line.about.id, 0)
            name, url = names.get(person, ""), f"/people/{person}/"
        elif line.about.kind is SubjectKind.COMPANY:
            name, url = companies.get(line.about.id, ""), f"/companies/{line.about.id}/"
        else:
            name, url = wording.deal(line.about.id), f"/deals/{line.about.id}/"
        told.append(Told(line.occurred_at, name, url if name else "", line.text))
    return told
