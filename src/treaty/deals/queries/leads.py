"""Which lead a deal may come of: handovers stand above and register who may say so."""

from collections.abc import Callable
from typing import Any

Fits = Callable[[Any, int, int], bool]
"""Whether a handover that a user sees was accepted, and is about a person: (user, person, handover)."""
_fits: list[Fits] = []


def register_leads(fits: Fits) -> None:
    """Let a noun above answer; the last one counts."""
    _fits[:] = [fits]


def is_lead(user: Any, person: int | None, handover: int | None) -> bool:
    """Whether a deal of a user with a person may come of a handover; of none where nobody answers."""
    return bool(person and handover and _fits and _fits[0](user, person, handover))
