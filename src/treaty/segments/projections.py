"""Members follow the facts: touched persons are marked, asked again, and enter or leave; a rebuild asks everybody."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction

from treaty.kit import sql
from treaty.kit.collector import without_collector
from treaty.kit.rows import among
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import SubjectKind, about_identity
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.people.facts import PersonsMerged, PersonsSplit
from treaty.people.queries.leads import leads
from treaty.segments import queries
from treaty.segments.facts import SegmentEntered, SegmentLeft
from treaty.segments.models import Membership, Segment, Touched, Wake
from treaty.segments.queries import Followed
from treaty.segments.queries.segments import ANY
from treaty.segments.rules import (
    Crowd,
    EngagementAtLeast,
    GradeIn,
    PersonState,
    Predicate,
    asks_for_deals,
    dates_used,
    kinds_used,
    next_change,
    segments_used,
)
from treaty.segments.rules.matching import nodes

AT_ONCE = 5_000
"""Persons asked again in one transaction."""
MOST = 50_000
"""Marks taken in one turn; what is left waits for the next."""
ANYTHING = ""
"""Instead of a kind of fact: anything about the person may have changed."""
OF_DEALS = "deals"
"""Likewise: something about the person's deals changed, and nothing else."""

Mark = tuple[int, str]
"""A person, and the kind of fact that the history grew by, or ANYTHING, or OF_DEALS."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Who entered a segment and who left it."""

    segment: Followed
    entered: set[int]
    left: set[int]

    @property
    def moved(self) -> set[int]:
        """All of them."""
        return self.entered | self.left


def touch_listener(batch: Sequence[Recorded]) -> None:
    """Mark whom a batch of facts is about; where no segment is followed nobody is."""
    touch(set(people.holders(batch).values()))


def history_listener(batch: Sequence[Recorded]) -> None:
    """As `touch_listener`, for facts that change nothing but the history: who does not ask for them is not asked."""
    holders = people.holders(batch)
    about = (line for line in batch if line.about.kind is SubjectKind.IDENTITY)
    _mark({(holders[line.about.id], line.kind) for line in about if line.about.id in holders})


def company_listener(batch: Sequence[Recorded]) -> None:
    """Mark the persons whose company was changed."""
    touch(people.persons_at({line.about.id for line in batch if line.about.kind is SubjectKind.COMPANY}))


def merge_listener(batch: Sequence[Recorded]) -> None:
    """Who was merged is in no segment any more; whoever's history grew or shrank is marked.

    So is who was merged: somebody may be writing just now that this person entered a segment.
    """
    merged = [line.fact for line in batch if isinstance(line.fact, PersonsMerged)]
    split = [line.fact for line in batch if isinstance(line.fact, PersonsSplit)]
    Membership.objects.filter(person__in=[fact.merged for fact in merged]).delete()
    touch(
        {person for fact in merged for person in (fact.survivor, fact.merged)}
        | {person for fact in split for person in (fact.person, fact.other)}
    )


def touch(persons: Collection[int]) -> None:
    """Mark persons to be asked again; one cheap write."""
    _mark({(person, ANYTHING) for person in persons})


def touch_deals(persons: Callable[[], Collection[int]]) -> None:
    """Mark persons of whose deals something changed; who they are is asked where there are segments."""
    if _is_followed():
        _write_marks({(person, OF_DEALS) for person in persons()})


def _is_followed() -> bool:
    return bool(sql.ask(*ANY))


def _mark(marks: Collection[Mark]) -> None:
    if marks and _is_followed():
        _write_marks(marks)


def _write_marks(marks: Collection[Mark]) -> None:
    sql.write_rows("segments_touched", ("person_id", "kind"), marks)


