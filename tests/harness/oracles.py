"""A number that somebody else published, and ours beside it: the tests hold them together, `make numbers` prints them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Oracle:
    """One published number. A noun lists its own in `tests/oracles.py` as ORACLES."""

    name: str
    """What is counted, in one line."""
    source: str
    """Who published it: paper and page, data set, or the hand calculation."""
    published: float
    within: float
    """The largest difference that counts as the same: half a digit of what was printed, or the source's own error."""
    ours: Callable[[], float]

    @property
    def difference(self) -> float:
        """Ours less the published one."""
        return self.ours() - self.published
