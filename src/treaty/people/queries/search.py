"""What the palette finds among persons and companies, and who may be the same as somebody about to be added."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from treaty.people.models import Company, Person
from treaty.people.queries.persons import visible_companies, visible_persons
from treaty.people.rules import BadIdentity, fold, normalised_phone
from treaty.staff.queries import User

Row = TypeVar("Row", Person, Company)

LAST = "\U0010ffff"
"""Behind every text that begins alike: a prefix as a range, which both engines answer from an index."""
SHORTEST_INSIDE = 2
"""Letters from which on the insides of names are looked through."""
SHORTEST_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found by a few letters."""

    kind: str
    id: int
    title: str
    subtitle: str
    url: str


def found(user: User | AnonymousUser, text: str, limit: int = 8) -> list[Hit]:
    """Persons and companies a user may see whose name, mail address or number fits the text, the best first.

    Names that begin so come first, then addresses and numbers, then names with the words somewhere inside.
    """
    folded = fold(text)[:100]
    if not folded:
        return []
    persons = _first(limit, _person_searches(visible_persons(user), text, folded))
    companies = _first(limit, _searches(visible_companies(user), folded))
    return [*map(_person_hit, persons), *map(_company_hit, companies)][:limit]


def _person_searches(rows: "QuerySet[Person]", text: str, folded: str) -> Iterable["QuerySet[Person]"]:
    rows = rows.select_related("company")
    begins, *inside = _searches(rows, folded)
    yield begins
    if " " not in folded:
        yield rows.filter(email__gte=folded, email__lt=folded + LAST).order_by("email", "id")
    digits = "".join(letter for letter in fold(text) if letter.isdigit() or letter == "+")
    if len(digits) >= SHORTEST_NUMBER and digits.startswith("+"):
        yield rows.filter(phone__gte=digits, phone__lt=digits + LAST).order_by("phone", "id")
    yield from inside


def _searches(rows: "QuerySet[Row]", folded: str) -> Iterable["QuerySet[Row]"]:
    yield rows.filter(folded__gte=folded, folded__lt=folded + LAST).order_by("folded", "id")
    words = folded.split()
    if any(len(word) >= SHORTEST_INSIDE or not word.isascii() for word in words):
        yield rows.filter(reduce(and_, (Q(folded__contains=word) for word in words))).order_by("folded", "id")


def _first(limit: int, searches: Iterable["QuerySet[Row]"]) -> list[Row]:
    """The first rows of the searches in their order; a later search is asked only where rows are still wanted."""
    rows: dict[int, Row] = {}
    for search in searches:
        for row in search[:limit]:
            rows.setdefault(row.pk, row)
        if len(rows) >= limit:
            break
    return list(rows.values())[:limit]


def _person_hit(person: Person) -> Hit:
    company = person.company.name if person.company else ""
    details = [
        detail for detail in (person.name_local, company, person.email) if detail and detail != person.name
    ]
    return Hit("person", person.pk, person.name, " · ".join(details), f"/people/{person.pk}/")


def _company_hit(company: Company) -> Hit:
    details = [detail for detail in (company.sector, company.city) if detail]
    return Hit("company", company.pk, company.name, " · ".join(details), f"/companies/{company.pk}/")


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
