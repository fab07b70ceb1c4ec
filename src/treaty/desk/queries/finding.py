"""What is found by a few letters among everything a user may see: persons, companies, deals, notes and documents."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from treaty.conversations.queries import notes
from treaty.deals import queries as deals
from treaty.documents import queries as documents
from treaty.documents.queries import DocumentRow
from treaty.kit.rules.folding import fold
from treaty.ledger.facts import Subject, SubjectKind
from treaty.ledger.queries import Recorded, lines_about
from treaty.people import queries as people
from treaty.people.queries import Hit
from treaty.search.queries import TO_THE_LETTER, Near, is_thin, near_words, records
from treaty.search.rules import Kind, asked, excerpt
from treaty.staff.queries import User

LONGEST = 100
SHOWN, PAGE, PAGES = 5, 50, 20
"""Hits of each kind side by side, on a page of one kind, and such pages."""
COUNTED = 100
"""Hits of each kind that are counted before it says "100+"; of the kind asked for as many as its pages hold."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of what is found: what fits, the best first, at most so many, and those of it that are shown as hits."""

    key: str
    title: StrPromise
    icon: str
    find: Callable[[User, str, int, Near | None], list[Any]]
    draw: Callable[[User, str, list[Any]], list[Hit]]


@dataclass(frozen=True, slots=True)
class Found:
    """What one shelf holds for a text; `more` where nobody counted further."""

    shelf: Shelf
    hits: Sequence[Hit]
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Everything:
    """What all shelves hold; of the one that was asked for, a page."""

    shelves: Sequence[Found]
    chosen: Found | None = None
    page: int = 1
    has_next: bool = False
    is_cut: bool = False
    """Whether this is the last page there is, and more would fit."""

    @property
    def number(self) -> int:
        """How many hits were counted."""
        return sum(found.number for found in self.shelves)

    @property
    def first(self) -> int:
        """The place of the page's first hit, from one on."""
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of the page's last hit."""
        return self.first - 1 + (len(self.chosen.hits) if self.chosen else 0)


def everything(user: User, text: str, key: str, page: int) -> Everything:
    """What a user may see that fits the text, kind by kind, the best first; of the kind asked for one page."""
    page = min(max(page, 1), PAGES)
    most = {shelf.key: PAGES * PAGE if shelf.key == key else COUNTED for shelf in SHELVES}
    found = sought(user, text, {name: number + 1 for name, number in most.items()})
    places = {key: slice((page - 1) * PAGE, page * PAGE)}
    shelves = [
        Found(
            shelf,
            shelf.draw(user, text, hits[: most[shelf.key]][places.get(shelf.key, slice(SHOWN))]),
            min(len(hits), most[shelf.key]),
            len(hits) > most[shelf.key],
        )
        for shelf, hits in found
    ]
    chosen = next((found for found in shelves if found.shelf.key == key), None)
    if chosen is None:
        return Everything(shelves)
    has_next = chosen.number > page * PAGE
    return Everything(shelves, chosen, page, has_next, chosen.more and not has_next)


def sought(user: User, text: str, limits: Mapping[str, int]) -> list[tuple[Shelf, list[Any]]]:
    """What the shelves that have a limit hold that fits to the letter; where that is little in all, also what looks alike."""
    wanted = [one for one in SHELVES if one.key in limits]
    found = [(one, one.find(user, text, limits[one.key], TO_THE_LETTER)) for one in wanted]
    folded = fold(text)[:LONGEST]
    if is_thin(folded, sum(len(hits) for _shelf, hits in found)) and (near := near_words(folded)):
        found = [(one, one.find(user, text, limits[one.key], near)) for one in wanted]
    return found


def found_notes(user: User, text: str, limit: int, near: Near | None = None) -> list[int]:
    """What was written about whom a user may see and fits the text, the newest first, by its touchpoint."""
    return records(Kind.NOTE, fold(text)[:LONGEST], _visible_lines(user), limit, near)


def note_hits(user: User, text: str, found: Collection[int]) -> list[Hit]:
    """Notes as hits: about whom, when, and the place where a word of the text stands."""
    if not found:
        return []
    lines = {line.id: line for line in notes(found)}
    told = [lines[one] for one in found if one in lines]
    owners, sought = _owners(user, {line.about for line in told}), asked(fold(text)[:LONGEST])
    return [_hit(line, *owners[line.about], sought) for line in told if line.about in owners]


