"""Files of columns (CSV, Parquet) as arrays, read by DuckDB. Imports forty megabytes: imported where somebody asks."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from treaty.kit.opening import query_of, reason_of
from treaty.kit.rules.refusals import Refused

NUMBER, TIME = "DOUBLE", "TIMESTAMP"
WORDS = {NUMBER: "a number", TIME: "a date or a time, such as 2026-01-31 or 2026-01-31 12:30"}

OWN_ROWID = "told_rowid"
"""What a file's own column of that name is called meanwhile: `rowid` is how DuckDB counts rows."""


class Table:
    """The rows of some files that have the same columns, in the files' order; a row is named by its place from 1 on."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Raises Refused where a file is neither CSV nor Parquet, broken, or empty."""
        self._files = list(files)
        self._db = duckdb.connect()
        self._db.execute("SET TimeZone = 'UTC'")
        try:
            self._db.execute(f"CREATE TABLE told AS {query_of(files)}")
        except duckdb.Error as error:
            raise Refused(
                "unreadable", f"{self._broken().name} cannot be read: {reason_of(error)}."
            ) from None
        self._types = {name: kind for name, kind, *_ in self._db.execute("DESCRIBE told").fetchall()}
        self.names: list[str] = list(self._types)
        if taken := [name for name in self.names if name.casefold() == "rowid"]:
            self._db.execute(f'ALTER TABLE told RENAME "{taken[0]}" TO {OWN_ROWID}')
        [(self.rows,)] = self._db.execute("SELECT count(*) FROM told").fetchall()
        if not self.rows:
            raise Refused("empty", "The file has no rows.")

    def numbers(self, name: str, *, needed: bool = False) -> NDArray[np.float64]:
        """A column of numbers; an empty cell is NaN, or refused where one is needed. Raises Refused with the row of what is
        no finite number."""
        if needed:
            self._refuse_empty(name)
        return self._cast(name, NUMBER).astype(np.float64, copy=False)

    def amounts(self, name: str, *, least: float | None = None) -> NDArray[np.float64]:
        """A column of finite numbers, none below `least`; an empty cell is zero. Raises Refused with the row of another."""
        found = self.numbers(name)
        number = f"TRY_CAST({self._known(name)} AS DOUBLE)"
        if np.isnan(found).any():
            self._refuse("bad_cell", name, f"isnan({number})", f"is not {WORDS[NUMBER]}")
        if least is not None and (found < least).any():
            self._refuse("negative", name, f"{number} < {least!r}", f"is below {least:g}")
        return np.nan_to_num(found, nan=0.0)

    def times(self, name: str, *, needed: bool = False) -> NDArray[np.datetime64]:
        """A column of times in UTC, in microseconds; an empty cell is NaT, or refused where a time is needed."""
        if needed:
            self._refuse_empty(name)
        return self._cast(name, TIME).astype("datetime64[us]", copy=False)

    def texts(self, name: str, *, needed: bool = False) -> NDArray[np.object_]:
        """A column of texts; an empty cell is an empty text, or refused where one is needed."""
        if needed:
            self._refuse_empty(name)
        cells = self._fetched(f"SELECT coalesce({self._known(name)}::VARCHAR, '') AS cell FROM told")
        return cells.astype(object, copy=False)

    def codes(self, name: str, *, needed: bool = False) -> tuple[NDArray[np.int64], list[str]]:
        """A column of texts as places in a sorted list of its different texts, and that list; empty cells as in `times`."""
        if needed:
            self._refuse_empty(name)
        cell = f"coalesce({self._known(name)}::VARCHAR, '')"
        told = f"SELECT cell, row_number() OVER (ORDER BY cell) - 1 AS code FROM (SELECT DISTINCT {cell} AS cell FROM told)"
        self._db.execute(f"CREATE OR REPLACE TEMP TABLE told_names AS {told}")
        rows = f"SELECT rowid AS place, {cell} AS cell FROM told"
        query = f"SELECT place, code FROM ({rows}) JOIN told_names USING (cell)"
        found = self._db.execute(query).fetchnumpy()
        codes = np.empty(self.rows, np.int64)
        codes[found["place"]] = found["code"]
        return codes, self._fetched("SELECT cell FROM told_names ORDER BY code").tolist()

    def ranks(self, name: str) -> NDArray[np.int64]:
        """The order of a column: whole numbers by what they count, to the last digit, all else as texts; empty cells last."""
        cell = self._known(name)
        whole = f"TRY_CAST({cell} AS HUGEINT)"
        query = f"SELECT dense_rank() OVER (ORDER BY {{}}, {cell}::VARCHAR) AS cell, rowid AS place FROM told"
        [(is_whole,)] = self._db.execute(f"SELECT count({cell}) = count({whole}) FROM told").fetchall()
        by = whole if is_whole else "0"
        return self._fetched(f"SELECT cell FROM ({query.format(by)}) ORDER BY place").astype(np.int64)

    def place(self, row: int) -> str:
        """A row, counted from 1, as people find it: with its file where there are several."""
        if len(self._files) == 1:
            return f"Row {row}"
        for path in self._files:
            [(rows,)] = self._db.execute(f"SELECT count(*) FROM ({query_of([path])})").fetchall()
            if row <= rows:
                break
            row -= rows
        return f"{path.name}, row {row}"

    def is_number(self, name: str) -> bool:
        """Whether every cell that is not empty is a number, and one at least is."""
        cell = self._known(name)
        query = f"SELECT count({cell}) = count(TRY_CAST({cell} AS DOUBLE)) AND count({cell}) > 0 FROM told"
        [(said,)] = self._db.execute(query).fetchall()
        return bool(said)

    def _cast(self, name: str, type_: str) -> NDArray[Any]:
        cast = f"TRY_CAST({self._known(name)} AS {type_})"
        found = self._fetched(f"SELECT {cast} AS cell FROM told")
        if not _is_plain(
            found
        ):  # it may be an empty cell; to cast all once more only to be sure would take twice as long
            self._refuse("bad_cell", name, f"({cast} IS NULL OR isinf({cast}))", f"is not {WORDS[type_]}")
        return found

    def _refuse(self, reason: str, name: str, condition: str, what: str) -> None:
        """Name the first cell that has something in it for which a condition holds."""
        cell = self._known(name)
        query = (
            f"SELECT rowid + 1, {cell} FROM told WHERE {cell} IS NOT NULL AND {condition} ORDER BY 1 LIMIT 1"
        )
        for row, text in self._db.execute(query).fetchall():
            raise Refused(reason, f'{self.place(row)}, column "{name}": "{text}" {what}.')

    def _refuse_empty(self, name: str) -> None:
        query = f"SELECT rowid + 1 FROM told WHERE {self._known(name)} IS NULL ORDER BY 1 LIMIT 1"
        for (row,) in self._db.execute(query).fetchall():
            raise Refused("empty_cell", f'{self.place(row)}, column "{name}": the cell is empty.')

    def _broken(self) -> Path:
        """The first file that cannot be read by itself."""
        for path in self._files[:-1]:
            try:
                self._db.execute(f"SELECT count(*) FROM ({query_of([path])})").fetchall()
            except duckdb.Error:
                return path
        return self._files[-1]

    def _fetched(self, query: str) -> NDArray[Any]:
        cells = self._db.execute(query).fetchnumpy()["cell"]
        if isinstance(cells, np.ma.MaskedArray):
            empty = np.datetime64("NaT") if cells.dtype.kind == "M" else np.nan
            return np.asarray(cells.filled(empty))
        return np.asarray(cells)

    def _known(self, name: str) -> str:
        if name not in self.names:
            near = get_close_matches(name, self.names, 1) or self.names
            raise Refused(
                "no_column", f'There is no column "{name}"; there is {", ".join(map(repr, near[:20]))}.'
            )
        column = OWN_ROWID if name.casefold() == "rowid" else '"' + name.replace('"', '""') + '"'
        return f"nullif(trim({column}::VARCHAR), '')" if self._types[name] == "VARCHAR" else column


def _is_plain(found: NDArray[Any]) -> bool:
    """Whether every number or time is one, and finite."""
    if found.dtype.kind == "O":  # so DuckDB hands out times of which one is infinite
        return False
    if found.dtype.kind != "M":
        return bool(np.isfinite(found).all())
    ends = np.iinfo(np.int64)
    since = found.view(np.int64)
    return bool(((since > ends.min + 1) & (since < ends.max)).all())
