"""What rows of people repeat from the ledger, folded anew: where persons stand, and to what they agreed."""

from datetime import datetime

from treaty.people.projections.consents import rebuild_consents, refold_consents, refold_consents_listener
from treaty.people.projections.standing import (
    Standing,
    fold,
    rebuild_standing,
    refold,
    refold_listener,
    refusals,
    stray_links,
)

__all__ = [
    "Standing",
    "fold",
    "rebuild",
    "refold",
    "refold_consents",
    "refold_consents_listener",
    "refold_listener",
    "refusals",
    "stray_links",
]


def rebuild(*, check: bool, at: datetime) -> int:
    """Fold everybody anew; how many rows differed from their fold, and how many links led nowhere.

    With `check` nothing is written; without, links that lead nowhere go.
    """
    return rebuild_standing(check=check, at=at) + rebuild_consents(check=check)
