"""Files of columns as paths: one path per row, or one touch per row. Imports numba: imported when a verb runs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.attribution.rules.paths import Paths
from treaty.attribution.rules.strings import read
from treaty.attribution.rules.touches import MADE_LEAD, MADE_OPPORTUNITY, Touches, collect, known_codes
from treaty.kit.tabular import Table

OF_PATHS = {
    "path": "path",
    "conversion": "total_conversions",
    "value": "total_conversion_value",
    "null": "total_null",
}
OF_TOUCHES = {
    "person": "person",
    "time": "time",
    "channel": "channel",
    "conversion": "conversion",
    "value": "conversion_value",
}
"""The columns that are read where nobody names others."""
MAY_LACK = frozenset({"value", "null"})


@dataclass(frozen=True)
class Asked:
    """How to read: columns by what they hold, as they were named; the sign between channels; what belongs to a path."""

    columns: Mapping[str, str]
    separator: str = ">"
    lookback: float | None = None
    direct: str = "direct"
    passing_over: bool = False


def paths_in(table: Table, asked: Asked) -> tuple[Paths, str]:
    """The paths of a table, and whether its rows are "paths" or "touches". Raises Refused."""
    if "person" in asked.columns or ("path" not in asked.columns and OF_PATHS["path"] not in table.names):
        return _of_touches(table, asked), "touches"
    return _of_paths(table, asked), "paths"


def _of_paths(table: Table, asked: Asked) -> Paths:
    columns = {**OF_PATHS, **asked.columns}
    amounts = [_amounts(table, asked, columns, kind) for kind in ("conversion", "value", "null")]
    return read(table.texts(columns["path"]).tolist(), np.column_stack(amounts), separator=asked.separator)


def _of_touches(table: Table, asked: Asked) -> Paths:
    columns = {**OF_TOUCHES, **asked.columns}
    persons, _ = table.codes(columns["person"])
    channels, names = known_codes(*table.codes(columns["channel"]))
    conversions, values = (_amounts(table, asked, columns, kind) for kind in ("conversion", "value"))
    times = table.times(columns["time"]).view(np.int64)
    touches = Touches(
        names,
        persons,
        times,
        channels,
        conversions,
        values,
        _milestones(table, columns),
        _ids(table, columns),
    )
    return collect(touches, lookback=asked.lookback, direct=asked.direct, passing_over=asked.passing_over)


def _amounts(table: Table, asked: Asked, columns: Mapping[str, str], kind: str) -> NDArray[np.float64]:
    """A column of numbers, empty cells as zero; zeros where a column that nobody named is not there and may be missing."""
    if kind in MAY_LACK and kind not in asked.columns and columns[kind] not in table.names:
        return np.zeros(table.rows)
    return np.nan_to_num(table.numbers(columns[kind]), posinf=np.inf, neginf=-np.inf)


def _milestones(table: Table, columns: Mapping[str, str]) -> NDArray[np.uint8]:
    told = {MADE_LEAD: columns.get("lead"), MADE_OPPORTUNITY: columns.get("opportunity")}
    if not any(told.values()):
        return np.empty(0, np.uint8)
    bits = np.zeros(table.rows, np.uint8)
    for bit, column in told.items():
        if column:
            bits |= np.where(np.nan_to_num(table.numbers(column)) > 0, bit, 0).astype(np.uint8)
    return bits


def _ids(table: Table, columns: Mapping[str, str]) -> NDArray[np.int64]:
    if "id" not in columns:
        return np.empty(0, np.int64)
    if table.is_number(columns["id"]):
        return np.unique(table.numbers(columns["id"]), return_inverse=True)[1].astype(np.int64)
    return table.codes(columns["id"])[0]
