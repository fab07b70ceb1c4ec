"""What fields and documents ask about persons and companies; `treaty/wiring.py` registers the answers."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from treaty.documents.queries import Holder
from treaty.fields.queries import Named
from treaty.ledger.facts import Subject, about_company, about_identity
from treaty.people.models import Company, Person
from treaty.people.queries.bin import binned_companies
from treaty.people.queries.persons import visible_companies, visible_persons
from treaty.people.queries.search import found_companies, found_persons
from treaty.staff.rules import EDIT_PEOPLE


class Persons:
    """The persons that fields point to."""

    def named(self, user: Any, ids: Collection[int]) -> Sequence[Named]:
        """The persons of some ids that a user sees; all of them for None."""
        rows = Person.objects.all() if user is None else visible_persons(user)
        return _named(rows, ids, "/people/{}/")

    def found(self, user: Any, text: str, limit: int) -> Sequence[Named]:
        """The persons a user sees that fit a text, the best first."""
        return [Named(hit.id, hit.title, hit.url) for hit in found_persons(user, text, limit)]


class Companies:
    """The companies that fields point to."""

    def named(self, user: Any, ids: Collection[int]) -> Sequence[Named]:
        """The companies of some ids that a user sees; all of them for None."""
        rows = Company.objects.all() if user is None else visible_companies(user)
        return _named(rows, ids, "/companies/{}/")

    def found(self, user: Any, text: str, limit: int) -> Sequence[Named]:
        """The companies a user sees that fit a text, the best first."""
        return [Named(hit.id, hit.title, hit.url) for hit in found_companies(user, text, limit)]


def person_holder() -> Holder:
    """What documents ask about persons; onto who was forgotten nothing is put."""
    return Holder(
        rows=lambda user: Person.objects.all() if user is None else visible_persons(user),
        takes=lambda: Person.objects.filter(forgotten_at=None),
        subject=_anchor,
        path="/people/{}/",
        permission=EDIT_PEOPLE,
    )


def company_holder() -> Holder:
    """... and about companies."""
    return Holder(
        rows=lambda user: Company.objects.all() if user is None else visible_companies(user),
        takes=lambda: Company.objects.exclude(pk__in=binned_companies()),
        subject=about_company,
        path="/companies/{}/",
        permission=EDIT_PEOPLE,
    )


def _anchor(person: int) -> Subject:
    return about_identity(Person.objects.values_list("anchor_id", flat=True).get(pk=person))


def _named(rows: "QuerySet[Any]", ids: Collection[int], path: str) -> list[Named]:
    found = rows.filter(pk__in=list(ids)).order_by("pk").values_list("pk", "name")
    return [Named(pk, name, path.format(pk)) for pk, name in found]
