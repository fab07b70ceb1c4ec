"""The funnel of a plan over sorted events, and its figures: each of them is a count of rows that it can open."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.rules import ordered, unordered
from treaty.funnels.rules.ending import ended
from treaty.funnels.rules.events import Events, Ints
from treaty.funnels.rules.ordered import Depths, Places
from treaty.funnels.rules.parts import in_parts
from treaty.funnels.rules.plan import Order, Plan, Roles, check, roles_of, wanted_of


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """How deep each of P persons came, of K steps.

    `depth`: (P) steps that the deepest attempt took. `at`: (P, K) the event that took each step, as a place in the sorted
    events, -1 where none did; in any order the first, second ... event of the attempt. `is_ended`: (P) an excluded event
    ended that attempt, within the window, before its next step.
    """

    plan: Plan
    events: Events
    depth: Depths
    at: Places
    is_ended: NDArray[np.bool_]

    def reached(self, step: int) -> Ints:
        """The persons who took a step (from 1), as places in `events.who`."""
        return np.flatnonzero(self.depth >= step)

    def lost(self, step: int) -> Ints:
        """The persons who took a step and not the next one."""
        return np.flatnonzero(self.depth == step)

    def ended(self, step: int) -> Ints:
        """Those of them whom an excluded event stopped."""
        return np.flatnonzero((self.depth == step) & self.is_ended)


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step of K. Times in microseconds over the persons who took it; None for the first step, or where nobody did."""

    step: int
    persons: int
    of_first: float | None
    of_previous: float | None
    ended: int
    """Of those who came here and no further: whom an excluded event stopped."""
    median: float | None
    mean: float | None
    median_from_first: float | None
    mean_from_first: float | None


def funnel(events: Events, plan: Plan, *, threads: int = 1) -> Funnel:
    """Each person's deepest attempt, the earliest of equals; the same for any number of threads.

    An attempt begins with an event of step one (in any order: of any step) and takes each further step by the first event
    after the step before it, no later than the window after its beginning. An event takes one step of an attempt. An
    excluded event between its two steps ends an attempt. Raises Refused as `plan.check` does.
    """
    check(plan)
    roles = roles_of(plan)
    depth = np.empty(events.persons, np.uint8)
    at = np.empty((events.persons, len(plan.steps)), np.int32)
    is_ended = np.zeros(events.persons, np.bool_)

    def part(first: int, last: int) -> None:
        starts, taken, places = events.starts[first : last + 1], depth[first:last], at[first:last]
        _pass(plan, events, roles, (starts, taken, places))
        if plan.exclusions:
            told = is_ended[first:last]
            ended(starts, events.time, events.kind, roles, plan.longest, taken, places, told)

    in_parts(events.persons, part, threads=threads)
    return Funnel(plan, events, depth, at, is_ended)


def _pass(plan: Plan, events: Events, roles: Roles, persons: tuple[Ints, Depths, Places]) -> None:
    starts, depth, at = persons
    if plan.order is Order.ANY:
        wanted = wanted_of(plan)
        unordered.anyhow(starts, events.time, events.kind, roles, wanted, plan.longest, depth, at)
    elif plan.order is Order.STRICT:
        ordered.strictly(starts, events.time, events.kind, roles, plan.longest, depth, at)
    else:
        ordered.loosely(starts, events.time, events.kind, roles, plan.longest, depth, at)


def counts(depth: Depths, steps: int) -> Ints:
    """(K) how many persons took each step."""
    deep = np.bincount(depth, minlength=steps + 1)
    return np.cumsum(deep[::-1])[::-1][1:].astype(np.int64)


def step_figures(found: Funnel) -> list[StepFigures]:
    """The figures of each step, from the first one on."""
    steps = len(found.plan.steps)
    persons = counts(found.depth, steps)
    stopped = np.bincount(found.depth[found.is_ended], minlength=steps + 1)
    return [_figures(found, step, persons, int(stopped[step])) for step in range(1, steps + 1)]


def _figures(found: Funnel, step: int, persons: Ints, ended: int) -> StepFigures:
    here, first = int(persons[step - 1]), int(persons[0])
    before = int(persons[step - 2]) if step > 1 else 0
    of_first, of_previous = (here / one if one else None for one in (first, before))
    since_previous = _middle(spent(found, step, since=step - 1))
    since_first = _middle(spent(found, step, since=1)) if step != 2 else since_previous
    return StepFigures(step, here, of_first, of_previous, ended, *since_previous, *since_first)


def spent(found: Funnel, step: int, *, since: int) -> Ints:
    """Microseconds from one step to a later one, of all who took it, in the order of persons; none where `since` is 0."""
    if not 1 <= since < step:
        return np.empty(0, np.int64)
    rows = found.reached(step)
    time = found.events.time
    between: Ints = time[found.at[rows, step - 1]] - time[found.at[rows, since - 1]]
    return between


def _middle(times: Ints) -> tuple[float | None, float | None]:
    return (float(np.median(times)), float(times.mean())) if len(times) else (None, None)


def broken_down(found: Funnel, groups: NDArray[np.integer], size: int) -> Ints:
    """(G, K) how many persons took each step, by the group of the event that began their attempt.

    `groups` (E) numbers from 0 to `size` - 1, in the order of the sorted events. Columns add up to the funnel's own counts.
    """
    steps = len(found.plan.steps)
    entered = found.depth > 0
    group = groups[found.at[entered, 0]].astype(np.int64)
    cells = np.bincount(group * (steps + 1) + found.depth[entered], minlength=size * (steps + 1))
    deep = cells.reshape(size, steps + 1)
    return np.cumsum(deep[:, ::-1], axis=1)[:, ::-1][:, 1:].astype(np.int64)


def of_group(found: Funnel, persons: Ints, groups: NDArray[np.integer], group: int) -> Ints:
    """Those of some persons who took step one (places in `events.who`) whose attempt began in a group, as `broken_down` reads it.

    Of all who reached a step: the persons of that cell of the breakdown.
    """
    inside: Ints = persons[groups[found.at[persons, 0]] == group]
    return inside
