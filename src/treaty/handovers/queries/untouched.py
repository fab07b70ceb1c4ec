"""What was accepted and nobody has reached out to yet: the promise that runs after the queue is empty."""

from datetime import datetime

from treaty.handovers.queries.cards import Card, cards_of
from treaty.handovers.queries.rows import BY_CLOCK, Condition, first_cards
from treaty.staff.queries import KnownCalendars, User

UNTOUCHED_SHOWN = 8
"""First touches on Today; the table holds all of them."""


def untouched_by(
    user: User, at: datetime, limit: int = UNTOUCHED_SHOWN, *, known: KnownCalendars | None = None
) -> list[Card]:
    """The leads a user accepted whose first touch is owed, the clock that runs out first on top."""
    owed = (
        "h.owner_id = %s AND h.state = 'accepted' AND h.first_touch_at IS NULL AND h.next_due_at IS NOT NULL"
    )
    return cards_of(first_cards(Condition(owed, (user.pk,)), BY_CLOCK, limit), user, at, known=known)
