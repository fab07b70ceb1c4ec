"""Whom a predicate matches. A tree is compiled once into plain functions; scoring asks them a million times."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from treaty.segments.rules.predicate import (
    All,
    Any,
    Attribute,
    Date,
    Deal,
    Did,
    EngagementAtLeast,
    First,
    FitAtLeast,
    FitIn,
    GradeIn,
    Inside,
    Last,
    Node,
    Not,
    Predicate,
    Sequence,
    Since,
    Step,
    ValueTest,
    children,
    steps,
)
from treaty.segments.rules.state import PersonState, Touch

Check = Callable[[PersonState, datetime], bool]
ValueCheck = Callable[[object], bool]
LETTERS = "ABCD"


def matches(tree: Predicate | Node, state: PersonState, at: datetime) -> bool:
    """Whether a person in this state matches at this instant. Touches later than `at` do not count yet."""
    return compiled(tree.match if isinstance(tree, Predicate) else tree)(state, at)


def test(wanted: ValueTest) -> ValueCheck:
    """The check of one value; a list passes if one of its members does, nothing known passes only `known: false`."""
    if wanted.known is not None:
        return lambda value: (value not in (None, "", [], ())) is wanted.known
    single = _single(wanted)

    def check(value: object) -> bool:
        if value is None:
            return False
        if isinstance(value, list | tuple | set | frozenset):
            return any(single(member) for member in value)
        return single(value)

    return check


def attribute_test(node: Attribute) -> ValueCheck:
    """The check of an attribute; of what holds attributes itself, such as a company, one can ask only whether it is known."""
    check = test(node)
    if node.known is not None:
        return check
    return lambda value: not isinstance(value, dict) and check(value)


def compiled(node: Node) -> Check:
    """The function that answers for one node."""
    match node:
        case All():
            parts = [compiled(part) for part in node.all_]
            return lambda state, at: all(part(state, at) for part in parts)
        case Any():
            return _words(node) or _any(node)
        case Not():
            inner = compiled(node.not_)
            return lambda state, at: not inner(state, at)
        case Attribute():
            return _attribute(node)
        case Date():
            return _date(node)
        case Inside():
            return lambda state, _at: node.segment in state.segments
        case Deal():
            return _deal(node)
        case EngagementAtLeast() | FitAtLeast() | FitIn() | GradeIn():
            return _scored(node)
        case _:
            return _done(node)


def _done(node: Did | First | Last | Sequence | Since) -> Check:
    """The check of a node that asks for facts."""
    match node:
        case Did():
            return _did(node)
        case First() | Last():
            return _edge(node)
        case Sequence():
            return _sequence(node)
        case Since():
            return _since(node)
        case _:
            assert_never(node)


def _scored(node: EngagementAtLeast | FitAtLeast | FitIn | GradeIn) -> Check:
    match node:
        case EngagementAtLeast():
            return lambda state, at: state.engagement_at(at) >= node.engagement_at_least
        case FitAtLeast():
            letters = LETTERS[: LETTERS.index(node.fit_at_least) + 1]
            return lambda state, _at: state.fit != "" and state.fit in letters
        case FitIn():
            return lambda state, _at: state.fit in node.fit_in
        case GradeIn():
            return lambda state, _at: state.grade in node.grade_in
        case _:
            assert_never(node)


def matching_touch(node: Did | Step) -> Callable[[Touch], bool]:
    """Whether one touch is of the kind and the values that a node asks for."""
    checks = [(getter(field), test(wanted)) for field, wanted in node.where.items()]
    kind = node.did
    if not checks:
        return lambda touch: touch.kind == kind
    if len(checks) == 1:
        [(read, fits)] = checks
        return lambda touch: touch.kind == kind and fits(read(touch.values))
    return lambda touch: touch.kind == kind and all(check(get(touch.values)) for get, check in checks)


def getter(path: str) -> Callable[[Mapping[str, object]], object]:
    """Reads a value by its dotted path; None where there is nothing."""
    first, *rest = path.split(".")
    if not rest:
        return lambda values: values.get(first)

    def read(values: Mapping[str, object]) -> object:
        value: object = values.get(first)
        for name in rest:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    return read


def nodes(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in children(node):
        yield from nodes(child)


def kinds_used(tree: Predicate | Node) -> frozenset[str]:
    """The kinds of facts a predicate asks about."""
    root = tree.match if isinstance(tree, Predicate) else tree
    return frozenset(step.did for node in nodes(root) for step, _days in steps(node))


def segments_used(tree: Predicate | Node) -> frozenset[int]:
    """The segments a predicate asks about."""
    root = tree.match if isinstance(tree, Predicate) else tree
    return frozenset(node.segment for node in nodes(root) if isinstance(node, Inside))


def asks_for_deals(tree: Predicate | Node) -> bool:
    """Whether a predicate looks at the deals of persons."""
    root = tree.match if isinstance(tree, Predicate) else tree
    return any(isinstance(node, Deal) for node in nodes(root))


def dates_used(tree: Predicate | Node) -> tuple[frozenset[str], frozenset[str]]:
    """The dates a predicate counts from today: those of persons and their companies, and those of deals."""
    root = tree.match if isinstance(tree, Predicate) else tree
    asked = list(nodes(root))
    of_deals = [part for node in asked if isinstance(node, Deal) for part in node.deal]
    plain, dealt = (
        frozenset(part.date for part in parts if isinstance(part, Date) and part.of is None)
        for parts in (asked, of_deals)
    )
    return plain, dealt


def attributes_used(tree: Predicate | Node) -> frozenset[str]:
    """The attributes of persons that a predicate asks about, as dotted paths."""
    root = tree.match if isinstance(tree, Predicate) else tree
    asked = [node.attribute for node in nodes(root) if isinstance(node, Attribute)]
    dates = [name for node in nodes(root) if isinstance(node, Date) for name in (node.date, node.of) if name]
    return frozenset([*asked, *dates])


def _any(node: Any) -> Check:
    parts = [compiled(part) for part in node.any_]
    return lambda state, at: any(part(state, at) for part in parts)


def _words(node: Any) -> Check | None:
    """One search for all words that are looked for in one attribute; None where a part asks for anything else."""
    names, words = set[str](), list[str]()
    for part in node.any_:
        if not isinstance(part, Attribute) or part.contains is None:
            return None
        names.add(part.attribute)
        words.append(re.escape(part.contains.casefold()))
    if len(names) > 1:
        return None
    get, search = getter(names.pop()), re.compile("|".join(words)).search

    def check(state: PersonState, _at: datetime) -> bool:
        value = get(state.attributes)
        if value is None or isinstance(value, dict):
            return False
        members = value if isinstance(value, list | tuple | set | frozenset) else (value,)
        return any(search(str(member).casefold()) for member in members)

    return check


def _attribute(node: Attribute) -> Check:
    get, check = getter(node.attribute), attribute_test(node)
    return lambda state, _at: check(get(state.attributes))


def _did(node: Did) -> Check:
    fits, window = (
        matching_touch(node),
        None if node.within_days is None else timedelta(days=node.within_days),
    )

    def check(state: PersonState, at: datetime) -> bool:
        found = 0
        for touch in state.touches:
            # A touch counts from its instant until its window has passed: half-open, as all intervals are.
            if touch.at <= at and (window is None or at < touch.at + window) and fits(touch):
                found += 1
                if found >= node.times:
                    return True
        return False

    return check


def _edge(node: First | Last) -> Check:
    [(step, days)] = steps(node)
    fits, window = matching_touch(step), timedelta(days=days or 0)
    furthest, is_within = (min if isinstance(node, First) else max), node.within_days is not None

    def check(state: PersonState, at: datetime) -> bool:
        times = [touch.at for touch in state.touches if touch.at <= at and fits(touch)]
        return bool(times) and (at < furthest(times) + window) is is_within

    return check


def _sequence(node: Sequence) -> Check:
    fitting = [matching_touch(step) for step in node.sequence]
    window = None if node.within_days is None else timedelta(days=node.within_days)

    def check(state: PersonState, at: datetime) -> bool:
        done = [
            touch for touch in state.touches if touch.at <= at and (window is None or at < touch.at + window)
        ]
        after: datetime | None = None
        for fits in fitting:
            times = [touch.at for touch in done if (after is None or touch.at > after) and fits(touch)]
            if not times:
                return False
            after = min(times)
        return True

    return check


def _since(node: Since) -> Check:
    began, then = matching_touch(node.since), matching_touch(node.then)

    def check(state: PersonState, at: datetime) -> bool:
        last = max((touch.at for touch in state.touches if touch.at <= at and began(touch)), default=None)
        if last is None:
            return False
        return sum(last < touch.at <= at and then(touch) for touch in state.touches) >= node.times

    return check


def _date(node: Date) -> Check:
    get, of = getter(node.date), None if node.of is None else getter(node.of)

    def check(state: PersonState, at: datetime) -> bool:
        start = at.astimezone(UTC).date() if of is None else day_of(of(state.attributes))
        return lies(node, day_of(get(state.attributes)), start)

    return check


def _deal(node: Deal) -> Check:
    """A deal is asked as a person is: by a state of its own, which holds what is known of it."""
    parts = [compiled(part) for part in node.deal]

    def check(state: PersonState, at: datetime) -> bool:
        alone = (PersonState(deal) for deal in state.deals)
        return sum(all(part(one, at) for part in parts) for one in alone) >= node.times

    return check


def lies(node: Date, day: date | None, start: date | None) -> bool:
    """Whether a day lies as a node asks, counted from `start`; nothing known lies nowhere."""
    if day is None or start is None:
        return False
    days = (day - start).days
    return (node.from_days is None or days >= node.from_days) and (
        node.to_days is None or days <= node.to_days
    )


def day_of(value: object) -> date | None:
    """The day of an ISO date; None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _single(wanted: ValueTest) -> ValueCheck:
    """The check of one value that is not a list."""
    if wanted.is_ is not None:
        same = _plain(wanted.is_)
        return lambda value: _plain(value) == same
    if wanted.in_ is not None:
        options = frozenset(_plain(option) for option in wanted.in_)
        return lambda value: _plain(value) in options
    if wanted.contains is not None:
        part = wanted.contains.casefold()
        return lambda value: part in str(value).casefold()
    least = wanted.at_least if wanted.at_least is not None else float("-inf")
    most = wanted.at_most if wanted.at_most is not None else float("inf")
    return lambda value: (number := _number(value)) is not None and least <= number <= most


def _plain(value: object) -> object:
    """A text without case; truth apart from numbers, which Python holds for the same."""
    if isinstance(value, str):
        return value.casefold()
    return ("bool", value) if isinstance(value, bool) else value


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None
