"""The order of rows by person, then time, then id: a counting sort over persons, and small sorts within each."""

import numpy as np

from treaty.attribution.rules.paths import Places
from treaty.kit.rules.compiled import compiled

FEW = 48
"""Rows of one person that are sorted by inserting; more are sorted by merging."""


def order_of(persons: Places, times: Places, ids: Places) -> Places:
    """(rows,): the places of the rows in order; equal times by id, or by their place where ids is (0,)."""
    if len(ids) and (np.diff(ids) < 0).any():
        by_id = np.argsort(ids, kind="stable")
        return by_id[order_of(persons[by_id], times[by_id], ids[:0])]
    if _is_ordered(persons, times):
        return np.arange(len(persons))
    lowest, highest = int(persons.min()), int(persons.max())
    if highest - lowest > 4 * len(persons) + 1000:
        persons = np.unique(persons, return_inverse=True)[1].astype(np.int64)
        lowest, highest = 0, int(persons.max())
    return _ordered(persons, times, lowest, highest - lowest + 1)


@compiled
def _is_ordered(persons: Places, times: Places) -> bool:
    for row in range(1, len(persons)):
        if persons[row] < persons[row - 1] or (
            persons[row] == persons[row - 1] and times[row] < times[row - 1]
        ):
            return False
    return True


@compiled
def _ordered(persons: Places, times: Places, lowest: int, span: int) -> Places:
    ends = np.zeros(span + 1, np.int64)
    for row in range(len(persons)):
        ends[persons[row] - lowest + 1] += 1
    for person in range(span):
        ends[person + 1] += ends[person]
    order = np.empty(len(persons), np.int64)
    for row in range(len(persons)):  # afterwards ends[p] is where p ends
        order[ends[persons[row] - lowest]] = row
        ends[persons[row] - lowest] += 1
    begin = 0
    for person in range(span):
        end = ends[person]
        if end - begin > FEW:
            rows = order[begin:end].copy()
            order[begin:end] = rows[np.argsort(times[rows], kind="mergesort")]
        else:
            _insert(order[begin:end], times)
        begin = end
    return order


@compiled
def _insert(rows: Places, times: Places) -> None:
    for place in range(1, len(rows)):
        row = rows[place]
        at = place
        while at > 0 and times[rows[at - 1]] > times[row]:
            rows[at] = rows[at - 1]
            at -= 1
        rows[at] = row