def _hit(line: Recorded, title: str, url: str, sought: Sequence[str]) -> Hit:
    day = date_format(localtime(line.occurred_at), "SHORT_DATE_FORMAT")
    return Hit("note", line.id, title, f"{day} · {excerpt(line.text, sought)}", url)


def found_documents(user: User, text: str, limit: int, near: Near | None = None) -> list[int]:
    """The documents on records a user sees whose name or text fits, the best first."""
    return records(Kind.DOCUMENT, fold(text)[:LONGEST], documents.visible_documents(user), limit, near)


def document_hits(_user: User, text: str, found: Sequence[int]) -> list[Hit]:
    """Documents as hits: on whose record, and the place where a word of the text stands; they lead to that record."""
    if not found:
        return []
    rows, texts = documents.rows_in_order(found), documents.texts_of(found)
    names, sought = documents.record_names(rows), asked(fold(text)[:LONGEST])
    return [_document(row, names.get((row.record, row.record_id), ""), texts[row.id], sought) for row in rows]


def _document(row: DocumentRow, name: str, text: str, sought: Sequence[str]) -> Hit:
    url = f"{documents.holder_of(row.record).url(row.record_id)}documents"
    is_named = any(word in fold(row.name) for word in sought)
    beside = name if is_named or not text else f"{name} · {excerpt(text, sought)}"
    return Hit("document", row.id, row.name, beside, url)


def _visible_lines(user: User) -> "QuerySet[Any]":
    """The touchpoints about persons, companies and deals that a user may see."""
    of_deal = Exists(deals.visible_deals(user).filter(pk=OuterRef("subject_id")))
    of_company = Exists(people.visible_companies(user).filter(pk=OuterRef("subject_id")))
    of_person = people.is_of_visible_person(user, "subject_id")
    return lines_about(
        (Q(subject_kind=SubjectKind.IDENTITY.value) & Q(of_person))
        | (Q(subject_kind=SubjectKind.DEAL.value) & Q(of_deal))
        | (Q(subject_kind=SubjectKind.COMPANY.value) & Q(of_company))
    )


def _owners(user: User, subjects: Iterable[Subject]) -> dict[Subject, tuple[str, str]]:
    """The name and the address of whom or what each subject means."""
    ids: dict[SubjectKind, set[int]] = {kind: set() for kind in SubjectKind}
    for subject in subjects:
        ids[subject.kind].add(subject.id)
    persons = people.persons_of(sorted(ids[SubjectKind.IDENTITY]))
    names = {row.pk: row.name for row in people.person_rows(set(persons.values()))}
    found = {
        Subject(SubjectKind.IDENTITY, identity): (names[person], f"/people/{person}/")
        for identity, person in persons.items()
    }
    for kind, rows, path in (
        (SubjectKind.COMPANY, _company_names(ids[SubjectKind.COMPANY]), "companies"),
        (SubjectKind.DEAL, _deal_names(user, ids[SubjectKind.DEAL]), "deals"),
    ):
        found |= {Subject(kind, one): (name, f"/{path}/{one}/") for one, name in rows.items()}
    return found


def _company_names(ids: Collection[int]) -> Mapping[int, str]:
    return {row.pk: row.name for row in people.company_rows(ids)} if ids else {}


def _deal_names(user: User, ids: Collection[int]) -> Mapping[int, str]:
    rows = deals.visible_deals(user).filter(pk__in=ids) if ids else ()
    return {row.pk: row.name for row in rows}


def _as_they_are(_user: User, _text: str, hits: list[Hit]) -> list[Hit]:
    return hits


SHELVES = (
    Shelf("people", gettext_lazy("People"), "person", people.found_persons, _as_they_are),
    Shelf("companies", gettext_lazy("Companies"), "company", people.found_companies, _as_they_are),
    Shelf("deals", gettext_lazy("Deals"), "deals", deals.found, _as_they_are),
    Shelf("notes", gettext_lazy("Notes"), "note", found_notes, note_hits),
    Shelf("documents", gettext_lazy("Documents"), "paperclip", found_documents, document_hits),
)
