"""Whom of many persons predicates match, asked set at once: a value is judged once for all who have it, a touch once for
each step that asks for it, however many predicates there are. Finds exactly those whom `matches` finds.
"""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from itertools import chain

from treaty.segments.rules.matching import attribute_test, compiled, getter, matching_touch, nodes
from treaty.segments.rules.predicate import (
    All,
    Any,
    Attribute,
    Did,
    First,
    Inside,
    Last,
    Node,
    Not,
    Predicate,
    Sequence,
    Since,
    Step,
    steps,
)
from treaty.segments.rules.state import PersonState, Touch

Persons = set[int]
Instants = tuple[list[datetime], list[int]]
"""The instants of touches in order, and beside each the person whose touch it is."""
Alike = tuple[Touch, list[tuple[datetime, int]]]
"""One of several touches that say the same, and of each of them when it was and whose."""


class Crowd:
    """Persons as they stand at an instant, to be asked one predicate after another.

    `members` says who is in which segment, and may change between two questions.
    """

    def __init__(
        self, states: Mapping[int, PersonState], at: datetime, members: Mapping[int, Persons] | None = None
    ) -> None:
        self.states, self.at, self.members = states, at, {} if members is None else members
        self._groups: dict[str, list[tuple[object, list[int]]]] = {}
        self._instants: dict[str, Instants] = {}
        self._alike: dict[str, dict[int, Alike]] = defaultdict(dict)
        for person, state in states.items():
            for touch in state.touches:
                if touch.at <= at:
                    # Whoever reads many touches reads values that are the same once, so they are told apart by what they are.
                    alike = self._alike[touch.kind].setdefault(id(touch.values), (touch, []))
                    alike[1].append((touch.at, person))

    def matching(self, tree: Predicate) -> Persons:
        """Those whom a predicate matches."""
        return self._of(tree.match)

    def _of(self, node: Node) -> Persons:
        match node:
            case All():
                return reduce(Persons.intersection, map(self._of, node.all_))
            case Any():
                return reduce(Persons.union, map(self._of, node.any_))
            case Not():
                return self.states.keys() - self._of(node.not_)
            case Attribute():
                check = attribute_test(node)
                return {one for value, who in self._grouped(node.attribute) if check(value) for one in who}
            case Inside():
                return self.members.get(node.segment, set()) & self.states.keys()
            case Did():
                done = self._done(Step(did=node.did, where=node.where), node.within_days)
                return _often(done[1], node.times)
            case First() | Last():
                return self._at_the_edge(node)
            case Sequence():
                return self._in_turn(node)
            case Since():
                return self._since(node)
            case _:
                check_one = compiled(node)
                return {person for person, state in self.states.items() if check_one(state, self.at)}

    def _grouped(self, attribute: str) -> list[tuple[object, list[int]]]:
        """The values of an attribute, each with the persons who have it."""
        if attribute not in self._groups:
            get = getter(attribute)
            found: dict[object, tuple[object, list[int]]] = {}
            for person, state in self.states.items():
                value = get(state.attributes)
                # 1, 1.0 and True are one key to Python, and three values to a test.
                key = value if isinstance(value, str) else (type(value), repr(value))
                found.setdefault(key, (value, []))[1].append(person)
            self._groups[attribute] = list(found.values())
        return self._groups[attribute]

    def _done(self, step: Step, days: float | None = None) -> Instants:
        """The touches that fit up to now and within the last days, in order."""
        times, persons = self._fitting(step)
        if days is None:
            return times, persons
        gone = bisect_right(times, self.at - timedelta(days=days))
        return times[gone:], persons[gone:]

    def _fitting(self, step: Step) -> Instants:
        key = json.dumps([step.did, {name: one.model_dump() for name, one in sorted(step.where.items())}])
        if key not in self._instants:
            fits = matching_touch(step)
            groups = (who for touch, who in self._alike[step.did].values() if fits(touch))
            known = sorted(chain.from_iterable(groups))
            self._instants[key] = [at for at, _ in known], [person for _, person in known]
        return self._instants[key]

    def _at_the_edge(self, node: First | Last) -> Persons:
        [(step, days)] = steps(node)
        times, persons = self._done(step)
        told = zip(persons, times, strict=True)
        # Of a person named twice a dict keeps what it is told last.
        edges = dict(told) if isinstance(node, Last) else dict(reversed([*told]))
        since, is_within = self.at - timedelta(days=days or 0), node.within_days is not None
        return {person for person, edge in edges.items() if (edge > since) is is_within}

    def _in_turn(self, node: Sequence) -> Persons:
        """Of each step the first touch after the step before it."""
        reached: dict[int, datetime] | None = None
        for step in node.sequence:
            now: dict[int, datetime] = {}
            for at, person in zip(*self._done(step, node.within_days), strict=True):
                if person not in now and (reached is None or (person in reached and at > reached[person])):
                    now[person] = at
            reached = now
        return set(reached or ())

    def _since(self, node: Since) -> Persons:
        times, persons = self._done(node.since)
        last = dict(zip(persons, times, strict=True))
        then = zip(*self._done(node.then), strict=True)
        return _often([person for at, person in then if person in last and at > last[person]], node.times)


def spans(trees: Iterable[Predicate]) -> dict[str, float | None]:
    """How many days back predicates look at each kind of fact; None where they look at all that ever happened."""
    found: dict[str, float | None] = {}
    for node in (node for tree in trees for node in nodes(tree.match)):
        is_bounded = isinstance(node, Did | Sequence) and node.within_days is not None
        for step, days in steps(node):
            known = found.get(step.did, 0.0)
            found[step.did] = max(known, days) if is_bounded and known is not None and days else None
    return found


def _often(persons: Collection[int], times: int) -> Persons:
    """Who stands there so often."""
    if times == 1:
        return set(persons)
    return {person for person, number in Counter(persons).items() if number >= times}
