"""Members follow the facts: touched persons are marked, asked again, and enter or leave; a rebuild asks everybody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from treaty.kit import sql
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
from treaty.segments.rules import Date, EngagementAtLeast, GradeIn, PersonState, kinds_used, next_change
from treaty.segments.rules.matching import compiled, nodes

AT_ONCE = 5_000
"""Persons asked again in one transaction."""
MOST = 50_000
"""Marks taken in one turn; what is left waits for the next."""


def touch_listener(batch: Sequence[Recorded]) -> None:
    """Mark whom a batch of facts is about; where no segment is followed nobody is."""
    touch(set(people.holders(batch).values()))


def company_listener(batch: Sequence[Recorded]) -> None:
    """Mark the persons whose company was changed."""
    touch(people.persons_at({line.about.id for line in batch if line.about.kind is SubjectKind.COMPANY}))


def merge_listener(batch: Sequence[Recorded]) -> None:
    """Who was merged is in no segment any more; whoever's history grew or shrank is marked."""
    merged = [line.fact for line in batch if isinstance(line.fact, PersonsMerged)]
    split = [line.fact for line in batch if isinstance(line.fact, PersonsSplit)]
    Membership.objects.filter(person__in=[fact.merged for fact in merged]).delete()
    touch(
        {fact.survivor for fact in merged}
        | {person for fact in split for person in (fact.person, fact.other)}
    )


def touch(persons: Collection[int]) -> None:
    """Mark persons to be asked again; one cheap write."""
    if persons and sql.ask("SELECT 1 FROM segments_segment LIMIT 1"):
        sql.write_rows("segments_touched", ("person_id",), [(person,) for person in persons])


def follow(at: datetime) -> int:
    """Ask those again whom facts or time may have moved until now; how many were asked.

    While the members of a segment are being found, everybody waits: a fact of those seconds must move them afterwards.
    """
    if queries.is_filling(at):
        return 0
    _mark_moved_by_time(at)
    asked = 0
    marks = list(Touched.objects.order_by("pk").values_list("pk", "person_id")[:MOST])
    for start in range(0, len(marks), AT_ONCE):
        chunk = marks[start : start + AT_ONCE]
        with transaction.atomic():
            if queries.is_filling(at):
                return asked
            persons = {person for _mark, person in chunk}
            _fold(persons, at)
            among(Touched, "id", [mark for mark, _person in chunk]).delete()
        asked += len(persons)
    return asked


def fill(segment: int, at: datetime) -> int:
    """Find everybody who is in a segment, set at once, and follow it from now on; how many there are.

    Who is in when a segment is made or changed is no event, so no fact is written.
    """
    known = queries.segment(segment)
    if known is None:
        return 0
    Segment.objects.filter(pk=segment).update(filling_since=at, followed_until=None)
    with transaction.atomic():
        [inside] = queries.found([known.tree], at)
        _write_members(known, inside, at)
        Segment.objects.filter(pk=segment).update(filling_since=None, followed_until=at)
    return len(inside)


def rebuild(*, check: bool, at: datetime) -> int:
    """Find the members of every segment anew; how many memberships differed. With `check` nothing is written.

    A segment is compared as of the instant until which it is followed, without the persons who wait to be asked again.
    """
    waiting, differing = set(Touched.objects.values_list("person_id", flat=True)), 0
    for segment in queries.followed():
        until = segment.until or at
        [inside] = queries.found([segment.tree], until)
        wrong = (inside ^ queries.member_ids(segment.id)) - waiting
        differing += len(wrong)
        if wrong and not check:
            with transaction.atomic():
                _write_members(segment, inside, until)
    return differing


def _write_members(segment: Followed, inside: set[int], at: datetime) -> None:
    before = queries.member_ids(segment.id)
    among(Membership, "person_id", before - inside).filter(segment=segment.id).delete()
    _add(segment.id, inside - before, at)
    if _fades(segment):
        waking = queries.everybody_waking(segment.tree, at)
        _write_wakes([segment], waking, waking, at)


def _mark_moved_by_time(at: datetime) -> None:
    """Mark whose touches began or ceased to count since the segments were followed last, and whose engagement faded."""
    segments = queries.followed()
    with transaction.atomic():
        for until in {segment.until for segment in segments if segment.until and segment.until < at}:
            trees = [segment.tree for segment in segments if segment.until == until]
            touch(queries.persons_touching(trees, until, at))
        due = Wake.objects.filter(at__lte=at)
        touch(set(due.values_list("person_id", flat=True)))
        due.delete()
        Segment.objects.filter(pk__in=[segment.id for segment in segments], followed_until__lt=at).update(
            followed_until=at
        )


def _fold(persons: set[int], at: datetime) -> None:
    """Ask persons again, write who entered and who left which segment, and when to ask for fading engagement next."""
    segments = queries.followed()
    if not segments:
        return
    kinds = frozenset[str]().union(*(kinds_used(segment.tree) for segment in segments))
    states = {
        person: state for person, state in queries.states(persons, at, kinds).items() if state.attributes
    }
    were, rows = queries.segments_of(persons), leads(states)
    entries: list[Entry] = []
    for segment in segments:
        matches = compiled(segment.tree.match)
        inside = {person for person, state in states.items() if matches(state, at)}
        entered, left = inside - were[segment.id], were[segment.id] - inside
        _add(segment.id, entered, at)
        among(Membership, "person_id", left).filter(segment=segment.id).delete()
        entries += [
            Entry(kind(segment.id, segment.name), about_identity(rows[person].anchor), at=at)
            for kind, moved in ((SegmentEntered, entered), (SegmentLeft, left))
            for person in sorted(moved & rows.keys())
        ]
    _write_wakes([segment for segment in segments if _fades(segment)], persons, states, at)
    record_many(entries, recorded_at=at)


def _add(segment: int, persons: Iterable[int], at: datetime) -> None:
    since = sql.stamp(at)
    rows = [(segment, person, since) for person in sorted(persons)]
    sql.write_rows(
        "segments_membership", ("segment_id", "person_id", "since"), rows, tail="ON CONFLICT DO NOTHING"
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
    return any(isinstance(node, EngagementAtLeast | GradeIn | Date) for node in nodes(segment.tree.match))
