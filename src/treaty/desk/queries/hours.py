"""Where somebody stands in the own working day."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from treaty.kit.rules.business_time import BusinessTime, NoBusinessTime, business_time
from treaty.staff.queries import KnownCalendars


@dataclass(frozen=True, slots=True)
class OwnDay:
    """At work until an instant, or off until one; None where no working hours are known."""

    is_open: bool
    until: datetime | None


def own_day(user: int, at: datetime, known: KnownCalendars) -> OwnDay:
    """The day of a user, by the own calendar, less absences."""
    try:
        hours = business_time(known.of_user(user), at)
        closes = hours.closes_at(at)
        if closes is None:
            return OwnDay(is_open=False, until=hours.next_opening(at))
        return OwnDay(is_open=True, until=_last_closing(hours, closes))
    except NoBusinessTime:
        return OwnDay(is_open=False, until=None)


def _last_closing(hours: BusinessTime, closes: datetime) -> datetime:
    """The end of the day's last shift: a break at noon does not end the day."""
    while True:
        opens = hours.next_opening(closes)
        after = hours.closes_at(opens)
        if after is None or localtime(opens).date() != localtime(closes).date():
            return closes
        closes = after