def follow(at: datetime) -> int:
    """Ask those again whom facts or time may have moved until now; how many were asked.

    While the members of a segment are being found, everybody waits: a fact of those seconds must move them afterwards.
    """
    if queries.is_filling(at):
        return 0
    _mark_moved_by_time(at)
    asked, marked = 0, _marked()
    persons = list(marked)
    for start in range(0, len(persons), AT_ONCE):
        chunk = {person: marked[person] for person in persons[start : start + AT_ONCE]}
        with without_collector(), transaction.atomic():
            if queries.is_filling(at):
                return asked
            asked += _fold({(person, kind) for person, marks in chunk.items() for _row, kind in marks}, at)
            among(Touched, "id", [row for marks in chunk.values() for row, _kind in marks]).delete()
    return asked


def _marked() -> dict[int, list[tuple[int, str]]]:
    """The marks of one turn by their persons, so that nobody is asked twice: each a row and a kind of fact."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row, person, kind in Touched.objects.order_by("pk").values_list("pk", "person_id", "kind")[:MOST]:
        found[person].append((row, kind))
    return found


def fill(segment: int, at: datetime) -> int:
    """Find everybody who is in a segment, set at once, and follow it from now on; how many there are.

    Who is in when a segment is made or changed is no event, so no fact is written; the same goes for segments that ask for
    it. Nothing is locked while they are found: whoever changes meanwhile is marked, and asked by the first turn after it.
    """
    known = queries.segment(segment)
    if known is None:
        return 0
    touched = [known, *queries.askers(segment)]
    rows = Segment.objects.filter(pk__in=[one.id for one in touched])
    rows.update(filling_since=at)
    rows.filter(pk=segment).update(followed_until=None)
    try:
        with queries.everybody([one.tree for one in touched], at) as matching:
            for one in touched:
                inside = matching(one.tree)
                with transaction.atomic():
                    _write_members(one, inside, at)
                    rows.filter(pk=one.id).update(filling_since=None, followed_until=at)
    except Exception:
        # The others need not wait for a segment whose members are not found.
        rows.filter(filling_since=at).update(filling_since=None)
        raise
    return len(queries.member_ids(segment))


def rebuild(*, check: bool, at: datetime) -> int:
    """Find the members of every segment anew; how many memberships differed. With `check` nothing is written.

    A segment is compared as of the instant until which it is followed, without the persons who wait to be asked again.
    """
    segments = queries.followed()
    if check:
        return _compared(segments, at, write=False)
    rows = Segment.objects.filter(pk__in=[segment.id for segment in segments])
    rows.update(filling_since=at)
    try:
        return _compared(segments, at, write=True)
    finally:
        rows.update(filling_since=None)


def _compared(segments: Collection[Followed], at: datetime, *, write: bool) -> int:
    waiting, differing = set(Touched.objects.values_list("person_id", flat=True)), 0
    for until, alike in groupby(segments, key=lambda segment: segment.until or at):
        asked = list(alike)
        with queries.everybody([segment.tree for segment in asked], until) as matching:
            for segment in asked:
                inside = matching(segment.tree)
                wrong = (inside ^ queries.member_ids(segment.id)) - waiting
                differing += len(wrong)
                if wrong and write:
                    with transaction.atomic():
                        _write_members(segment, inside, until)
    return differing


def _write_members(segment: Followed, inside: set[int], at: datetime) -> None:
    before = queries.member_ids(segment.id)
    among(Membership, "person_id", before - inside).filter(segment=segment.id).delete()
    _add(((segment.id, person) for person in inside - before), at)
    if _fades(segment):
        waking = queries.everybody_waking(segment.tree, at)
        _write_wakes([segment], waking, waking, at)


def _mark_moved_by_time(at: datetime) -> None:
    """Mark whose touches began or ceased to count since the segments were followed last, and whose engagement faded."""
    segments = queries.followed()
    with transaction.atomic():
        for until in {segment.until for segment in segments if segment.until and segment.until < at}:
            trees = [segment.tree for segment in segments if segment.until == until]
            _mark(queries.persons_touching(trees, until, at))
        due = Wake.objects.filter(at__lte=at)
        touch(set(due.values_list("person_id", flat=True)))
        due.delete()
        Segment.objects.filter(pk__in=[segment.id for segment in segments], followed_until__lt=at).update(
            followed_until=at
        )


def _fold(marks: Collection[Mark], at: datetime) -> int:
    """Ask persons again, write who entered and who left which segment, and when to ask for fading engagement next.

    A segment is asked only for those whom something it looks at may have moved; how many persons were asked.
    """
    segments = queries.followed()
    concerned = _concerned(segments, marks)
    persons = set[int]().union(*concerned.values())
    if not persons:
        return 0
    found = queries.states_for([segment.tree for segment in segments], persons, at)
    states = {person: state for person, state in found.items() if state.attributes}
    were = queries.segments_of(persons)
    crowd, moves = Crowd(states, at, were), dict[int, Moves]()
    for segment in segments:
        others = (moves[inner].moved for inner in segments_used(segment.tree) if inner in moves)
        if asked := concerned[segment.id].union(*others):
            inside, before = crowd.matching(segment.tree) & asked, were[segment.id] & asked
            moves[segment.id] = Moves(segment, inside - before, before - inside)
            were[segment.id] = were[segment.id] - asked | inside
    _write_moves(moves.values(), at)
    _write_wakes([one.segment for one in moves.values() if _fades(one.segment)], persons, states, at)
    return len(persons)


def _concerned(segments: Iterable[Followed], marks: Collection[Mark]) -> dict[int, set[int]]:
    """Of each segment the persons to be asked."""
    marked: dict[str, set[int]] = defaultdict(set)
    for person, kind in marks:
        marked[kind].add(person)
    return {
        segment.id: set[int]().union(*(marked[kind] for kind in _looked_at(segment.tree)))
        for segment in segments
    }


def _looked_at(tree: Predicate) -> tuple[str, ...]:
    """The marks that concern a tree."""
    return (ANYTHING, *kinds_used(tree), *([OF_DEALS] if asks_for_deals(tree) else []))


def _write_moves(moves: Collection[Moves], at: datetime) -> None:
    """Write who is in from now on and who is not, and record both as facts."""
    anchors = leads(set[int]().union(*(one.moved for one in moves)))
    _add(((one.segment.id, person) for one in moves for person in one.entered), at)
    for one in moves:
        if one.left:
            among(Membership, "person_id", one.left).filter(segment=one.segment.id).delete()
    facts = [
        Entry(kind(one.segment.id, one.segment.name), about_identity(anchors[person].anchor), at=at)
        for one in moves
        for kind, moved in ((SegmentEntered, one.entered), (SegmentLeft, one.left))
        for person in sorted(moved & anchors.keys())
    ]
    record_many(facts, recorded_at=at)


def _add(members: Iterable[tuple[int, int]], at: datetime) -> None:
    """Write (segment, person) pairs; those that are there stay."""
    since = sql.stamp(at)
    sql.write_rows(
        "segments_membership",
        ("segment_id", "person_id", "since"),
        ((segment, person, since) for segment, person in sorted(members)),
        tail="ON CONFLICT DO NOTHING",
        mostly_new=True,
    )


def _write_wakes(
    segments: Iterable[Followed], persons: Collection[int], states: Mapping[int, PersonState], at: datetime
) -> None:
    """When fading, or a date that comes near, may move each of these persons next."""
    for segment in segments:
        among(Wake, "person_id", list(persons)).filter(segment=segment.id).delete()
        changes = ((person, next_change(segment.tree, state, at)) for person, state in states.items())
        rows = [(segment.id, person, sql.stamp(when)) for person, when in changes if when is not None]
        sql.write_rows("segments_wake", ("segment_id", "person_id", "at"), rows)


def _fades(segment: Followed) -> bool:
    is_scored = any(isinstance(node, EngagementAtLeast | GradeIn) for node in nodes(segment.tree.match))
    return is_scored or any(dates_used(segment.tree))
