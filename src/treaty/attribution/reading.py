"""Files of columns as paths: one path per row, or one touch per row. Imports numba: imported when a verb runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.attribution.rules.paths import Paths
from treaty.attribution.rules.strings import read
from treaty.attribution.rules.touches import MADE_LEAD, MADE_OPPORTUNITY, Touches, collect, known_codes
from treaty.kit.rules.refusals import Refused
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
    named = {*asked.columns}
    if "person" in named or ("path" not in named and OF_PATHS["path"] not in table.names):
        _check_meant("touches", named & {"path", "null"})
        return _of_touches(table, asked), "touches"
    by_time = {"lookback"} if asked.lookback is not None else set()
    passing = {"pass-over-direct"} if asked.passing_over else set()
    _check_meant("paths", named & {"time", "channel", "lead", "opportunity", "id"} | by_time | passing)
    return _of_paths(table, asked), "paths"


def _check_meant(rows: str, others: set[str]) -> None:
    """An option that rows of this kind cannot heed is refused, and not passed over in silence."""
    if others:
        raise Refused("not_heeded", f"The rows are read as {rows}, which have no --{min(others)}.")


def direct_of(names: Sequence[str], asked: str) -> str:
    """The channel that was meant, whatever its case; what was asked for where there is none."""
    alike = [name for name in names if name.casefold() == asked.casefold()]
    return asked if asked in names or not alike else alike[0]


def _of_paths(table: Table, asked: Asked) -> Paths:
    columns = {**OF_PATHS, **asked.columns}
    amounts = [_amounts(table, asked, columns, kind) for kind in ("conversion", "value", "null")]
    texts = table.texts(columns["path"], needed=True).tolist()
    return read(texts, np.column_stack(amounts), separator=asked.separator)


def _of_touches(table: Table, asked: Asked) -> Paths:
    columns = {**OF_TOUCHES, **asked.columns}
    persons, _ = table.codes(columns["person"], needed=True)
    channels, names = known_codes(*table.codes(columns["channel"]))
    conversions, values = (_amounts(table, asked, columns, kind) for kind in ("conversion", "value"))
    times = table.times(columns["time"], needed=True).view(np.int64)
    touches = Touches(
        names,
        persons,
        times,
        channels,
        conversions,
        values,
        _milestones(table, columns),
        table.ranks(columns["id"]) if "id" in columns else np.empty(0, np.int64),
    )
    direct = direct_of(names, asked.direct)
    return collect(touches, lookback=asked.lookback, direct=direct, passing_over=asked.passing_over)


def _amounts(table: Table, asked: Asked, columns: Mapping[str, str], kind: str) -> NDArray[np.float64]:
    """A column of amounts; zeros where a column that nobody named is not there and may be missing."""
    if kind in MAY_LACK and kind not in asked.columns and columns[kind] not in table.names:
        return np.zeros(table.rows)
    return table.amounts(columns[kind], least=0)


def _milestones(table: Table, columns: Mapping[str, str]) -> NDArray[np.uint8]:
    told = {MADE_LEAD: columns.get("lead"), MADE_OPPORTUNITY: columns.get("opportunity")}
    if not any(told.values()):
        return np.empty(0, np.uint8)
    bits = np.zeros(table.rows, np.uint8)
    for bit, column in told.items():
        if column:
            bits |= np.where(table.amounts(column, least=0) > 0, bit, 0).astype(np.uint8)
    return bits
