"""What the palette finds among persons and companies, and who may be the same as somebody about to be added."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from treaty.kit import sql
from treaty.kit.rows import among
from treaty.kit.sought import Fitting
from treaty.people.models import Company, Person
from treaty.people.queries.bin import NOT_BINNED, binned_companies
from treaty.people.queries.persons import sighted_persons, visible_companies, visible_persons
from treaty.people.rules import BadIdentity, fold, normalised_phone, person_entry
from treaty.search.queries import Near, fitting, records
from treaty.search.rules import Entry, Kind
from treaty.staff.queries import User

LONGEST = 100
"""Letters of a search that are read."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found by a few letters."""

    kind: str
    id: int
    title: str
    subtitle: str
    url: str


def found(user: User | AnonymousUser, text: str, limit: int = 8) -> list[Hit]:
    """Persons and companies a user may see whose name, mail address or number fits the text, the best first."""
    persons = found_persons(user, text, limit)
    return [*persons, *found_companies(user, text, limit - len(persons))]


def found_persons(user: User | AnonymousUser, text: str, limit: int, near: Near | None = None) -> list[Hit]:
    """Persons a user may see whose name, mail address or number fits the text, the best first."""
    rows, folded = sighted_persons(user), fold(text)[:LONGEST]
    ids = records(Kind.PERSON, folded, rows, limit, near)
    columns = ("name", "name_local", "company__name", "email")
    return [
        Hit("person", person, name, _beside(name, *beside), f"/people/{person}/")
        for person, name, *beside in _first(rows, folded, ids, columns)
    ]


def found_companies(user: User | AnonymousUser, text: str, limit: int, near: Near | None = None) -> list[Hit]:
    """Companies a user may see whose name or domain fits the text, the best first."""
    rows, folded = visible_companies(user), fold(text)[:LONGEST]
    ids = records(Kind.COMPANY, folded, rows, limit, near)
    return [
        Hit("company", company, name, _beside(name, *beside), f"/companies/{company}/")
        for company, name, *beside in _first(rows, folded, ids, ("name", "sector", "city"))
    ]


def _first(
    rows: "QuerySet[Any]", folded: str, ids: Sequence[int], columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Columns of the rows that were found, the id in front; names that begin as the text does come first."""
    if not ids:
        return []
    found = {row[0]: row for row in rows.filter(pk__in=ids).values_list("pk", *columns, "folded")}
    known = [found[one] for one in ids if one in found]
    return [row[:-1] for row in sorted(known, key=lambda row: not row[-1].startswith(folded))]


def _beside(name: str, *details: str | None) -> str:
    return " · ".join(detail for detail in details if detail and detail != name)


def persons_fitting(text: str) -> Fitting | None:
    """The persons whose name, mail address or number fits a text; None where it has no word."""
    return fitting(Kind.PERSON, fold(text)[:LONGEST])


def person_entries(persons: Collection[int]) -> Iterator[Entry]:
    """By which words persons are found: their names, mail address and number."""
    shown = f"{sql.one_of('id')} AND forgotten_at IS NULL AND id {NOT_BINNED}"
    statement = f"SELECT id, folded, email, phone FROM people_person WHERE {shown}"
    rows = sql.ask(f"{statement} ORDER BY id", [sql.listed(list(persons))], often=len(persons) <= sql.FEW)
    for person, folded, email, phone in rows:
        yield person_entry(person, folded, email, phone)


def company_entries(companies: Collection[int]) -> Iterator[Entry]:
    """By which words companies are found: their names and domains."""
    rows = among(Company, "id", companies).exclude(pk__in=binned_companies()).order_by("pk")
    for company, folded, domain in rows.values_list("pk", "folded", "domain"):
        yield Entry(company, folded, (domain,) if domain else ())


def persons_behind(after: int, limit: int) -> list[int]:
    """The ids of persons from behind an id on."""
    return list(Person.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def companies_behind(after: int, limit: int) -> list[int]:
    """The ids of companies from behind an id on."""
    return list(Company.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def similar(
    user: User | AnonymousUser, *, email: str = "", phone: str = "", country: str = "", limit: int = 3
) -> list[Person]:
    """Visible persons with this main address or number: a hint before somebody is added twice."""
    same = Q(pk__in=())
    if email:
        same |= Q(email=email.strip().casefold())
    # The form says what is wrong with a number that is none.
    with suppress(BadIdentity):
        same |= Q(phone=normalised_phone(phone.strip(), country)) if phone.strip() else Q(pk__in=())
    return list(visible_persons(user).filter(same).order_by("id")[:limit])
