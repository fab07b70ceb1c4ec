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

from treaty.kit import sql
from treaty.kit.together import Question
from treaty.segments.models import Membership, Segment
from treaty.segments.rules import Predicate, asking_for, ordered, parse

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
    """The segments whose members are known and kept right, each behind those that it asks for."""
    return _in_order(Segment.objects.exclude(followed_until=None))


ANY: Question = ("SELECT 1 FROM segments_segment LIMIT 1", ())
"""Whether there is a segment at all, so that somebody is to be asked again."""


def asked_any(_about: object, _at: object) -> Question:
    """What marking somebody asks first; whatever a fact is about, it is the same."""
    return ANY


def askers(number: int) -> list[Followed]:
    """The segments that ask for one, directly or by way of others, each behind those that it asks for itself."""
    everyone = {one.id: one for one in _in_order(Segment.objects.all())}
    trees = {one.id: one.tree for one in everyone.values()}
    return [everyone[one] for one in asking_for(number, trees)]


def trees() -> dict[int, Predicate]:
    """What every segment means."""
    return {one.id: one.tree for one in _in_order(Segment.objects.all())}


def names() -> dict[int, str]:
    """What every segment is called."""
    return dict(Segment.objects.order_by("name").values_list("pk", "name"))


def is_filling(at: datetime) -> bool:
    """Whether the members of a segment are being found right now."""
    return Segment.objects.filter(filling_since__gt=at - GIVEN_UP).exists()


def member_ids(number: int) -> set[int]:
    """Who is in a segment."""
    statement = "SELECT person_id FROM segments_membership WHERE segment_id = %s"
    return {person for (person,) in sql.ask(statement, [number], often=False)}


def members_of(number: int) -> "QuerySet[Membership, int]":
    """The ids of who is in a segment, for a condition on persons."""
    return Membership.objects.filter(segment=number).values_list("person_id", flat=True)


def segments_of(persons: Collection[int]) -> dict[int, set[int]]:
    """Segment -> which of these persons are in it."""
    statement = f"SELECT segment_id, person_id FROM segments_membership WHERE {sql.one_of('person_id')}"
    found: dict[int, set[int]] = defaultdict(set)
    for segment_, person in sql.ask(statement, [sql.listed(persons)], often=len(persons) <= sql.FEW):
        found[segment_].add(person)
    return found


def _in_order(rows: "QuerySet[Segment]") -> list[Followed]:
    found = {row.pk: _followed(row) for row in rows.order_by("pk")}
    return [found[one] for one in ordered({one.id: one.tree for one in found.values()})]


def _followed(row: Segment) -> Followed:
    return Followed(row.pk, row.name, _read(json.dumps(row.predicate)), row.followed_until)


@lru_cache(maxsize=1000)
def _read(text: str) -> Predicate:
    """A predicate, read once for each wording."""
    return parse(json.loads(text))


def known_of(person: int) -> dict[str, Any]:
    """The segments a person is in, and since when, for the person."""
    rows = Membership.objects.filter(person=person).order_by("segment__name")
    return {
        "segments": [
            {"name": name, "since": since} for name, since in rows.values_list("segment__name", "since")
        ]
    }
