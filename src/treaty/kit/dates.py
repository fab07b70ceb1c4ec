"""Days and moments as a page writes them, each written once a process: a list says the same few again and again."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language

KEPT = 10_000
"""What is kept of each kind, and of each language by itself."""


def day(at: date, form: str = "SHORT_DATE_FORMAT") -> str:
    """A day in the language of the page; of a moment the day that it is where the moment stands."""
    return _day(at.date() if isinstance(at, datetime) else at, form, get_language())


def moment(at: datetime) -> str:
    """Day and time in the zone and the language of the page."""
    local = timezone.localtime(at).replace(microsecond=0, tzinfo=None)
    return _moment(local, "SHORT_DATETIME_FORMAT", get_language())


@lru_cache(KEPT)
def _day(at: date, form: str, _language: str | None) -> str:
    return str(formats.date_format(at, form))


@lru_cache(KEPT)
def _moment(local: datetime, form: str, _language: str | None) -> str:
    """Without its zone: moments that are equal have the same hash wherever they stand."""
    return str(formats.date_format(local, form))
