"""Files of columns as SQL that DuckDB reads: nothing about a file is guessed, so no row of it is left out in silence."""

import csv
import gzip
import re
from collections.abc import Sequence
from pathlib import Path

from treaty.kit.rules.refusals import Refused

SIGNS = ",;\t|"
"""What may stand between columns: whichever divides the first line into most."""
CSV = (
    "SELECT * FROM read_csv({file}, auto_detect = false, columns = {{{columns}}}, header = true, delim = {sign},"
    " quote = '\"', escape = '\"', comment = '', nullstr = '')"
)
PARQUET = "SELECT * FROM read_parquet({file})"
NO_LETTERS = frozenset("\0\ufffd")
"""What no text holds, and what stands for bytes that are no text."""
WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
LINE = re.compile(r"CSV Error on Line: (\d+)")
SAID = {
    "not utf-8": "its letters are not encoded in UTF-8",
    "unterminated quote": "a quotation mark is opened and not closed",
    "state machine": "it is not well-formed, or its lines end in different ways",
}
"""What DuckDB says of a file that is no CSV, and how we say it."""


def query_of(files: Sequence[Path]) -> str:
    """The query for all rows of the files, in their order, columns by name. Raises Refused: mixed, empty, unreadable."""
    is_parquet = {path.suffix.lower() in {".parquet", ".pq"} for path in files}
    if len(is_parquet) != 1:
        raise Refused("mixed", "Give CSV files or Parquet files, not both at once.")
    one = _parquet if is_parquet.pop() else _csv
    return " UNION ALL BY NAME ".join(one(path) for path in files)


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def reason_of(error: Exception) -> str:
    """Why a file cannot be read, in our words where we have some."""
    told = str(error)
    line = f"line {found[1]}: " if (found := LINE.search(told)) else ""
    if width := WIDTH.search(told):
        return f"{line}it has {width[2]} columns, and the first line has {width[1]}"
    for sign, said in SAID.items():
        if sign in told.lower():
            return line + said
    return line + next((text.strip() for text in told.splitlines() if text.strip()), "it has no columns")


def _parquet(path: Path) -> str:
    return PARQUET.format(file=quoted(str(path)))


def _csv(path: Path) -> str:
    try:
        names, sign = max((_header(path, sign) for sign in SIGNS), key=lambda told: len(told[0]))
    except (OSError, csv.Error) as error:
        raise Refused("unreadable", f"{path.name} cannot be read: {error}.") from None
    if not names:
        raise Refused("empty", "The file has no rows.")
    if NO_LETTERS & {*"".join(names)}:
        raise Refused("unreadable", f"{path.name} cannot be read: line 1: {SAID['not utf-8']}.")
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in _different(names))
    return CSV.format(file=quoted(str(path)), columns=columns, sign=quoted(sign))


def _header(path: Path, sign: str) -> tuple[list[str], str]:
    """The names in the first line, divided by a sign."""
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as lines:
        return next(csv.reader(lines, delimiter=sign), []), sign


def _different(names: Sequence[str]) -> list[str]:
    """The names, of which none is empty and no two are the same but for their case."""
    found: list[str] = []
    for place, name in enumerate(names, 1):
        plain = told = name.strip() or f"column {place}"
        again = 1
        while told.casefold() in {one.casefold() for one in found}:
            told, again = f"{plain}_{again}", again + 1
        found.append(told)
    return found
