"""In which orders the lists of people and companies can stand beside those of one column and its index."""

from treaty.kit.keyset import Order
from treaty.kit.stretches import Stretches, filled, named, ranked
from treaty.people.rules import Stage
from treaty.staff.queries import everybody

NEWEST = Order("created_at", is_descending=True)


def by_stage(is_descending: bool) -> Stretches:
    """As the road of a person goes; of one stage the newest first."""
    return ranked("stage", lambda: list(Stage), NEWEST, is_descending=is_descending)


def by_owner(is_descending: bool) -> Stretches:
    """By the owners' names, who left behind those who work here; nobody's last. Of one owner the newest first."""
    return ranked(
        "owner",
        lambda: [one for one, *_told in everybody()],
        NEWEST,
        is_descending=is_descending,
        has_none=True,
    )


def by_company(is_descending: bool) -> Stretches:
    """By the name of the company that somebody works for; whoever has none last."""
    return named("company", "folded", is_descending=is_descending)


def by_text(field: str, is_descending: bool) -> Stretches:
    """By a text along an index, rows without one last."""
    return filled(field, nothing="", is_descending=is_descending)


def by_number(field: str, is_descending: bool) -> Stretches:
    """By a number along an index, rows without one last."""
    return filled(field, is_descending=is_descending)
