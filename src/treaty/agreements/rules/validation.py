"""Whether an agreement can be carried out: which clause cannot, why, and what would be valid."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import ValidationError

from treaty.agreements.rules.document import GRADES, WITH_DAYS, Document, Example, Promise
from treaty.scoring.rules import problems as model_problems
from treaty.scoring.rules import score
from treaty.segments.rules import (
    PersonState,
    Problem,
    Touch,
    asks_for_deals,
    attributes_used,
    kinds_used,
    matches,
    problems_of,
    segments_used,
)

SECTIONS = {
    "goals": "1.1",
    "definition": "2.1",
    "examples": "2.1",
    "scoring": "2.2",
    "volume": "3.1",
    "accept": "4.1",
    "first_touch": "4.2",
    "pool": "5.1",
    "return_reasons": "5.3",
}
"""The first clause of each part of the document."""


@dataclass(frozen=True, slots=True)
class ClauseProblem:
    """What is wrong in one clause ("" for the document as a whole): a code and the values of its sentence."""

    clause: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """What there is outside the document: users of teams, facts, whose calendars have no shift in 366 days."""

    members_of: Mapping[int, Collection[int]]
    kinds: Collection[str]
    without_shifts: Collection[str] = ()
    """Names of teams, persons or the company."""


def parse(data: object) -> tuple[Document | None, tuple[ClauseProblem, ...]]:
    """The document of parsed JSON or YAML, or what is wrong with its form."""
    try:
        return Document.model_validate(data), ()
    except ValidationError as error:
        return None, tuple(_of_form(problem) for problem in problems_of(error))


def validate(document: Document, world: World, at: datetime) -> tuple[ClauseProblem, ...]:
    """Everything that keeps a well-formed document from being carried out; empty for a good one."""
    return tuple(problem for check in CHECKS for problem in check(document, world, at))


def examples_passed(document: Document, at: datetime) -> dict[str, bool]:
    """For each example person whether the definition says what was expected."""
    return {example.name: _passes(document, example, at) is example.passes for example in document.examples}


def _of_form(problem: Problem) -> ClauseProblem:
    part = problem.path.partition(".")[0]
    return ClauseProblem(SECTIONS.get(part, ""), "form", {"problem": problem})


def _begins_in_time(document: Document, _world: World, at: datetime) -> Iterator[ClauseProblem]:
    begins = document.begins_at
    if begins is not None and begins.tzinfo is None:
        yield ClauseProblem("", "begins_without_zone")
    elif begins is not None and begins > at + timedelta(days=366):
        yield ClauseProblem("", "begins_too_late", {"begins": begins})


def _has_goals(document: Document, _world: World, _at: datetime) -> Iterator[ClauseProblem]:
    if document.goals.revenue_minor is None and document.goals.new_customers is None:
        yield ClauseProblem("1.1", "no_goal")


def _defines(document: Document, world: World, at: datetime) -> Iterator[ClauseProblem]:
    for kind in sorted(kinds_used(document.definition) - set(world.kinds)):
        yield ClauseProblem("2.1", "no_such_fact", {"given": kind, "known": ", ".join(sorted(world.kinds))})
    if "stage" in attributes_used(document.definition):
        yield ClauseProblem("2.1", "definition_by_stage")
    if asks_for_deals(document.definition):
        yield ClauseProblem("2.1", "definition_by_deal")
    if segments_used(document.definition):
        yield ClauseProblem("2.1", "definition_by_segment")
    if not document.examples or len({example.passes for example in document.examples}) < 2:
        yield ClauseProblem("2.1", "examples_of_both")
    names = Counter(example.name for example in document.examples)
    for name in sorted(name for name, times in names.items() if times > 1):
        yield ClauseProblem("2.1", "example_twice", {"name": name})
    for example in document.examples:
        if _passes(document, example, at) is not example.passes:
            code = "example_must_pass" if example.passes else "example_must_not"
            yield ClauseProblem("2.1", code, {"name": example.name})


def _scores(document: Document, world: World, _at: datetime) -> Iterator[ClauseProblem]:
    for problem in model_problems(document.scoring, world.kinds):
        clause = "2.3" if problem.path.startswith(("engagement", "digits")) else "2.2"
        yield ClauseProblem(clause, "model", {"problem": problem})


def _volume(document: Document, world: World, _at: datetime) -> Iterator[ClauseProblem]:
    volume = document.volume
    if volume.of_grade_a > volume.leads:
        yield ClauseProblem(
            "3.1", "more_a_than_leads", {"of_grade_a": volume.of_grade_a, "leads": volume.leads}
        )


def _grades(document: Document, _world: World, _at: datetime) -> Iterator[ClauseProblem]:
    yield from _covered(document.accept, "4.1", "accept")
    yield from _covered(document.first_touch, f"4.{1 + len(document.accept)}", "touch")


def _covered(promises: Collection[Promise], clause: str, what: str) -> Iterator[ClauseProblem]:
    times = Counter(grade for promise in promises for grade in promise.grades)
    missing = [grade for grade in GRADES if not times[grade]]
    twice = [grade for grade in GRADES if times[grade] > 1]
    if missing:
        yield ClauseProblem(clause, f"{what}_missing", {"grades": tuple(missing)})
    if twice:
        yield ClauseProblem(clause, f"{what}_twice", {"grades": tuple(twice)})


def _pool(document: Document, world: World, _at: datetime) -> Iterator[ClauseProblem]:
    pool = document.pool
    if pool.team not in world.members_of:
        yield ClauseProblem("5.1", "no_such_team", {"team": pool.team})
        return
    if not pool.members:
        yield ClauseProblem("5.1", "empty_pool")
    users = Counter(member.user for member in pool.members)
    for user, times in users.items():
        if user not in world.members_of[pool.team]:
            yield ClauseProblem("5.1", "not_of_the_team", {"user": user})
        if times > 1:
            yield ClauseProblem("5.1", "member_twice", {"user": user})


def _calendars(_document: Document, world: World, _at: datetime) -> Iterator[ClauseProblem]:
    for name in world.without_shifts:
        yield ClauseProblem("4.1", "no_shift", {"name": name})


def _reasons(document: Document, _world: World, _at: datetime) -> Iterator[ClauseProblem]:
    codes = Counter(reason.code for reason in document.return_reasons)
    for code, times in codes.items():
        if times > 1:
            yield ClauseProblem("5.3", "reason_twice", {"code": code})
    for reason in document.return_reasons:
        if reason.effect == "recycle" and not reason.hold_days:
            yield ClauseProblem("5.3", "recycle_without_hold", {"label": reason.label})
        if reason.effect not in WITH_DAYS and reason.hold_days:
            yield ClauseProblem("5.3", "days_without_peace", {"label": reason.label})


def _passes(document: Document, example: Example, at: datetime) -> bool:
    touches = [
        Touch(touch.did, at - timedelta(days=touch.days_ago), dict(touch.values)) for touch in example.touches
    ]
    scored = score(document.scoring, example.attributes, touches, at)
    state = PersonState(
        attributes=example.attributes,
        touches=touches,
        engagement=scored.engagement,
        fit=scored.grade[0],
        grade=scored.grade,
    )
    return matches(document.definition, state, at)


Check = Callable[[Document, World, datetime], Iterator[ClauseProblem]]
CHECKS: tuple[Check, ...] = (
    _begins_in_time,
    _has_goals,
    _defines,
    _scores,
    _volume,
    _grades,
    _calendars,
    _pool,
    _reasons,
)
