"""What is in the bin: hidden everywhere else, and shown with who put it there and when it is gone for good."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet

from treaty.kit.rows import among
from treaty.people.models import BinnedCompany, BinnedPerson
from treaty.staff.queries import User, sight

NOT_BINNED = "NOT IN (SELECT person_id FROM people_binnedperson)"
"""The condition that a person's id is not that of somebody in the bin, for statements that are written out."""


def binned_persons() -> "QuerySet[BinnedPerson, int]":
    """The ids of who is in the bin, or went from there for good: for a condition on what people look at."""
    return BinnedPerson.objects.values_list("person_id", flat=True)


def in_bin(persons: Collection[int]) -> set[int]:
    """Those of some persons who are in the bin and can come back."""
    rows = among(BinnedPerson, "person_id", persons).filter(purged_at=None) if persons else ()
    return {row.person_id for row in rows}


def bin_of(user: User | AnonymousUser) -> "QuerySet[BinnedPerson]":
    """Who is in the bin, by the person's id, as far as a user would see them outside of it."""
    rows = BinnedPerson.objects.filter(purged_at=None).select_related("person")
    return rows.none() if isinstance(user, AnonymousUser) else rows.filter(sight(user, "person__owner"))


def due_in_bin(*, before: datetime, limit: int) -> list[int]:
    """Who lies in the bin since before a time, those longest there first."""
    rows = BinnedPerson.objects.filter(at__lte=before, purged_at=None).order_by(F("at"), "pk")
    return list(rows.values_list("person_id", flat=True)[:limit])


def binned_companies() -> "QuerySet[BinnedCompany, int]":
    """The ids of the companies that are in the bin, or went from there for good."""
    return BinnedCompany.objects.values_list("company_id", flat=True)


def companies_due_in_bin(*, before: datetime, limit: int) -> list[int]:
    """The companies that lie in the bin since before a time, those longest there first."""
    rows = BinnedCompany.objects.filter(at__lte=before, purged_at=None).order_by("at", "pk")
    return list(rows.values_list("company_id", flat=True)[:limit])
