"""Brings touchpoints in: whoever is unknown becomes a person, and each fact is recorded once, at its own time."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from django.db import transaction

from treaty.capture.facts import FROM_OUTSIDE
from treaty.imports.commands.runs import Run
from treaty.imports.rules.problems import BadField, Good, Report
from treaty.imports.rules.touchpoints import ToldTouch
from treaty.ledger.commands import Entry, identify_many, record_many
from treaty.ledger.facts import Subject, about_identity
from treaty.ledger.queries import history
from treaty.people.commands import Added, add_persons, stage_listener
from treaty.people.rules import Outcome, Stage, identity_pairs
from treaty.scoring.commands import score_again

CHUNK = 5_000
TAKEN = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED})
BUYER_CAME = tuple(kind.__name__ for kind in FROM_OUTSIDE)
become_lead = stage_listener(Stage.LEAD)


def add_touchpoints(
    rows: Iterable[Good], report: Report, run: Run, progress: Callable[[int], None] | None
) -> list[Outcome]:
    """Record the touchpoints of rows, set at once in chunks; what came of each that was taken.

    What buyers did moves stages and scores and opens no handover; what was said is told to who listens.
    """
    rest, outcomes, done = iter(rows), list[Outcome](), 0
    while chunk := list(islice(rest, CHUNK)):
        with transaction.atomic():
            outcomes += _add_chunk(chunk, report, run)
        done += len(chunk)
        if progress:
            progress(done)
    return outcomes


def _add_chunk(chunk: Sequence[Good], report: Report, run: Run) -> list[Outcome]:
    added = add_persons(
        (row.draft.person for row in chunk), at=run.at, by=run.by, source="import", batch=run.id
    )
    taken = [
        (row.draft, each) for row, each in zip(chunk, added, strict=True) if _is_taken(row, each, report)
    ]
    pairs = [next(iter(identity_pairs(told.person))) for told, _each in taken]
    identities = identify_many(pairs, at=run.at)
    entries = [
        _entry(told, about_identity(identities[pair]), run)
        for (told, _each), pair in zip(taken, pairs, strict=True)
    ]
    came = [entry for entry in entries if isinstance(entry.fact, FROM_OUTSIDE)]
    said = [entry for entry in entries if not isinstance(entry.fact, FROM_OUTSIDE)]
    found = record_many(came, recorded_at=run.at, quiet=True)
    heard = record_many(said, recorded_at=run.at)
    if found.new:
        become_lead(history({entry.about for entry in came}, kinds=BUYER_CAME))
    if found.new or any(each.outcome is Outcome.NEW for _told, each in taken):
        score_again({each.person_id for _told, each in taken}, at=run.at)
    new = found.new + heard.new
    return [Outcome.NEW] * new + [Outcome.UNCHANGED] * (len(entries) - new)


def _is_taken(row: Good, each: Added, report: Report) -> bool:
    """Whether the row's person may be written about; a row of somebody forgotten is handed back without its words."""
    if each.outcome in TAKEN:
        return True
    blank = Good(row.row, ("",) * len(row.cells), row.draft)
    report.reject(
        blank if each.outcome is Outcome.FORGOTTEN else row, [BadField("email", each.outcome.value)]
    )
    return False


def _entry(told: ToldTouch, about: Subject, run: Run) -> Entry:
    return Entry(told.fact, about, told.at, told.by, told.key, told.at, run.id, told.text)
