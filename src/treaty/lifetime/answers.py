"""What `treaty analyze value` says of a log of purchases, put together from the models, ready for JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules import bg_nbd, gamma_gamma, pareto_nbd
from treaty.lifetime.rules.fitting import Fitted, Vector
from treaty.lifetime.rules.histories import WEEK, Histories
from treaty.lifetime.rules.transactions import Log, Watched, merged, watched
from treaty.lifetime.rules.worth import held_out, in_sum, worth
from treaty.lifetime.telling import Answer, plain, told

Columns = dict[str, Vector]
MODELS: dict[str, ModuleType] = {"bg-nbd": bg_nbd, "pareto-nbd": pareto_nbd}
"""What counts purchases; each offers fit, Parameters, alive, expected and expected_of_newcomer."""
MANY = 7
"""Repeat purchases from which on persons stand in one row of the hold-out."""


@dataclass(frozen=True)
class Asked:
    """How to look at a log. `until`: the last day to fit to; `weeks`: the horizon; `discount`: a year; `margin`: a share;
    `first`: how many persons are told, the best first."""

    model: Literal["bg-nbd", "pareto-nbd", "gamma-gamma"]
    until: np.datetime64 | None
    weeks: float
    discount: float
    margin: float
    first: int


def of_log(
    person: NDArray[np.int64],
    names: list[str],
    time: NDArray[np.datetime64],
    value: NDArray[np.float64] | None,
    asked: Asked,
) -> Answer:
    """The answer for raw purchases; `names` by code of a person. Raises Refused."""
    if "" in names:
        raise Refused("no_person", f"Row {int(np.argmax(person == names.index(''))) + 1} names no person.")
    log = merged(person, time, value)
    until = None if asked.until is None else int(asked.until.astype("datetime64[D]").astype(np.int64))
    seen = watched(log, until)
    answer = {"model": asked.model, **_data(log, seen, until)}
    if asked.model == "gamma-gamma":
        return answer | _values(seen.told)
    return answer | _purchases(seen, names, asked)


def _data(log: Log, seen: Watched, until: int | None) -> Answer:
    end = int(log.day.max()) if until is None else until
    return {
        "persons": len(seen.told),
        "repeat_buyers": seen.told.repeaters,
        "repeat_purchases": int(seen.told.repeats.sum()),
        "from": str(np.datetime64(int(log.day.min()), "D")),
        "until": str(np.datetime64(end, "D")),
        "left_out_newcomers": seen.newcomers,
    }


def _purchases(seen: Watched, names: list[str], asked: Asked) -> Answer:
    model = MODELS[asked.model]
    found: Fitted = model.fit(seen.told)
    at = model.Parameters(*found.values)
    alive: Vector = model.alive(at, seen.told)
    answer = told(found) | {"mean_p_alive": float(alive.mean())}
    if model is bg_nbd:
        answer["note"] = bg_nbd.NOTE
    if seen.horizon:
        answer["holdout"] = _held_out(model, at, seen)
    value, answer["value"] = _value_of_each(seen.told)
    answer["worth"], columns = _worth(lambda weeks: model.expected(at, seen.told, weeks), value, asked)
    best = np.argsort(-list(columns.values())[-1], kind="stable")[: asked.first]
    columns = {"p_alive": alive} | columns
    return answer | {"first_persons": [_person(seen, names, columns, row) for row in best.tolist()]}


def _held_out(model: ModuleType, at: Any, seen: Watched) -> Answer:
    """Persons as far as they were known at the cut; and everybody in sum, by the parameters alone."""
    weeks = seen.horizon / WEEK
    expected: Vector = model.expected(at, seen.told, weeks)
    judged = held_out(expected, seen.later)
    model_sum = in_sum(lambda age: model.expected_of_newcomer(at, age), (seen.told.age + seen.horizon) / WEEK)
    happened = float(seen.told.repeats.sum() + seen.later.sum())
    return {
        "weeks": weeks,
        **plain(judged._asdict() | {"difference": judged.difference}),
        "cumulative": {"expected": model_sum, "happened": happened, "difference": model_sum / happened - 1},
        "by_repeats": _by_repeats(seen, expected),
    }


def _by_repeats(seen: Watched, expected: Vector) -> list[Answer]:
    group = np.minimum(seen.told.repeats, MANY)
    persons = np.bincount(group)
    means = [np.bincount(group, part) / np.maximum(persons, 1) for part in (expected, seen.later)]
    return [
        {
            "repeats": f"{MANY}+" if count == MANY else str(count),
            "persons": int(persons[count]),
            "expected": float(means[0][count]),
            "happened": float(means[1][count]),
        }
        for count in np.flatnonzero(persons).tolist()
    ]


def _value_of_each(seen: Histories) -> tuple[Vector | None, Answer]:
    """What a coming purchase of each is worth, or why nobody can say."""
    try:
        found = _values(seen)
    except Refused as refused:
        return None, {"refused": refused.reason, "why": str(refused)}
    at = gamma_gamma.Parameters(*found["parameters"].values())
    return gamma_gamma.expected(at, seen), {"model": "gamma-gamma", **found}


def _values(seen: Histories) -> Answer:
    spent = gamma_gamma.spent(seen)
    found = gamma_gamma.fit(spent)
    correlation = gamma_gamma.correlation(spent)
    answer: Answer = {
        "persons_used": len(spent.value),
        "left_out_never_paid": spent.free,
        "correlation_of_x_and_m": plain(correlation),
        **told(found),
        "mean_of_a_newcomer": plain(gamma_gamma.expected_of_newcomer(gamma_gamma.Parameters(*found.values))),
    }
    if abs(correlation) >= gamma_gamma.TIED:
        answer["warning"] = (
            "Value and frequency depend on each other here; the model takes them as independent."
        )
    return answer


def _worth(expected: Callable[[float], Vector], value: Vector | None, asked: Asked) -> tuple[Answer, Columns]:
    """In sum and of each; without values, purchases only."""
    bought = expected(asked.weeks)
    sums: Answer = {"weeks": asked.weeks, "expected_purchases": float(bought.sum())}
    if value is None:
        return sums, {"expected": bought}
    worths = worth(expected, value, weeks=asked.weeks, discount=asked.discount, margin=asked.margin)
    sums |= {"discount": asked.discount, "margin": asked.margin}
    sums |= plain({"sum": float(worths.sum()), "mean": float(worths.mean())})
    return sums, {"expected": bought, "value": value, "worth": worths}


def _person(seen: Watched, names: list[str], columns: Columns, row: int) -> Answer:
    return {
        "person": names[seen.persons[row]],
        "x": int(seen.told.repeats[row]),
        "t_x": float(seen.told.last[row] / WEEK),
        "T": float(seen.told.age[row] / WEEK),
        **{name: plain(float(column[row])) for name, column in columns.items()},
    }
