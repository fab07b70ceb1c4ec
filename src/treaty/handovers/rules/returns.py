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

    `note`: in words, what was found. `date`: when to try again. `identity`: which address or number is wrong.
    """

    stage: str
    note: bool = False
    date: bool = False
    identity: bool = False


CONSEQUENCES = {
    Effect.RECYCLE: Consequence("lead", date=True),
    Effect.INVALID_IDENTITY: Consequence("lead", identity=True),
    Effect.SPAM: Consequence("subscriber"),
    Effect.NOT_A_FIT: Consequence("lead", note=True),
    Effect.DUPLICATE: Consequence("lead", note=True),
}
ENDS_OFFERS = frozenset({Effect.SPAM, Effect.DUPLICATE})
"""After these a person is offered again only on purpose."""


def held_until(effect: Effect, hold_days: int, chosen: datetime | None, at: datetime) -> datetime | None:
    """Until when the person is left in peace: the chosen time, else the agreed days; None without either."""
    if chosen is not None:
        return chosen
    if effect is Effect.RECYCLE or hold_days:
        return at + timedelta(days=hold_days)
    return None


def what_is_missing(effect: Effect, *, note: str, identity: int | None) -> str | None:
    """The first thing that the effect demands and was not given: note or identity; None if all is there.

    A date to try again may be left out: then the agreed days hold.
    """
    demanded = CONSEQUENCES[effect]
    if demanded.note and not note.strip():
        return "note"
    if demanded.identity and identity is None:
        return "identity"
    return None
