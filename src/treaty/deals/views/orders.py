"""In which orders the list of deals can stand beside those of one column and its index."""

from collections.abc import Sequence

from treaty.deals.queries import StageRow
from treaty.kit.keyset import Order
from treaty.kit.stretches import Stretches, filled, named, ranked
from treaty.staff.queries import everybody


def by_stage(pipeline: Sequence[StageRow], is_descending: bool) -> Stretches:
    """As the pipeline goes; of one stage those first that came into it last."""
    within = Order("stage_since", is_descending=True)
    return ranked("stage", lambda: [one.id for one in pipeline], within, is_descending=is_descending)


def by_owner(is_descending: bool) -> Stretches:
    """By the owners' names, who left behind those who work here; nobody's last. Of one owner the newest first."""
    within = Order("opened_at", is_descending=True)
    return ranked(
        "owner",
        lambda: [one for one, *_told in everybody()],
        within,
        is_descending=is_descending,
        has_none=True,
    )


def by_company(is_descending: bool) -> Stretches:
    """By the name of the company; deals without one last."""
    return named("company", "folded", is_descending=is_descending)


def by_value(field: str, is_descending: bool) -> Stretches:
    """By an amount or a day along its index; deals without one last."""
    return filled(field, is_descending=is_descending)
