"""Which countries and time zones there are."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale


def is_country(code: str) -> bool:
    """Whether two letters, in either case, name a country."""
    return code.upper() in _countries()


@cache
def zones() -> frozenset[str]:
    """The names of all time zones, such as Europe/Warsaw."""
    return frozenset(available_timezones())


@cache
def _countries() -> frozenset[str]:
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha())
