"""Credit by the name of a model: the one door to all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from treaty.attribution.rules.paths import CONVERSIONS, VALUE, Amounts, Paths, check_converted
from treaty.attribution.rules.removal import Removal, removal
from treaty.attribution.rules.shapley import GAMES, shapley
from treaty.attribution.rules.sharing import SHARES, decayed, shared
from treaty.attribution.rules.transitions import HIGHEST_ORDER, Transitions, counted, lowered
from treaty.kit.rules.refusals import Refused

HALF_LIFE = 7.0
MEANINGS: Final = {
    "first": "All credit to the first touch of the path.",
    "last": "All credit to the last touch before the conversion.",
    "last-non-direct": "All credit to the last touch that was not direct; where all were, to the last.",
    "linear": "The same credit to each touch.",
    "position": "40 % to the first touch, 40 % to the last, 20 % to those between; half each where there are two.",
    "decay": "A touch weighs half as much for each half-life that lies between it and the conversion.",
    "u": "40 % to the first touch, 40 % to the one that made the lead, 20 % to the others.",
    "w": "30 % each to the first touch and those that made the lead and the opportunity, 10 % to the others.",
    "full": "22.5 % each to the first touch, those that made the lead and the opportunity, and the last; 10 % to the others.",
    "markov": "In proportion to the conversions that would be lost without the channel, in a Markov chain of the paths.",
    "shapley": "A channel's mean gain over all orders in which channels could join.",
}
"""What each kind of model says, in one sentence."""


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of MEANINGS with its parameter: an order, a half-life in days, or a game."""

    kind: str
    parameter: float | int | str | None = None

    @property
    def name(self) -> str:
        """As it is asked for."""
        if self.parameter is None or (self.kind == "shapley" and self.parameter == "sum"):
            return self.kind
        return (
            f"{self.kind}:{self.parameter:g}"
            if isinstance(self.parameter, float)
            else f"{self.kind}:{self.parameter}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Credit:
    """by_channel (channels, 2): conversions and value, which sum to all that converted; removal: of Markov models."""

    model: Model
    by_channel: Amounts
    removal: Removal | None = None


def parsed(text: str) -> Model:
    """A model from its name, such as "markov:3" or "decay:14". Raises Refused (bad_model)."""
    kind, _, parameter = text.strip().lower().partition(":")
    if kind in SHARES and not parameter:
        return Model(kind)
    if kind == "markov" and (parameter or "1") in map(str, range(1, HIGHEST_ORDER + 1)):
        return Model(kind, int(parameter or 1))
    if kind == "shapley" and (parameter or "sum") in GAMES:
        return Model(kind, parameter or "sum")
    if kind == "decay" and _is_days(parameter or "7"):
        return Model(kind, float(parameter or HALF_LIFE))
    known = ", ".join([*SHARES, "decay:7 (days)", "markov:1 to markov:4", "shapley", "shapley:rate"])
    raise Refused("bad_model", f'There is no model "{text}"; there are {known}.')


def credits_of(paths: Paths, models: Sequence[Model], *, direct: str | None = None) -> list[Credit]:
    """The credit of each model, in their order: one pass for all models by place, one for all orders of Markov.

    direct: the name of the channel that `last-non-direct` passes over. Raises Refused, as the models do; none_converted.
    """
    check_converted(paths)
    by_place = list(dict.fromkeys(model.kind for model in models if model.kind in SHARES))
    passed = dict(zip(by_place, shared(paths, by_place, direct=direct), strict=True)) if by_place else {}
    orders = [int(model.parameter or 1) for model in models if model.kind == "markov"]
    counts = counted(paths, max(orders)) if orders else None
    return [_credit(paths, model, passed, counts) for model in models]


def markov(counts: Transitions, order: int) -> Credit:
    """The credit of a Markov model from kept counts of its order or a higher one, without the paths."""
    found = removal(lowered(counts, order))
    return Credit(Model("markov", order), by_effect(found.effects, counts.totals), found)


def by_effect(effects: Amounts, totals: Amounts) -> Amounts:
    """Credit (channels, 2) in proportion to removal effects."""
    whole = effects.sum(axis=0)
    share = np.divide(effects, whole, out=np.zeros_like(effects), where=whole > 0)
    credit: Amounts = share * totals[[CONVERSIONS, VALUE]]
    return credit


def _credit(paths: Paths, model: Model, passed: dict[str, Amounts], counts: Transitions | None) -> Credit:
    if counts is not None and model.kind == "markov":
        return markov(counts, int(model.parameter or 1))
    if model.kind == "shapley":
        return Credit(model, shapley(paths, str(model.parameter)))
    if model.kind == "decay":
        return Credit(model, decayed(paths, float(model.parameter or HALF_LIFE)))
    return Credit(model, passed[model.kind])


def _is_days(text: str) -> bool:
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False


def names_of(models: Iterable[Model]) -> list[str]:
    """The models as they are asked for."""
    return [model.name for model in models]
