"""How measurements take time and memory, and the line that each kernel's measurement prints.

Judged is the processor's time, of all threads together: other work on the machine stretches the clock, hardly the processor.
"""

import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import TypeVar

Given = TypeVar("Given")


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor, and seconds by the clock."""

    cpu: float
    wall: float


def once(work: Callable[[], Given]) -> tuple[Given, Spent]:
    """What the work gives, and what it took."""
    wall, cpu = perf_counter(), process_time()
    given = work()
    return given, Spent(process_time() - cpu, perf_counter() - wall)


def middle(work: Callable[[], Given], rounds: int = 3) -> tuple[Given, Spent]:
    """What the work gives, and what its middle round took, by the processor."""
    done = [once(work) for _ in range(rounds)]
    return done[-1][0], sorted((spent for _, spent in done), key=lambda spent: spent.cpu)[rounds // 2]


def peak_mb() -> float:
    """The most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(name: str, spent: Spent, bar: float | None = None) -> str:
    """What a work took: processor, clock, most memory so far, and the ratio to the bar by the processor."""
    ratio = f"   {spent.cpu / bar:6.2f} of {bar:g} s" if bar else ""
    return f"{name:<60} {spent.cpu:9.4f} s  clock {spent.wall:9.4f} s  peak {peak_mb():6,.0f} MB{ratio}"


def told(name: str, work: Callable[[], Given], bar: float | None = None, *, rounds: int = 3) -> Given:
    """Do the work some times and print its line."""
    given, spent = middle(work, rounds)
    print(line(name, spent, bar), flush=True)
    return given
