"""What passing a lead on needs of persons: whom facts are about, and who looks after them and their companies."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F

from treaty.people.models import Person


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One person as a lead: `owner` and `company_owner` are staff ids."""

    anchor: int
    stage: str
    language: str
    owner: int | None
    company_owner: int | None


def leads(persons: Collection[int]) -> dict[int, LeadRow]:
    """Persons as leads, by id, in one question."""
    rows = Person.objects.filter(pk__in=persons).annotate(of_company=F("company__owner_id"))
    columns = ("pk", "anchor_id", "stage", "language", "owner_id", "of_company")
    return {row[0]: LeadRow(*row[1:]) for row in rows.values_list(*columns)}
