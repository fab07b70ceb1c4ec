"""The persons and companies of every test."""

from datetime import UTC, datetime
from typing import Any

from treaty.people import commands
from treaty.people.models import Company, Person
from treaty.people.rules import CompanyDraft, PersonDraft

SINCE = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""When the persons of the tests became known: a Monday."""


def person(name: str = "Pia Kowalska", **told: Any) -> Person:
    """A person of that name, made where missing; an address is derived from the name unless told."""
    owner = told.pop("owner", None)
    told.setdefault("emails", (f"{name.lower().replace(' ', '.')}@example.com",))
    draft = PersonDraft(name=name, owner=owner.pk if owner else None, **told)
    added = commands.add_person(draft, at=SINCE, by=None, source="sample")
    return Person.objects.get(pk=added.person_id)


def pia(**told: Any) -> Person:
    """The buyer."""
    given = {"given_name": "Pia", "family_name": "Kowalska", "phones": ("+48321234567",), "country": "PL"}
    return person("Pia Kowalska", **given | told)


def company(name: str = "Huta Wschód", **told: Any) -> Company:
    """A company of that name."""
    added = commands.add_company(CompanyDraft(name=name, **told), at=SINCE, by=None)
    return Company.objects.get(pk=added.company_id)
