"""Which rows of a file may pass into the database: by the import's mode, its match key, and its rule for doubles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from treaty.imports.rules.options import Options
from treaty.imports.rules.problems import BadField

Pair = tuple[str, str]
"""Kind and value of an identity."""


@dataclass(slots=True)
class Gate:
    """Judges rows one after another; what passed before counts as known."""

    options: Options
    ours: frozenset[int] = frozenset()
    """Persons whom this very run added before it was killed: they are as new as they were then."""
    passed: set[Pair] = field(default_factory=set)

    def judge(self, pairs: Sequence[Pair], held: Mapping[Pair, int]) -> Sequence[BadField] | None:
        """What is wrong with a row of these identities, nothing where it may pass, None where it is passed over.

        `held` are the persons that hold identities already.
        """
        keys = pairs if self.options.key == "any" else [pair for pair in pairs if pair[0] == self.options.key]
        if wrong := self._misfit(pairs, keys, held):
            return [wrong]
        if self.options.mode == "upsert" and self.options.doubles == "merge":
            return []
        is_double = any(pair in self.passed for pair in keys)
        if is_double and self.options.doubles == "hand_back":
            return [BadField(*_named(keys[0], "twice"))]
        is_known = any(pair in held and held[pair] not in self.ours for pair in keys)
        if not is_double and is_known is (self.options.mode == "create") and self.options.mode != "upsert":
            return None
        self.passed.update(keys)
        return []

    def _misfit(
        self, pairs: Sequence[Pair], keys: Sequence[Pair], held: Mapping[Pair, int]
    ) -> BadField | None:
        """A row that lacks its key, or that somebody else than the key says holds something of."""
        if self.options.key == "any":
            return None
        if not keys:
            return BadField(FIELDS[self.options.key], "no_key")
        if not held:
            return None
        meant = {held[pair] for pair in keys if pair in held}
        if len(meant) > 1:
            return BadField(*_named(keys[0], "held_by_two"))
        other = next((pair for pair in pairs if pair in held and held[pair] not in meant), None)
        return BadField(*_named(other, "held_by_other")) if other else None


FIELDS = {"external": "external_key", "email": "email", "phone": "phone"}
"""The field that holds a kind of identity."""


def _named(pair: Pair, code: str) -> tuple[str, str, str]:
    kind, value = pair
    return FIELDS[kind], code, value.partition(":")[2] if kind == "external" else value
