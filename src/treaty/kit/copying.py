"""Rows as PostgreSQL's COPY reads them: most in one go, which takes the client half of what row by row does."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

PLAIN = frozenset({int, str, bool, float, datetime})
"""Types whose text is what COPY reads."""
AT_ONCE = 1_000
"""Rows put together."""

Row = Sequence[Any]


def copied(copy: Any, rows: Iterable[Row]) -> None:
    """Put rows into the driver's COPY; the values of a column are of one type, or nothing."""
    for some in _parts(rows):
        if (text := joined(some)) is not None:
            copy.write(text)
            continue
        for row in some:
            copy.write_row(row)


def joined(rows: Sequence[Row]) -> str | None:
    """Rows as one text; None where a value needs the driver: it is nothing, of another type, or holds a sign of COPY's."""
    first = rows[0]
    if not PLAIN.issuperset(map(type, first)):
        return None
    form = "\t".join(["%s"] * len(first)) + "\n"
    text = "".join([form % tuple(row) for row in rows])
    is_plain = text.count("\n") == len(rows) and text.count("\t") == len(rows) * (len(first) - 1)
    return text if is_plain and not ("\\" in text or "\r" in text or "None" in text) else None


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        yield some
