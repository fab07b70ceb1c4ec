"""What a funnel asks: steps, their order, the window, what must not come between; as tables that a pass can read."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.rules.events import FARTHEST, MOST_KINDS
from treaty.kit.rules.refusals import Refused

MOST_STEPS = 16
SHIFT = 16
"""A role has the steps that a kind may be in its low bits, and the levels that it ends in its high ones."""

Roles = NDArray[np.uint32]


class Order(StrEnum):
    """How the steps follow one another."""

    LOOSE = "loose"
    """One after the other; other events may come between."""
    STRICT = "strict"
    """One after the other, with no other event between."""
    ANY = "any"
    """In any order; the window begins with whichever comes first."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A kind of event that ends an attempt when it comes after one step and before another, counted from 1.

    `before` 0 means the last step.
    """

    kind: int
    after: int = 1
    before: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A funnel over kinds of events. `window`: microseconds from step one to the last step, both included; None: no limit."""

    steps: tuple[int, ...]
    window: int | None = None
    order: Order = Order.LOOSE
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def longest(self) -> int:
        """The window as a number that a pass compares."""
        return 2 * FARTHEST if self.window is None else self.window


def check(plan: Plan) -> None:
    """Raises Refused: no_steps, too_many_steps, bad_kind, bad_window, excluded_step, bad_exclusion, needless_exclusion."""
    if not plan.steps:
        raise Refused("no_steps", "A funnel has one step at least.")
    if len(plan.steps) > MOST_STEPS:
        raise Refused("too_many_steps", f"A funnel has at most {MOST_STEPS} steps, not {len(plan.steps)}.")
    if not all(0 <= kind < MOST_KINDS for kind in (*plan.steps, *(one.kind for one in plan.exclusions))):
        raise Refused("bad_kind", f"A kind of event is a number from 0 to {MOST_KINDS - 1:,}.")
    if plan.window is not None and not 0 < plan.window < 2 * FARTHEST:
        raise Refused("bad_window", "The window is longer than nothing; leave it out for no limit.")
    if plan.exclusions and plan.order is Order.STRICT:
        raise Refused(
            "needless_exclusion",
            "In strict order every event between two steps ends the attempt; leave the exclusions out.",
        )
    for exclusion in plan.exclusions:
        _check_exclusion(plan, exclusion)


def _check_exclusion(plan: Plan, exclusion: Exclusion) -> None:
    if exclusion.kind in plan.steps:
        raise Refused("excluded_step", "An event cannot be a step and be excluded.")
    last = exclusion.before or len(plan.steps)
    if not 1 <= exclusion.after < last <= len(plan.steps):
        raise Refused(
            "bad_exclusion",
            f"An exclusion lies between two of the {len(plan.steps)} steps, not between"
            f" {exclusion.after} and {last}.",
        )
    if plan.order is Order.ANY and (exclusion.after, last) != (1, len(plan.steps)):
        raise Refused(
            "bad_exclusion", "In any order there is no second step: an exclusion holds from first to last."
        )


def roles_of(plan: Plan) -> Roles:
    """(65,536) what each kind does to an attempt. In any order the low bits are one more than the first such step."""
    roles = np.zeros(MOST_KINDS, np.uint32)
    for step, kind in enumerate(plan.steps):
        if plan.order is not Order.ANY:
            roles[kind] |= 1 << step
        elif not roles[kind]:
            roles[kind] = step + 1
    for exclusion in plan.exclusions:
        for level in range(exclusion.after - 1, (exclusion.before or len(plan.steps)) - 1):
            roles[exclusion.kind] |= 1 << (SHIFT + level)
    return roles


def wanted_of(plan: Plan) -> NDArray[np.int64]:
    """(K) in any order: how many events of a step's kind are wanted, told at the first step of that kind."""
    wanted = np.zeros(len(plan.steps), np.int64)
    for kind in plan.steps:
        wanted[plan.steps.index(kind)] += 1
    return wanted
