"""Counts over all persons, for reports."""

from django.db.models import Count

from treaty.people.models import Person
from treaty.people.queries.bin import binned_persons
from treaty.people.rules import ORDER, Stage

LEADS = [stage.value for stage in Stage if ORDER[stage] >= ORDER[Stage.LEAD]]
"""The stages of those who became a lead, or more."""


def leads_by_channel() -> dict[str, int]:
    """How many persons of each channel ("" where none is known) became a lead, or more."""
    rows = (
        Person.objects.filter(stage__in=LEADS)
        .exclude(pk__in=binned_persons())
        .order_by()
        .values_list("channel")
    )
    return dict(rows.annotate(Count("pk")))
