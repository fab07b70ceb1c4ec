"""What somebody about to reach a person has to know, and what verbs for many change of each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from treaty.kit.rows import among
from treaty.people.models import Company, Person, PersonTag


@dataclass(frozen=True, slots=True)
class Reached:
    """A person as who calls or writes needs it: the identity that facts are about, and what was refused since when."""

    id: int
    name: str
    anchor: int
    refused_mail_at: datetime | None
    refused_calls_at: datetime | None


def reached(person: int) -> Reached | None:
    """One person; None where there is none."""
    row = Person.objects.filter(pk=person).first()
    if row is None:
        return None
    return Reached(row.pk, row.name, row.anchor_id, row.unsubscribed_at, row.do_not_call_at)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What a person asked us to stop."""

    calls: bool
    mail: bool


def refusals_of(persons: Collection[int]) -> dict[int, Refusals]:
    """What each person asked us to stop."""
    rows = among(Person, "id", persons).values_list("pk", "do_not_call_at", "unsubscribed_at")
    return {pk: Refusals(calls is not None, mail is not None) for pk, calls, mail in rows}


def owners_of(persons: Collection[int]) -> dict[int, int | None]:
    """Whose each person is."""
    return dict(among(Person, "id", persons).values_list("pk", "owner_id"))


def stages_of(persons: Collection[int]) -> dict[int, str]:
    """Where each person stands."""
    return dict(among(Person, "id", persons).values_list("pk", "stage"))


def worn_of(persons: Collection[int], tags: Collection[str]) -> dict[int, set[str]]:
    """Which of some tags each person wears; those without any are left out."""
    found: dict[int, set[str]] = defaultdict(set)
    for person, name in (
        among(PersonTag, "person_id", persons)
        .filter(tag__name__in=tags)
        .values_list("person_id", "tag__name")
    ):
        found[person].add(name)
    return found


def company_owners_of(companies: Collection[int]) -> dict[int, int | None]:
    """Whose each company is."""
    return dict(among(Company, "id", companies).values_list("pk", "owner_id"))


def person_labels(persons: Collection[int]) -> dict[int, str]:
    """What persons are called."""
    return dict(among(Person, "id", persons).values_list("pk", "name"))


def company_labels(companies: Collection[int]) -> dict[int, str]:
    """What companies are called."""
    return dict(among(Company, "id", companies).values_list("pk", "name"))


def held(rows: Collection[int], column: str) -> dict[int, object]:
    """What persons hold in a column; nobody else changes them before the transaction ends. Who is forgotten stays so."""
    return dict(_fast(Person.objects.filter(forgotten_at=None), rows, column))


def held_by_companies(rows: Collection[int], column: str) -> dict[int, object]:
    """What companies hold in a column, likewise."""
    return dict(_fast(Company.objects.all(), rows, column))


def _fast(
    all_rows: "QuerySet[Any]", rows: Collection[int], column: str
) -> "QuerySet[Any, tuple[int, object]]":
    return all_rows.select_for_update().filter(pk__in=rows).order_by("pk").values_list("pk", column)
