"""Counts over all persons, for reports."""

from typing import Any

from django.db.models import Count, QuerySet

from treaty.people.models import Person
from treaty.people.queries.bin import binned_persons
from treaty.people.rules import ORDER, Stage

LEADS = [stage.value for stage in Stage if ORDER[stage] >= ORDER[Stage.LEAD]]
"""The stages of those who became a lead, or more."""


def leads() -> "QuerySet[Person]":
    """Everybody who became a lead, or more, and is not in the bin; whoever may see them."""
    return Person.objects.filter(stage__in=LEADS).exclude(pk__in=binned_persons())


def those(persons: "QuerySet[Any, Any]") -> "QuerySet[Person]":
    """Persons by a question that gives their ids; whoever may see them, and in the bin, too."""
    return Person.objects.filter(pk__in=persons)


def leads_by_channel() -> dict[str, int]:
    """How many persons of each channel ("" where none is known) became a lead, or more."""
    rows = leads().order_by().values_list("channel")
    return dict(rows.annotate(Count("pk")))
