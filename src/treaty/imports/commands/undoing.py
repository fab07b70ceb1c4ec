"""Takes an import back: whom it added goes, whom it changed is again what it was, and what happened since stays."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from treaty.deals.commands import remove_added_deals, take_back_deals, take_back_stages_of_deals
from treaty.deals.queries.of_persons import deals_with
from treaty.imports.models import Change, Import, RecordChange
from treaty.imports.queries import UNDOABLE, added_by, is_undoable
from treaty.ledger.queries import Recorded
from treaty.people.commands import (
    Kept,
    KeptCompany,
    remove_added,
    remove_added_companies,
    remove_companies_of,
    take_back,
    take_back_companies,
)
from treaty.people.queries import holders
from treaty.scoring.commands import score_again
from treaty.segments.facts import SegmentEntered, SegmentLeft
from treaty.staff.commands import audit

CHUNK = 500
"""Persons taken back in one transaction."""
FOLLOWING = (SegmentEntered.__name__, SegmentLeft.__name__)
"""Facts that the house itself records of whoever comes in: they are nothing that somebody did."""

Progress = Callable[[int, int], None]
"""Told after each transaction how many of how many persons are done."""


class CannotUndo(ValueError):
    """The run is none that can be taken back, or somebody takes it back already."""


@dataclass(slots=True)
class Undone:
    """What became of what a run brought: removed, made again what it was, or left because something happened."""

    removed: int = 0
    restored: int = 0
    stayed: int = 0


def undo_import(run: int, *, at: datetime, by: int | None, progress: Progress | None = None) -> Undone:
    """Take back what a run brought. Broken off and begun again it goes on where it was. Raises CannotUndo."""
    row = Import.objects.select_related("job").filter(pk=run, kind__in=UNDOABLE, is_dry_run=False).first()
    if row is None or not (is_undoable(row) or row.state == "undoing"):
        raise CannotUndo(f"Run {run} cannot be taken back.")
    if not Import.objects.filter(pk=run, state=row.state).update(state="undoing"):
        raise CannotUndo(f"Run {run} is taken back already.")
    found = TAKERS[row.kind](row, at=at, by=by, progress=progress)
    Import.objects.filter(pk=run).update(state="undone", undone_at=at)
    audit("import_undone", about=("import", run), changes={"removed": [None, found.removed]}, by=by, at=at)
    return found


def _companies(row: Import, *, at: datetime, by: int | None, progress: Progress | None) -> Undone:
    """Changed companies are again what they were; those that were added go where nothing names them."""
    changes = RecordChange.objects.filter(run=row).order_by("-pk")
    added = set(changes.filter(is_new=True).values_list("record", flat=True))
    total, found, done = changes.count(), Undone(), 0
    while rows := list(changes.filter(is_new=False)[:CHUNK]):
        kept = joined_companies([one for one in rows if one.record not in added])
        found.restored += take_back_companies(kept, batch=row.pk, at=at, by=by)
        RecordChange.objects.filter(pk__in=[one.pk for one in rows]).delete()
        done = _told(progress, done + len(rows), total)
    found.removed = remove_added_companies(added)
    found.stayed = len(added) - found.removed
    _told(progress, total, total)
    return found


def _deals(row: Import, *, at: datetime, by: int | None, progress: Progress | None) -> Undone:
    """Changed deals are again what they were, those that were added go where nothing happened since, and persons stand
    again where they stood before their deals led them on."""
    run, undone = row.pk, _undone()
    changes = RecordChange.objects.filter(run=row).order_by("-pk")
    added = sorted(set(changes.filter(is_new=True).values_list("record", flat=True)))
    total, found, done = changes.count(), Undone(), 0
    while rows := list(changes.filter(is_new=False)[:CHUNK]):
        kept = {one.company: one.fields for one in joined_companies(rows) if one.company not in added}
        found.restored += take_back_deals(kept, batch=run, at=at, by=by)
        RecordChange.objects.filter(pk__in=[one.pk for one in rows]).delete()
        done = _told(progress, done + len(rows), total)
    for start in range(0, len(added), CHUNK):
        part = added[start : start + CHUNK]
        found.removed += remove_added_deals(part, batch=run, undone=undone)
        done = _told(progress, done + len(part), total)
    found.stayed = len(added) - found.removed
    led = {each.person: each.fields["stage"] for each in joined(_led(row)) if each.fields}
    score_again(take_back_stages_of_deals(led, batch=run, at=at, by=by), at=at)
    Change.objects.filter(run=row).delete()
    remove_companies_of(added_at=row.started_at)
    return found


def _led(row: Import) -> list[Change]:
    """Persons whose stages the deals of a run changed, the newest change first."""
    return list(Change.objects.filter(run=row).order_by("-pk"))


def _undone() -> list[int]:
    """The runs that were taken back: what they told is nothing that happened."""
    return list(Import.objects.filter(state="undone").order_by("pk").values_list("pk", flat=True))


def joined_companies(changes: Sequence[RecordChange]) -> list[KeptCompany]:
    """Changes of one record as one: what was first, what was last. The newest change comes first."""
    found: dict[int, KeptCompany] = {}
    for each in changes:
        later, fields = found.get(each.record), dict(each.fields)
        for name, (before, after) in (later.fields if later else {}).items():
            fields[name] = [fields[name][0] if name in fields else before, after]
        found[each.record] = KeptCompany(each.record, False, fields)
    return list(found.values())


def _persons(row: Import, *, at: datetime, by: int | None, progress: Progress | None) -> Undone:
    """Whom the run changed is again what it was, whom it added goes where nothing happened since."""
    run = row.pk
    added = sorted(added_by(run))
    undone = _undone()
    ours, changes = set(added), Change.objects.filter(run=run).order_by("-pk")
    total, found = len(added) + changes.count(), Undone()
    done = 0
    while rows := list(changes[:CHUNK]):
        others = [row for row in rows if row.person not in ours]
        found.restored += take_back(joined(others), batch=run, undone=undone, at=at, by=by)
        Change.objects.filter(pk__in=[row.pk for row in rows]).delete()
        score_again({row.person for row in others}, at=at)
        done = _told(progress, done + len(rows), total)
    for start in range(0, len(added), CHUNK):
        part = added[start : start + CHUNK]
        found.removed += remove_added(part, batch=run, undone=undone, besides=FOLLOWING, at=at, by=by)
        done = _told(progress, done + len(part), total)
    found.stayed = len(added) - found.removed
    remove_companies_of(added_at=row.started_at)
    return found


Taker = Callable[..., Undone]
TAKERS: Mapping[str, Taker] = {"persons": _persons, "companies": _companies, "deals": _deals}
"""Each takes back what a run brought of one thing."""


def _told(progress: Progress | None, done: int, total: int) -> int:
    if progress:
        progress(done, total)
    return done


def joined(changes: Sequence[Change]) -> list[Kept]:
    """Changes of one person as one: what was first, what was last. The newest change comes first."""
    found: dict[int, Kept] = {}
    for each in changes:
        later = found.get(each.person)
        fields = dict(each.fields)
        for name, (before, after) in (later.fields if later else {}).items():
            fields[name] = [fields[name][0] if name in fields else before, after]
        found[each.person] = Kept(
            each.person,
            fields,
            [*each.identities, *(later.identities if later else ())],
            [*each.tags, *(later.tags if later else ())],
            [*each.companies, *(later.companies if later else ())],
        )
    return list(found.values())


def forget_changes(batch: Sequence[Recorded]) -> None:
    """Listener: whoever is forgotten leaves nothing readable in what imports changed."""
    persons = sorted(set(holders(batch).values()))
    Change.objects.filter(person__in=persons).update(fields={})
    forget_deals(deals_with(persons))


def forget_deals(deals: Collection[int]) -> None:
    """What imports changed of deals whose texts are emptied is readable no more."""
    RecordChange.objects.filter(run__kind="deals", record__in=deals).update(fields={})


def forget_erased(batch: Sequence[Recorded]) -> None:
    """Listener: deals whose month in the bin is over leave nothing readable in what imports changed."""
    forget_deals([line.about.id for line in batch])
