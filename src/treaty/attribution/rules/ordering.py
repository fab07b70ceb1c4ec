"""The order of rows by person, then time, then id: a counting sort over persons, and small sorts within each."""

import numpy as np

from treaty.attribution.rules.paths import Places
from treaty.kit.rules.compiled import compiled

FEW = 48
"""Rows of one person that are sorted by inserting; more are sorted by merging."""


def order_of(persons: Places, times: Places, ids: Places) -> tuple[Places, Places]:
    """The places of the rows in order (rows,), and where in it each person begins and the last one ends.

    Equal times go by id, or by their place where ids is (0,). A person may have no rows: then two bounds are equal.
    """
    if len(ids) and (ids[1:] < ids[:-1]).any():
        by_id = np.argsort(ids, kind="stable")
        order, bounds = order_of(persons[by_id], times[by_id], ids[:0])
        return by_id[order], bounds
    if _is_ordered(persons, times):
        changes = np.flatnonzero(persons[1:] != persons[:-1]) + 1
        return np.arange(len(persons)), np.concatenate([[0], changes, [len(persons)]])
    lowest, highest = int(persons.min()), int(persons.max())
    if highest - lowest > 4 * len(persons) + 1000:
        persons = np.unique(persons, return_inverse=True)[1].astype(np.int64)
        lowest, highest = 0, int(persons.max())
    is_by_time = bool((times[1:] >= times[:-1]).all())
    order = np.empty(len(persons), np.int64)  # here and not in the pass, as NumPy asks for larger pages
    return order, _order(persons, times, lowest, highest - lowest + 1, is_by_time, order)


@compiled
def _is_ordered(persons: Places, times: Places) -> bool:
    for row in range(1, len(persons)):
        if persons[row] < persons[row - 1] or (
            persons[row] == persons[row - 1] and times[row] < times[row - 1]
        ):
            return False
    return True


@compiled
def _order(persons: Places, times: Places, lowest: int, span: int, is_by_time: bool, order: Places) -> Places:
    """Fill in the order; where each person begins."""
    bounds = np.zeros(span + 2, np.int64)
    for row in range(len(persons)):
        bounds[persons[row] - lowest + 2] += 1
    for person in range(span):
        bounds[person + 2] += bounds[person + 1]
    for row in range(len(persons)):  # bounds[p + 1] goes from where p begins to where p ends
        person = persons[row] - lowest
        order[bounds[person + 1]] = row
        bounds[person + 1] += 1
    if not is_by_time:
        for person in range(span):
            _sort(order[bounds[person] : bounds[person + 1]], times)
    return bounds[: span + 1]


@compiled
def _sort(rows: Places, times: Places) -> None:
    """Order the rows of one person by time, equal ones as they are."""
    if len(rows) > FEW:
        rows[:] = rows[np.argsort(times[rows], kind="mergesort")]
    else:
        _insert(rows, times)


@compiled
def _insert(rows: Places, times: Places) -> None:
    for place in range(1, len(rows)):
        row = rows[place]
        at = place
        while at > 0 and times[rows[at - 1]] > times[row]:
            rows[at] = rows[at - 1]
            at -= 1
        rows[at] = row
