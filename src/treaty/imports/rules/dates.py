"""Dates as spreadsheets and other systems write them."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

PARTED = re.compile(
    r"(\d{1,4})([/.])(\d{1,2})\2(\d{1,4})\.?(?:[ T,]+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp])?\.?[Mm]?\.?)?"
)
SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of a spreadsheet that counts its days: 1900 began with 1, and had a 29 February there."""


def moment(text: str, *, day_first: bool = False) -> datetime:
    """A date or time; one without a zone is UTC. Raises ValueError.

    ISO 8601; 19.11.2026; 2026/11/19; 11/19/2026, or 19/11/2026 with `day_first`; the count of days of a spreadsheet.
    """
    if SERIAL.fullmatch(text):
        return FIRST_DAY + timedelta(seconds=round(float(text) * 86_400))
    if found := PARTED.fullmatch(text):
        return _parted(found, day_first=day_first)
    if len(text) <= 10:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _parted(found: re.Match[str], *, day_first: bool) -> datetime:
    one, sign, two, three = found[1], found[2], int(found[3]), found[4]
    if len(one) == 4:
        year, month, day = int(one), two, int(three)
    elif sign == "." or day_first:
        year, month, day = int(three), two, int(one)
    else:
        year, month, day = int(three), int(one), two
    if year < 1000:
        raise ValueError(found[0])
    hour = int(found[5] or 0)
    if half := found[8]:
        hour = hour % 12 + (12 if half in "pP" else 0)
    return datetime(year, month, day, hour, int(found[6] or 0), int(found[7] or 0), tzinfo=UTC)


def is_day_first(texts: Iterable[str]) -> bool | None:
    """Whether dates such as 19/11/2026 begin with the day; None where no date says so."""
    for text in texts:
        found = PARTED.fullmatch(text.strip())
        if found and found[2] == "/" and len(found[1]) < 3:
            one, two = int(found[1]), int(found[3])
            # What is no date in either order, such as 32/13/2026, says nothing of the others.
            if 12 < one <= 31 and two <= 12:
                return True
            if 12 < two <= 31 and one <= 12:
                return False
    return None
