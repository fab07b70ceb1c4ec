"""Credit as the document that `treaty analyze attribution` answers."""

from collections.abc import Iterator, Sequence
from typing import Any

from treaty.attribution.rules.attributing import MEANINGS, Credit
from treaty.attribution.rules.paths import CONVERSIONS, VALUE, Amounts, Paths

NOTE = (
    "These figures share out what happened together; they do not prove cause. "
    "An experiment with a control group does: treaty analyze experiment."
)


def told(paths: Paths, rows: str, credits_: Sequence[Credit], ends: Amounts | None) -> dict[str, Any]:
    """What was read, what each model means and found, and the credit of each channel, the largest first."""
    conversions, value, nulls = paths.totals.tolist()
    read: dict[str, Any] = {
        "rows": rows,
        "paths": len(paths.outcomes),
        "touches": len(paths.channels),
        "channels": paths.size,
        "conversions": conversions,
        "value": value,
        "nulls": nulls,
    }
    if rows == "touches":
        read["unattributed"] = dict(zip(("conversions", "value"), paths.unattributed, strict=True))
    listed = [
        row
        for place, one in enumerate(credits_)
        for row in _rows(paths, one, None if ends is None else ends[place])
    ]
    return {**read, "models": [_model(one) for one in credits_], "credit": listed, "note": NOTE}


def _model(credit: Credit) -> dict[str, Any]:
    found: dict[str, Any] = {"model": credit.model.name, "meaning": MEANINGS[credit.model.kind]}
    if credit.removal is not None:
        found["probability_of_conversion"] = credit.removal.probability
        found["difference_from_counted"] = credit.removal.difference
        found["value_of_a_path"] = credit.removal.value
        found["value_difference_from_counted"] = credit.removal.value_difference
        found["steps"] = credit.removal.steps
    return found


def _rows(paths: Paths, credit: Credit, ends: Amounts | None) -> Iterator[dict[str, Any]]:
    whole, worth = paths.totals[[CONVERSIONS, VALUE]].tolist()
    for place in sorted(
        range(paths.size), key=lambda place: (-credit.by_channel[place, CONVERSIONS], paths.names[place])
    ):
        conversions, value = credit.by_channel[place].tolist()
        row: dict[str, Any] = {"model": credit.model.name, "channel": paths.names[place]}
        row |= {"conversions": conversions, "value": value, "share": conversions / whole}
        row["share_of_value"] = value / worth if worth else None
        if credit.removal is not None:
            effects = credit.removal.effects[place].tolist()
            row |= {"removal_effect": effects[CONVERSIONS], "removal_effect_on_value": effects[VALUE]}
        if ends is not None:
            names = ("conversions_low", "conversions_high", "value_low", "value_high")
            row |= dict(zip(names, ends[place].ravel().tolist(), strict=True))
        yield row
