"""The segments and their members."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from treaty.kit.rows import among
from treaty.segments.models import Membership, Segment
from treaty.segments.rules import Predicate, parse

GIVEN_UP = timedelta(hours=1)
"""A filling that has not ended by then was broken off."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A segment ready to be asked."""

    id: int
    name: str
    tree: Predicate
    until: datetime | None


def listed() -> "QuerySet[Any]":
    """Every segment with the number of its `members`."""
    counted = (
        Membership.objects.filter(segment=OuterRef("pk"))
        .order_by()
        .values("segment")
        .annotate(number=Count("person"))
        .values("number")
    )
    return Segment.objects.annotate(members=Coalesce(Subquery(counted), 0))


def segment(number: int) -> Followed | None:
    """One segment; None where there is none of that number."""
    row = Segment.objects.filter(pk=number).first()
    return None if row is None else _followed(row)


def followed() -> list[Followed]:
    """The segments whose members are known and kept right."""
    return [_followed(row) for row in Segment.objects.exclude(followed_until=None).order_by("pk")]


def is_filling(at: datetime) -> bool:
    """Whether the members of a segment are being found right now."""
    return Segment.objects.filter(filling_since__gt=at - GIVEN_UP).exists()


def member_ids(number: int) -> set[int]:
    """Who is in a segment."""
    return set(Membership.objects.filter(segment=number).values_list("person_id", flat=True))


def members_of(number: int) -> "QuerySet[Membership, int]":
    """The ids of who is in a segment, for a condition on persons."""
    return Membership.objects.filter(segment=number).values_list("person_id", flat=True)


def segments_of(persons: Collection[int]) -> dict[int, set[int]]:
    """Segment -> which of these persons are in it."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in among(Membership, "person_id", persons):
        found[row.segment_id].add(row.person_id)
    return found


def _followed(row: Segment) -> Followed:
    return Followed(row.pk, row.name, _read(json.dumps(row.predicate)), row.followed_until)


@lru_cache(maxsize=1000)
def _read(text: str) -> Predicate:
    """A predicate, read once for each wording."""
    return parse(json.loads(text))
