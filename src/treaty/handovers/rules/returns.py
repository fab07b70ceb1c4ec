"""What becomes of a person whose lead is returned: each effect the agreement can give a reason, and what it demands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Effect(StrEnum):
    """What a reason to return does; the agreement gives each reason one."""

    RECYCLE = "recycle"
    INVALID_IDENTITY = "invalid_identity"
    SPAM = "spam"
    NOT_A_FIT = "not_a_fit"
    DUPLICATE = "duplicate"


FORGOTTEN = "_forgotten"
"""The reason of a lead that nobody returned: its person asked to be forgotten. No agreed code can be spelled so."""
BINNED = "_binned"
"""The same of a person who was put into the bin."""
WITHDRAWN = (FORGOTTEN, BINNED)
"""Why leads end that nobody returned."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """The stage the person goes back to, and what whoever returns the lead has to say.

    `note`: in words, what was found. `identity`: which address or number is wrong. `date`: not demanded, but only such
    a reason takes one: when to try again.
    """

    stage: str
    note: bool = False
    date: bool = False
    identity: bool = False


CONSEQUENCES = {
    Effect.RECYCLE: Consequence("lead", date=True),
    Effect.INVALID_IDENTITY: Consequence("lead", identity=True),
    Effect.SPAM: Consequence("subscriber"),
    Effect.NOT_A_FIT: Consequence("lead", note=True, date=True),
    Effect.DUPLICATE: Consequence("lead", note=True),
}


class Again(StrEnum):
    """What has to come before a returned person is offered again without anybody's doing."""

    TOUCH = "touch"
    """The next touch that qualifies."""
    DATE = "date"
    """A day; then the next touch."""
    CORRECTION = "correction"
    """A right address or number in place of the wrong one; then the next touch."""
    MERGE = "merge"
    """The two records of the person become one; what became of the other record counts then."""
    PURPOSE = "purpose"
    """Nothing: somebody has to offer them on purpose."""


def again(effect: str, held: datetime | None, at: datetime, *, is_wrong: bool = False) -> Again:
    """What keeps a returned person from being offered at `at`.

    `held` is until when they are left in peace, `is_wrong` whether an address or number still waits for its correction.
    """
    if effect == Effect.DUPLICATE:
        return Again.MERGE
    if effect == Effect.SPAM or (effect == Effect.NOT_A_FIT and held is None):
        return Again.PURPOSE
    if held is not None and held > at:
        return Again.DATE
    return Again.CORRECTION if is_wrong else Again.TOUCH


def is_past(effect: str, returned_at: datetime | None, merged_at: datetime) -> bool:
    """Whether a return as a duplicate tells nothing any more, because the person's records were merged since."""
    return effect == Effect.DUPLICATE and returned_at is not None and returned_at <= merged_at


def held_until(effect: Effect, hold_days: int, chosen: datetime | None, at: datetime) -> datetime | None:
    """Until when the person is left in peace: the chosen time, else the agreed days; None without either."""
    if not CONSEQUENCES[effect].date:
        return None
    if chosen is not None:
        return chosen
    return at + timedelta(days=hold_days) if effect is Effect.RECYCLE or hold_days else None


def what_is_missing(effect: Effect, *, note: str, identity: int | None) -> str | None:
    """The first thing that the effect demands and was not given: note or identity; None if all is there.

    A date to try again is never demanded: without one the agreed days hold.
    """
    demanded = CONSEQUENCES[effect]
    if demanded.note and not note.strip():
        return "note"
    if demanded.identity and identity is None:
        return "identity"
    return None
