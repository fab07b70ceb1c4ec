"""The verbs of segments: add, change, remove; persons to be asked again."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from treaty.kit import jobs
from treaty.ledger.facts import KINDS
from treaty.segments import projections, queries
from treaty.segments.models import Membership, Segment, SegmentVersion
from treaty.segments.rules import NotAPredicate, Predicate, Problem, is_circle, kinds_used, segments_used
from treaty.segments.rules.known import kinds_of_others, unknown_attributes
from treaty.staff.commands import audit


class NameTaken(ValueError):
    """Another segment is called so."""


class StillAsked(ValueError):
    """Other segments ask for this one; `names` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def add_segment(name: str, *, tree: Predicate, at: datetime, by: int | None) -> int:
    """Save a predicate as a segment; a job finds its members. Raises NotAPredicate where it asks for what is not there."""
    with transaction.atomic():
        _must_be_free(name)
        _must_stand(tree)
        row = Segment.objects.create(
            name=name, predicate=_written(tree), created_at=at, changed_at=at, by_id=by
        )
        _write_version(row.pk, tree, at=at, by=by)
        audit("segment_added", about=("segment", row.pk), changes={"name": [None, name]}, at=at, by=by)
        _find_members(row.pk, name, by)
    return row.pk


def change_segment(segment: int, *, name: str, tree: Predicate, at: datetime, by: int | None) -> None:
    """Call a segment otherwise, or let it mean others: then a job finds its members anew.

    Raises NotAPredicate where it asks for what is not there, or for itself by way of others.
    """
    with transaction.atomic():
        row = Segment.objects.select_for_update().get(pk=segment)
        _must_be_free(name, but=segment)
        _must_stand(tree, segment)
        before, after = [row.name, row.predicate], [name, _written(tree)]
        if before == after:
            return
        Segment.objects.filter(pk=segment).update(name=name, predicate=after[1], changed_at=at)
        changes = {"name": [row.name, name]} if row.name != name else {"predicate": [None, None]}
        audit("segment_changed", about=("segment", segment), changes=changes, at=at, by=by)
        if row.predicate != after[1]:
            _write_version(segment, tree, at=at, by=by)
            Segment.objects.filter(pk=segment).update(followed_until=None)
            _find_members(segment, name, by)


def restore_version(segment: int, *, version: int, at: datetime, by: int | None) -> None:
    """Let a segment mean again what it meant in a version: that is a new version. Raises as `change_segment` does."""
    tree, row = queries.meaning_of(segment, version), queries.segment(segment)
    if tree is not None and row is not None:
        change_segment(segment, name=row.name, tree=tree, at=at, by=by)


def remove_segment(segment: int, *, at: datetime, by: int | None) -> None:
    """Forget a segment and who was in it; what was recorded of it stays. Raises StillAsked."""
    with transaction.atomic():
        row = Segment.objects.get(pk=segment)
        if asking := queries.askers(segment):
            raise StillAsked([one.name for one in asking])
        audit("segment_removed", about=("segment", segment), changes={"name": [row.name, None]}, at=at, by=by)
        Membership.objects.filter(segment=segment).delete()
        Segment.objects.filter(pk=segment).delete()


def touch(persons: Collection[int]) -> None:
    """Persons changed without a fact that listeners hear: ask them again."""
    projections.touch(persons)


def touch_deals(persons: Callable[[], Collection[int]]) -> None:
    """Something of deals changed: ask the persons whose deals they are again; who that is, is asked where it matters."""
    projections.touch_deals(persons)


def _must_be_free(name: str, but: int = 0) -> None:
    if Segment.objects.filter(name=name).exclude(pk=but).exists():
        raise NameTaken(name)


def _must_stand(tree: Predicate, segment: int = 0) -> None:
    known, none = queries.trees(), list[Problem]()
    none += [Problem("match", "no_such_attribute", {"given": one}) for one in unknown_attributes(tree)]
    none += [
        Problem("match", "no_such_kind", {"given": one}) for one in sorted(kinds_used(tree) - KINDS.keys())
    ]
    none += [
        Problem("match", "kind_of_others", {"given": one}) for one in kinds_of_others(tree) if one in KINDS
    ]
    none += [
        Problem("match", "no_such_segment", {"given": one})
        for one in sorted(segments_used(tree) - known.keys())
    ]
    if none:
        raise NotAPredicate(none)
    if is_circle(segment, tree, known):
        raise NotAPredicate([Problem("match", "segment_of_itself")])


def _write_version(segment: int, tree: Predicate, *, at: datetime, by: int | None) -> None:
    rows = SegmentVersion.objects.filter(segment=segment)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    SegmentVersion.objects.create(
        segment_id=segment, number=last + 1, predicate=_written(tree), at=at, by_id=by
    )


def _written(tree: Predicate) -> dict[str, object]:
    return tree.model_dump(mode="json", by_alias=True, exclude_none=True)


def _find_members(segment: int, name: str, by: int | None) -> None:
    title = gettext("Find who is in the segment “%(name)s”") % {"name": name}
    jobs.start("fill_segment", title, {"segment": segment}, by=by)
