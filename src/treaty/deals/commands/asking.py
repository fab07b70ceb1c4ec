"""Segments ask again for the persons of deals of which something changed, with a fact or without one."""

from collections.abc import Collection

from treaty.deals.queries.asked import persons_of
from treaty.segments.commands import touch_deals


def ask_again(deals: Collection[int], *, persons: Collection[int | None] = ()) -> None:
    """Within the transaction of the change; `persons` are further ones whose deals they were or are."""
    named = {person for person in persons if person is not None}
    if deals or named:
        touch_deals(lambda: persons_of(deals) | named)
