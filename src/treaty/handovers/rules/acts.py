"""What the clocks of a handover see: acts, the promises that judge them, and the clocks themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from treaty.kit.rules.business_time import Calendar

GRACE = timedelta(minutes=15)
"""How long after its due time an act may be written down and still count."""
WARN_SHARE = 0.75
"""The share of a budget after which a person is told that a clock is due soon."""


FORGOTTEN = "forgotten"
"""The cause that excuses a clock whose person asked to be forgotten before it was due."""
BINNED = "binned"
"""The cause that excuses a clock whose person was put into the bin before it was due."""


class Did(StrEnum):
    """The kinds of act that move a clock."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    UNDONE = "undone"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    HANDED_ON = "handed_on"
    ATTEMPTED = "attempted"


@dataclass(frozen=True, slots=True)
class Act:
    """One fact as the clocks see it. `user` is who was offered or who accepted, `cause` why it was handed on or withdrawn."""

    id: int
    did: Did
    occurred_at: datetime
    recorded_at: datetime
    user: int | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a clause demands: a budget of business time."""

    clause: str
    budget: timedelta


@dataclass(frozen=True, slots=True)
class Judged:
    """The promises of the version under which a lead was offered, for its grade."""

    qualified_at: datetime
    accept: Promise
    touch: Promise
    grace: timedelta = GRACE


@dataclass(frozen=True, slots=True)
class Calendars:
    """Whose hours count. A person's calendar is the one known when the clock began, so it is kept by both."""

    company: Calendar
    team: Calendar
    personal: Mapping[tuple[int, datetime], Calendar] = field(default_factory=dict)


class Name(StrEnum):
    """The clocks of one handover; BUYER_TOUCH is a reading, the others are promises."""

    TEAM_ACCEPT = "team_accept"
    PERSONAL_ACCEPT = "personal_accept"
    FIRST_TOUCH = "first_touch"
    BUYER_TOUCH = "buyer_touch"


class State(StrEnum):
    """What a clock does at this instant."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Verdict(StrEnum):
    """What became of a promise so far."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock at one instant. `wall` is real time, counted for the buyer's reading only.

    `due_at` is None for a reading, for a clock that waits, and where the calendar holds no such time.
    """

    name: Name
    sequence: int
    clause: str
    user: int | None
    state: State
    verdict: Verdict
    cause: str = ""
    started_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    used: timedelta = timedelta()
    budget: timedelta | None = None
    wall: timedelta | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from the other clocks of its handover."""
        return (self.name.value, self.sequence)
