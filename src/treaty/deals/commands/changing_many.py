"""Correcting many deals alike: one value for a field of all of them, set at once."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction

from treaty.deals.commands.asking import ask_again
from treaty.deals.models import Deal
from treaty.fields.commands import join_tags, set_values
from treaty.kit.rows import among
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit_all

ALIKE = frozenset({"owner_id", "close_on", "product"})
"""What many deals may have alike; a name is nobody else's, and a value has a fact of its own."""


def change_deals(
    deals: Collection[int],
    *,
    changes: Mapping[str, object],
    own: Mapping[str, object] | None = None,
    at: datetime,
    by: int | None,
) -> int:
    """Give deals the same values by hand; how many held others. Raises fields.commands.WrongValue."""
    if unknown := changes.keys() - ALIKE:
        raise ValueError(f"Deals have no {', '.join(sorted(unknown))} alike.")
    with transaction.atomic():
        join_tags("deal", own)
        rows = among(Deal, "id", deals).select_for_update().order_by("pk").values("id", *changes)
        differing: dict[int, dict[str, list[object]]] = {
            row["id"]: {
                name: [_plain(row[name]), _plain(value)]
                for name, value in changes.items()
                if row[name] != value
            }
            for row in rows
        }
        if own:
            for pk, changed in set_values("deal", dict.fromkeys(differing, own), at=at, by=by).items():
                differing[pk] |= changed
        differing = {pk: changed for pk, changed in differing.items() if changed}
        if not differing:
            return 0
        among(Deal, "id", differing).update(**changes, changed_at=at)
        follow(Kind.DEAL, differing)
        ask_again(list(differing))
        audit_all("deal_changed", "deal", differing, by=by, at=at)
    return len(differing)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
