"""Gradient-boosted trees as plain arrays: trained by LightGBM, walked and explained without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from treaty.scoring.rules.predicted.cells import ChoiceCells, FieldCells, matched
from treaty.scoring.rules.predicted.columns import Column, Numbers
from treaty.scoring.rules.predicted.paths import Paths, paths, shares, walk

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Nodes:
    """All trees' nodes in one row, (nodes,) each. A leaf has the field -1; `is_blank_left`: where blanks go."""

    field: Whole
    threshold: Floats
    is_blank_left: NDArray[np.bool_]
    left: Whole
    right: Whole
    value: Floats
    cover: Floats
    """How many rows trained on came through."""

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {one.name: getattr(self, one.name).tolist() for one in fields_of(self)}


@dataclass(frozen=True)
class Trees:
    """`ranks[f][cell]`: the number that stands for a choice's cell, ordered by rate (Breiman et al. 1984); empty for numbers."""

    nodes: Nodes
    roots: Whole
    ranks: tuple[tuple[int, ...], ...]

    @cached_property
    def paths(self) -> Paths:
        """Every way from a root to a leaf."""
        return paths(self.nodes, self.roots)

    @property
    def base(self) -> float:
        """The mean log-odds where no field is known."""
        return self.paths.base

    def seen(self, fields: Sequence[FieldCells], columns: Sequence[Column]) -> Floats:
        """(rows, fields) numbers as the trees compare them; NaN is blank."""
        told = zip(fields, matched(fields, columns), self.ranks, strict=True)
        return np.column_stack([number(field, column, rank) for field, column, rank in told])

    def margin(self, fields: Sequence[FieldCells], columns: Sequence[Column]) -> Floats:
        """(rows,) log-odds before calibration."""
        nodes = self.nodes
        return walk(
            self.seen(fields, columns),
            self.roots,
            nodes.field,
            nodes.threshold,
            nodes.is_blank_left,
            nodes.left,
            nodes.right,
            nodes.value,
        )

    def shares(self, fields: Sequence[FieldCells], columns: Sequence[Column]) -> Floats:
        """(rows, fields): what each field adds to the base, in log-odds: its Shapley value (see paths)."""
        return shares(self.paths, self.seen(fields, columns))

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "nodes": self.nodes.data(),
            "roots": self.roots.tolist(),
            "ranks": [list(one) for one in self.ranks],
        }


def number(field: FieldCells, column: Column, rank: Sequence[int]) -> Floats:
    """A field as trees compare it: numbers as they are, a choice by the rank of its cell."""
    if isinstance(field, ChoiceCells):
        return np.asarray(rank, dtype=np.float64)[field.cells(column)]
    field.cells(column)  # refuses texts
    return column.values if isinstance(column, Numbers) else np.empty(0)


def read(data: dict[str, Any]) -> Trees:
    """What `data` wrote."""
    told = data["nodes"]
    kinds = {"field": np.int64, "left": np.int64, "right": np.int64, "is_blank_left": np.bool_}
    nodes = Nodes(
        **{one.name: np.asarray(told[one.name], kinds.get(one.name, np.float64)) for one in fields_of(Nodes)}
    )
    return Trees(nodes, np.asarray(data["roots"], np.int64), tuple(tuple(one) for one in data["ranks"]))


def gathered(dumped: Sequence[dict[str, Any]], ranks: Sequence[Sequence[int]]) -> Trees:
    """From LightGBM's own dump of its trees (`tree_info`)."""
    rows: list[list[float]] = []
    roots = [_added(rows, tree["tree_structure"]) for tree in dumped]
    turned = np.array(rows, dtype=np.float64).T
    field, left, right = (turned[place].astype(np.int64) for place in (0, 3, 4))
    nodes = Nodes(field, turned[1], turned[2] > 0, left, right, turned[5], turned[6])
    return Trees(nodes, np.array(roots, dtype=np.int64), tuple(tuple(one) for one in ranks))


def _added(rows: list[list[float]], node: dict[str, Any]) -> int:
    place = len(rows)
    if "split_feature" not in node:
        rows.append([-1, 0, 0, -1, -1, node["leaf_value"], node.get("leaf_count", 1)])
        return place
    rows.append([])
    left, right = _added(rows, node["left_child"]), _added(rows, node["right_child"])
    rows[place] = [
        node["split_feature"],
        node["threshold"],
        _is_blank_left(node),
        left,
        right,
        0,
        node["internal_count"],
    ]
    return place


def _is_blank_left(node: dict[str, Any]) -> bool:
    # A field without a blank in training: LightGBM takes one for nought.
    return bool(node["default_left"] if node["missing_type"] == "NaN" else node["threshold"] >= 0)
