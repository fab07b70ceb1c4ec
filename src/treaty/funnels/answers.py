"""What the verbs answer: columns of a table through the rules into one document. Imported where a verb runs."""

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from treaty.funnels.columns import ColumnsAsked, Told, events_of
from treaty.funnels.rules import (
    Cohorts,
    Exclusion,
    Funnel,
    Order,
    Plan,
    Question,
    StepFigures,
    Unit,
    broken_down,
    cohorts,
    funnel,
    in_cell,
    in_cohort,
    of_group,
    step_figures,
)
from treaty.kit.analysis import progress
from treaty.kit.rules.refusals import Refused
from treaty.kit.tabular import Table

SECOND = 1_000_000
OPENED = ("reached", "lost", "ended")
"""The figures of a step that name their persons."""


@dataclass(frozen=True, kw_only=True)
class FunnelAsked(ColumnsAsked):
    """What was asked of `treaty analyze funnel`. `window` in microseconds."""

    steps: tuple[str, ...]
    window: int | None = None
    order: str = "loose"
    exclude: tuple[str, ...] = ()
    by: str | None = None
    of: str | None = None
    reached: int | None = None
    lost: int | None = None
    ended: int | None = None


@dataclass(frozen=True, kw_only=True)
class CohortsAsked(ColumnsAsked):
    """What was asked of `treaty analyze cohort`."""

    value: str | None = None
    first: tuple[str, ...] | None = None
    count: tuple[str, ...] | None = None
    unit: str = "month"
    zone: str = "UTC"
    cell: str | None = None


def of_funnel(table: Table, asked: FunnelAsked) -> dict[str, Any]:
    """The document of a funnel."""
    told = events_of(table, asked, needs_event=True)
    steps = tuple(told.kind(name) for name in asked.steps)
    exclusions = tuple(_exclusion(told, text) for text in asked.exclude)
    groups = None if asked.by is None else table.codes(asked.by)
    opened = {name: step for name in OPENED if (step := getattr(asked, name)) is not None}
    for step in opened.values():
        if step > len(steps):
            raise Refused("no_step", f"There is no step {step}; there are {len(steps)}.")
    progress(f"Following {told.events.persons:,} persons through {len(told.events.time):,} events")
    found = funnel(told.events, Plan(steps, asked.window, Order(asked.order), exclusions))
    figures = step_figures(found)
    document: dict[str, Any] = {
        "events": len(told.events.time),
        "persons": told.events.persons,
        "order": asked.order,
        "window_seconds": None if asked.window is None else asked.window / SECOND,
        "conversion": figures[-1].of_first,
        "steps": [_step(name, one) for name, one in zip(asked.steps, figures, strict=True)],
    }
    if groups:
        document["breakdown"] = _breakdown(found, *groups)
    for name, step in opened.items():
        persons = getattr(found, name)(step)
        if groups is not None and asked.of is not None:
            persons = _of_group(told, found, persons, groups, asked.of)
        document[name] = told.names(persons)
    return document


def of_cohorts(table: Table, asked: CohortsAsked) -> dict[str, Any]:
    """The document of a cohort table."""
    told = events_of(table, asked, needs_event=bool(asked.first or asked.count))
    value = None
    if asked.value is not None:
        value = told.events.arranged(table.amounts(asked.value)).astype(np.float64)
    first, count = (
        None if names is None else tuple(told.kind(name) for name in names)
        for names in (asked.first, asked.count)
    )
    progress(f"Following {told.events.persons:,} persons through {len(told.events.time):,} events")
    found = cohorts(told.events, Question(first, count, Unit(asked.unit), _zone(asked.zone)), value)
    document: dict[str, Any] = {
        "events": len(told.events.time),
        "persons": told.events.persons,
        "unit": asked.unit,
        "zone": asked.zone,
        "cohorts": [_cohort(found, number) for number in np.flatnonzero(found.sizes).tolist()],
        "by_age": [_age(found, age) for age in range(found.ages(0))],
    }
    if asked.cell is not None:
        document["in_cell"] = told.names(_cell(found, asked.cell))
    return document


def _of_group(
    told: Told,
    found: Funnel,
    persons: NDArray[np.int64],
    groups: tuple[NDArray[np.int64], list[str]],
    name: str,
) -> NDArray[np.int64]:
    """Those of some persons whose attempt began in a group of the breakdown."""
    codes, names = groups
    if name not in names:
        raise Refused(
            "no_group", f'The breakdown has no "{name}"; it has {", ".join(map(repr, names[:20]))}.'
        )
    return of_group(found, persons, told.events.arranged(codes).astype(np.int64), names.index(name))


def _exclusion(told: Told, text: str) -> Exclusion:
    name, after, before = text, 1, 0
    if text not in told.kinds and (ranged := re.fullmatch(r"(.+):(\d{1,2})-(\d{1,2})", text)):
        name, after, before = ranged[1], int(ranged[2]), int(ranged[3])
    return Exclusion(told.kind(name), after, before)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("no_zone", f'"{name}" is no time zone; write one such as Europe/Rome.') from None


def _step(name: str, one: StepFigures) -> dict[str, Any]:
    return {
        "step": one.step,
        "event": name,
        "persons": one.persons,
        "of_first": one.of_first,
        "of_previous": one.of_previous,
        "ended": one.ended,
        "median_seconds": _seconds(one.median),
        "mean_seconds": _seconds(one.mean),
        "median_seconds_from_first": _seconds(one.median_from_first),
        "mean_seconds_from_first": _seconds(one.mean_from_first),
    }


def _seconds(time: float | None) -> float | None:
    return None if time is None else time / SECOND


def _breakdown(found: Funnel, codes: NDArray[np.int64], names: list[str]) -> list[dict[str, Any]]:
    table = broken_down(found, found.events.arranged(codes).astype(np.int64), len(names))
    return [
        {"value": name, "persons": row, "conversion": row[-1] / row[0]}
        for name, row in zip(names, table.tolist(), strict=True)
        if row[0]
    ]


def _cohort(found: Cohorts, cohort: int) -> dict[str, Any]:
    ages, size = found.ages(cohort), int(found.sizes[cohort])
    persons = found.persons[cohort, :ages].tolist()
    row = {
        "cohort": found.days[cohort].isoformat(),
        "size": size,
        "persons": persons,
        "retention": [number / size for number in persons],
    }
    if found.revenue is not None:
        row["revenue"] = found.revenue[cohort, :ages].tolist()
    return row


def _age(found: Cohorts, age: int) -> dict[str, Any]:
    """All cohorts that are old enough, together."""
    old = len(found.days) - age
    size, persons = int(found.sizes[:old].sum()), int(found.persons[:old, age].sum())
    row = {"age": age, "size": size, "persons": persons, "retention": persons / size if size else None}
    if found.revenue is not None:
        row["revenue"] = float(found.revenue[:old, age].sum())
    return row


def _cell(found: Cohorts, text: str) -> NDArray[np.int64]:
    day, _, age = text.partition(":")
    days = [one.isoformat() for one in found.days]
    if day not in days or (age and not age.isdecimal()) or text.endswith(":"):
        raise Refused(
            "no_cell",
            f'"{text}" is no cell; write a cohort and an age, such as {days[0]}:1, or {days[0]} for the whole cohort.',
        )
    return in_cell(found, days.index(day), int(age)) if age else in_cohort(found, days.index(day))
