"""Which rules there are, and the moment before which they take."""

from calendar import monthrange
from datetime import datetime
from enum import StrEnum

MONTHS = range(1, 241)
"""How long a rule may let something be kept."""


class Kind(StrEnum):
    """What a rule takes."""

    TEXTS = "texts"
    PERSONS = "persons"
    FILES = "files"


def months_before(at: datetime, months: int) -> datetime:
    """The same time of day some calendar months ago; in a shorter month its last day."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
