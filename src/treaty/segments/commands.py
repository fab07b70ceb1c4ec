"""The verbs of segments: add, change, remove; persons to be asked again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from treaty.kit import jobs
from treaty.segments import projections
from treaty.segments.models import Membership, Segment
from treaty.segments.rules import Predicate
from treaty.staff.commands import audit


class NameTaken(ValueError):
    """Another segment is called so."""


def add_segment(name: str, *, tree: Predicate, at: datetime, by: int | None) -> int:
    """Save a predicate as a segment; a job finds its members."""
    with transaction.atomic():
        _must_be_free(name)
        row = Segment.objects.create(
            name=name, predicate=_written(tree), created_at=at, changed_at=at, by_id=by
        )
        audit("segment_added", about=("segment", row.pk), changes={"name": [None, name]}, at=at, by=by)
        _find_members(row.pk, name, by)
    return row.pk


def change_segment(segment: int, *, name: str, tree: Predicate, at: datetime, by: int | None) -> None:
    """Call a segment otherwise, or let it mean others: then a job finds its members anew."""
    with transaction.atomic():
        row = Segment.objects.get(pk=segment)
        _must_be_free(name, but=segment)
        before, after = [row.name, row.predicate], [name, _written(tree)]
        if before == after:
            return
        Segment.objects.filter(pk=segment).update(name=name, predicate=after[1], changed_at=at)
        changes = {"name": [row.name, name]} if row.name != name else {"predicate": [None, None]}
        audit("segment_changed", about=("segment", segment), changes=changes, at=at, by=by)
        if row.predicate != after[1]:
            Segment.objects.filter(pk=segment).update(followed_until=None)
            _find_members(segment, name, by)


def remove_segment(segment: int, *, at: datetime, by: int | None) -> None:
    """Forget a segment and who was in it; what was recorded of it stays."""
    with transaction.atomic():
        row = Segment.objects.get(pk=segment)
        audit("segment_removed", about=("segment", segment), changes={"name": [row.name, None]}, at=at, by=by)
        Membership.objects.filter(segment=segment).delete()
        Segment.objects.filter(pk=segment).delete()


def touch(persons: Collection[int]) -> None:
    """Persons changed without a fact that listeners hear: ask them again."""
    projections.touch(persons)


def _must_be_free(name: str, but: int = 0) -> None:
    if Segment.objects.filter(name=name).exclude(pk=but).exists():
        raise NameTaken(name)


def _written(tree: Predicate) -> dict[str, object]:
    return tree.model_dump(mode="json", by_alias=True, exclude_none=True)


def _find_members(segment: int, name: str, by: int | None) -> None:
    title = gettext("Find who is in the segment “%(name)s”") % {"name": name}
    jobs.start("fill_segment", title, {"segment": segment}, by=by)
