"""Files of columns (CSV, Parquet) as arrays, read by DuckDB. Imports forty megabytes: imported where somebody asks."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

CSV = "read_csv({files}, all_varchar = true, header = true, union_by_name = true, null_padding = false)"
PARQUET = "read_parquet({files}, union_by_name = true)"
NUMBER, TIME = "DOUBLE", "TIMESTAMP"
WORDS = {NUMBER: "a number", TIME: "a date or a time, such as 2026-01-31 or 2026-01-31 12:30"}


class Table:
    """The rows of some files that have the same columns, in the files' order; a row is named by its place from 1 on."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Raises Refused where a file is neither CSV nor Parquet, broken, or empty."""
        self._db = duckdb.connect()
        self._db.execute("SET TimeZone = 'UTC'")
        try:
            self._db.execute(f"CREATE TABLE told AS SELECT * FROM ({_source(files)})")
        except duckdb.Error as error:
            raise Refused("unreadable", f"The file cannot be read as columns: {_first_line(error)}") from None
        self._types = {name: kind for name, kind, *_ in self._db.execute("DESCRIBE told").fetchall()}
        self.names: list[str] = list(self._types)
        [(self.rows,)] = self._db.execute("SELECT count(*) FROM told").fetchall()
        if not self.rows:
            raise Refused("empty", "The file has no rows.")

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column of numbers; an empty cell is NaN. Raises Refused with the row of what is no number."""
        return self._cast(name, NUMBER).astype(np.float64, copy=False)

    def times(self, name: str) -> NDArray[np.datetime64]:
        """A column of times in UTC, in microseconds; an empty cell is NaT."""
        return self._cast(name, TIME).astype("datetime64[us]", copy=False)

    def texts(self, name: str) -> NDArray[np.object_]:
        """A column of texts; an empty cell is an empty text."""
        cells = self._fetched(f"SELECT coalesce({self._known(name)}::VARCHAR, '') AS cell FROM told")
        return cells.astype(object, copy=False)

    def codes(self, name: str) -> tuple[NDArray[np.int64], list[str]]:
        """A column of texts as places in a sorted list of its different texts, and that list."""
        cell = f"coalesce({self._known(name)}::VARCHAR, '')"
        self._db.execute("DROP TYPE IF EXISTS told_names")
        found = self._db.execute(f"SELECT DISTINCT {cell} AS cell FROM told ORDER BY 1").fetchall()
        names = [text for (text,) in found]
        self._db.execute(f"CREATE TYPE told_names AS ENUM ({', '.join(map(_quoted, names))})")
        codes = self._fetched(f"SELECT enum_code(({cell})::told_names) AS cell FROM told")
        return codes.astype(np.int64), names

    def is_number(self, name: str) -> bool:
        """Whether every cell that is not empty is a number, and one at least is."""
        cell = self._known(name)
        query = f"SELECT count({cell}) = count(TRY_CAST({cell} AS DOUBLE)) AND count({cell}) > 0 FROM told"
        [(said,)] = self._db.execute(query).fetchall()
        return bool(said)

    def _cast(self, name: str, type_: str) -> NDArray[Any]:
        cell = self._known(name)
        query = f"SELECT rowid + 1, {cell} FROM told WHERE {cell} IS NOT NULL AND TRY_CAST({cell} AS {type_}) IS NULL"
        for row, text in self._db.execute(f"{query} ORDER BY 1 LIMIT 1").fetchall():
            raise Refused("bad_cell", f'Row {row}, column "{name}": "{text}" is not {WORDS[type_]}.')
        return self._fetched(f"SELECT TRY_CAST({cell} AS {type_}) AS cell FROM told")

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
        column = '"' + name.replace('"', '""') + '"'
        return f"nullif(trim({column}::VARCHAR), '')" if self._types[name] == "VARCHAR" else column


def _source(files: Sequence[Path]) -> str:
    is_parquet = {path.suffix.lower() in {".parquet", ".pq"} for path in files}
    if len(is_parquet) != 1:
        raise Refused("mixed", "Give CSV files or Parquet files, not both at once.")
    listed = f"[{', '.join(_quoted(str(path)) for path in files)}]"
    return "SELECT * FROM " + (PARQUET if is_parquet.pop() else CSV).format(files=listed)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return next(iter(_lines(str(error))), "it has no columns")


def _lines(text: str) -> Iterable[str]:
    return (line.strip() for line in text.splitlines() if line.strip())
