"""What a calendar is made of: shifts of a week in one time zone, days off and absences.

Plain values: whoever keeps calendars in rows hands them over in this form.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

MINUTES_OF_DAY = 24 * 60


class NoBusinessTime(ValueError):
    """A question without an answer in the days a calendar was compiled for, or in a hundred years."""


@dataclass(frozen=True)
class Shift:
    """A span of the local day, minutes since midnight, `start` inside and `end` outside.

    `weekday` 0 is Monday. An `end` not after its `start` lies on the next day, so 00:00 to 00:00
    is a whole day. A shift belongs to the day it starts on.
    """

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday} does not exist; use 0 (Monday) to 6 (Sunday)")
        if not 0 <= self.start < MINUTES_OF_DAY:
            raise ValueError(f"a shift starts at minute 0 to 1439 of its day, not at {self.start}")
        if not 0 <= self.end <= MINUTES_OF_DAY:
            raise ValueError(
                f"a shift ends at minute 0 to 1440, not at {self.end}; an end not after the start is next day"
            )

    @property
    def minutes(self) -> int:
        """Length on the local clock; a night of clock change is really longer or shorter."""
        return self.end - self.start if self.end > self.start else self.end - self.start + MINUTES_OF_DAY


@dataclass(frozen=True)
class Calendar:
    """When somebody works: `zone` is an IANA name; on `days_off`, public holidays among them, none starts.

    `absences` are half-open spans between two aware datetimes. Overlaps among shifts or absences count once.
    """

    zone: str
    shifts: tuple[Shift, ...]
    days_off: frozenset[date] = frozenset()
    absences: tuple[tuple[datetime, datetime], ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as unknown:
            text = f"time zone {self.zone!r} is not known; use an IANA name such as Europe/Rome"
            raise ValueError(text) from unknown
        for start, end in self.absences:
            if start.utcoffset() is None or end.utcoffset() is None:
                raise ValueError(f"the absence {start} to {end} needs a time zone at both ends")
            if end.astimezone(UTC) < start.astimezone(UTC):
                raise ValueError(
                    f"the absence from {start} ends before it starts, at {end}; exchange the two"
                )

        # Python compares two readings of one local clock without regard to the hour that comes twice.
        in_utc = tuple((start.astimezone(UTC), end.astimezone(UTC)) for start, end in self.absences)
        object.__setattr__(self, "absences", in_utc)

    @cached_property
    def _hash(self) -> int:
        return hash((self.zone, self.shifts, self.days_off, self.absences))

    def __hash__(self) -> int:
        # Compiled tables are looked up by calendar on every question; years of absences are hashed once only.
        return self._hash
