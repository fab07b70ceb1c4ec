"""Re-folds what a person's row repeats from its history: stage, owner, and what the person refused."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from treaty.kit import sql
from treaty.ledger.listeners import whole_histories
from treaty.ledger.queries import Recorded, histories
from treaty.people.facts import (
    CallsRefused,
    ContactAllowed,
    OwnerAssigned,
    PersonForgotten,
    PersonsMerged,
    StageEntered,
    Unsubscribed,
)
from treaty.people.models import Person
from treaty.people.queries import changed, holders, identities_of, known_behind
from treaty.people.rules import Back, Stage, stage_after

KINDS = tuple(
    kind.__name__
    for kind in (
        StageEntered,
        OwnerAssigned,
        Unsubscribed,
        CallsRefused,
        ContactAllowed,
        PersonForgotten,
        PersonsMerged,
    )
)
CHUNK = 5_000
LINKS = (
    ("people_personidentity", "person_id", "people_person"),
    ("people_employment", "person_id", "people_person"),
    ("people_employment", "company_id", "people_company"),
    ("people_persontag", "person_id", "people_person"),
    ("people_persontag", "tag_id", "people_tag"),
    ("people_consent", "person_id", "people_person"),
    ("people_binnedperson", "person_id", "people_person"),
)
"""The links that no constraint holds, each as table, column, and the table where the other end must be."""
COLUMNS = ("stage", "stage_since", "owner_id", "unsubscribed_at", "do_not_call_at")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands: stage and since when, whose it is, and since when it refuses mail or calls."""

    stage: str
    stage_since: datetime
    owner_id: int | None = None
    unsubscribed_at: datetime | None = None
    do_not_call_at: datetime | None = None

    def stamped(self, columns: Sequence[str]) -> tuple[object, ...]:
        """The values of some columns, as the database takes them."""
        values = (getattr(self, name) for name in columns)
        return tuple(sql.stamp(value) if isinstance(value, datetime) else value for value in values)


def fold(history: Iterable[Recorded], created_at: datetime) -> Standing:
    """Where a history leads; who has none is a subscriber since being added. Order and repetition do not matter."""
    lines = sorted(history, key=lambda line: (line.occurred_at, line.id))
    entries = [
        (
            line.occurred_at,
            line.id,
            Stage(line.fact.stage),
            Back.UNDOING if line.fact.undoes else line.fact.back,
        )
        for line in lines
        if isinstance(line.fact, StageEntered)
    ]
    stage, since = stage_after(entries) or (Stage.SUBSCRIBER, created_at)
    owners = [line.fact.owner for line in lines if isinstance(line.fact, OwnerAssigned)]
    mail, call = refusals(lines)
    return Standing(stage.value, since, owners[-1] if owners else None, mail, call)


def refusals(lines: Iterable[Recorded]) -> tuple[datetime | None, datetime | None]:
    """Since when mail and calls are refused, after facts in order of time.

    Each record that was merged answers for itself until the merge: what one of them allowed does not undo what the
    other refused. From then on they are one.
    """
    lines = list(lines)
    merged = {line.fact.anchor for line in lines if isinstance(line.fact, PersonsMerged)}
    mail: dict[int, datetime] = {}
    call: dict[int, datetime] = {}
    for line in lines:
        record = line.about.id if line.about.id in merged else 0
        match line.fact:
            case Unsubscribed():
                mail.setdefault(record, line.occurred_at)
            case CallsRefused():
                call.setdefault(record, line.occurred_at)
            case PersonForgotten():
                mail.setdefault(record, line.occurred_at)
                call.setdefault(record, line.occurred_at)
            case ContactAllowed(way=way):
                (mail if way == "mail" else call).pop(record, None)
            case PersonsMerged(anchor=anchor):
                _join(mail, anchor, record)
                _join(call, anchor, record)
    return min(mail.values(), default=None), min(call.values(), default=None)


def _join(refused: dict[int, datetime], merged: int, record: int) -> None:
    if since := refused.pop(merged, None):
        refused[record] = min(since, refused.get(record, since))


def refold(persons: Collection[int]) -> int:
    """Fold persons anew and write what differs; how many did."""
    ids = sorted(persons)
    return sum(_refold(ids[start : start + CHUNK], write=True) for start in range(0, len(ids), CHUNK))


def refold_listener(batch: Sequence[Recorded]) -> None:
    """Re-fold the persons a batch of facts is about, so that whoever listens next reads rows that know the facts."""
    persons = sorted(set(holders(batch).values()))
    if len(persons) > sql.FEW:
        differing = refold(persons)
    else:
        differing = _refold(persons, write=True, stored=_behind(batch), lines=whole_histories(batch))
    if differing:
        changed(batch)


def rebuild_standing(*, check: bool, at: datetime) -> int:
    """Fold everybody anew; how many rows differed from their fold, and how many links led nowhere.

    With `check` nothing is written; without, links that lead nowhere go.
    """
    differing, last = stray_links(write=not check), 0
    while ids := list(Person.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        differing += _refold(ids, write=not check)
        last = ids[-1]
    return differing


def stray_links(*, write: bool) -> int:
    """How many links of persons lead to a row that is not there; with `write` they are deleted."""
    verb, found = "DELETE" if write else "SELECT COUNT(*)", 0
    with connection.cursor() as cursor:
        for table, column, target in LINKS:
            cursor.execute(
                f"{verb} FROM {table} WHERE NOT EXISTS (SELECT 1 FROM {target} t WHERE t.id = {table}.{column})"
            )
            found += int(cursor.rowcount if write else cursor.fetchone()[0])
    return found


@dataclass(frozen=True, slots=True)
class _Stored:
    """A person's row as it stands, with whose histories it is folded from."""

    person: int
    created_at: datetime
    standing: Standing
    identities: Sequence[int]


def _behind(batch: Sequence[Recorded]) -> list[_Stored]:
    """The persons behind a small batch, of whom all is known."""
    return [
        _Stored(
            person,
            one.created_at,
            Standing(one.stage, one.stage_since, one.owner, one.unsubscribed_at, one.do_not_call_at),
            one.identities,
        )
        for person, one in known_behind(batch).items()
    ]


def _stored(persons: Collection[int]) -> list[_Stored]:
    identities = identities_of(persons)
    rows = Person.objects.extra(  # noqa: S610  the condition is ours, its values are parameters
        where=[sql.one_of("people_person.id")], params=[sql.listed(persons)]
    )
    return [
        _Stored(person, created_at, Standing(*values), identities.get(person, ()))
        for person, created_at, *values in rows.order_by("pk").values_list("pk", "created_at", *COLUMNS)
    ]


def _refold(
    persons: Sequence[int],
    *,
    write: bool,
    stored: Sequence[_Stored] | None = None,
    lines: Mapping[int, Sequence[Recorded]] | None = None,
) -> int:
    with transaction.atomic(savepoint=False):
        stored = _stored(persons) if stored is None else stored
        if lines is None:
            lines = histories([identity for one in stored for identity in one.identities], kinds=KINDS)
        differing: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for one in stored:
            history = [line for identity in one.identities for line in lines.get(identity, ())]
            standing = fold(history, one.created_at)
            differs = tuple(
                name for name in COLUMNS if getattr(one.standing, name) != getattr(standing, name)
            )
            if differs:
                differing[differs].append((*standing.stamped(differs), one.person))
        if write:
            # Only what differs: a column that is written anew has its indexes written anew.
            with sql.at_once():
                for columns, rows in differing.items():
                    sql.update_rows("people_person", columns, rows)
    return sum(map(len, differing.values()))
