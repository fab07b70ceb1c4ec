"""Origins of visits as links tell them, seeded and sized: few sites bring most, and campaigns carry their own names."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.capture.rules import Origin
from treaty.capture.rules.sites import SITES

TAGS = (
    ("", "", 0.20), ("google", "organic", 0.20), ("google", "cpc", 0.15), ("facebook", "paid_social", 0.08),
    ("newsletter", "email", 0.10), ("partner.example", "referral", 0.07), ("bing", "organic", 0.05), ("", "display", 0.03),
)  # fmt: skip
"""Source, medium and share of what is met often; the rest comes from all sites that the default grouping knows."""
CAMPAIGNS = 400


@dataclass(frozen=True)
class Visits:
    """Codes (rows,) of sources, mediums and campaigns, each with its names."""

    sources: tuple[str, ...]
    mediums: tuple[str, ...]
    campaigns: tuple[str, ...]
    codes: NDArray[np.int64]
    """(rows, 3)."""

    def origins(self) -> list[Origin]:
        """Each different origin once."""
        kinds = np.unique(self.codes, axis=0).tolist()
        return [
            Origin(self.sources[one], self.mediums[two], self.campaigns[three]) for one, two, three in kinds
        ]


def visits(rows: int, *, seed: int = 4) -> Visits:
    """So many visits."""
    chance = np.random.default_rng(seed)
    often = [source for source, _, _ in TAGS]
    sources = (*dict.fromkeys([*often, *sorted(SITES)]),)
    mediums = ("", "organic", "cpc", "paid_social", "email", "referral", "display", "affiliate", "video")
    shares = np.array([share for _, _, share in TAGS])
    tag = np.searchsorted(np.cumsum(shares), chance.random(rows))
    rare = tag == len(TAGS)
    pairs = np.array(
        [(sources.index(source), mediums.index(medium)) for source, medium, _ in TAGS] + [(0, 0)]
    )
    codes = np.column_stack([pairs[tag], campaigns(chance, rows)])
    codes[rare, 0] = chance.integers(0, len(sources), rare.sum())
    codes[rare, 1] = chance.integers(0, len(mediums), rare.sum())
    return Visits(sources, mediums, ("", *(f"campaign {number:03}" for number in range(1, CAMPAIGNS))), codes)


def campaigns(chance: np.random.Generator, rows: int) -> NDArray[np.int64]:
    """None for half of the visits, else one of many, the first the most frequent."""
    weights = np.cumsum(1 / np.arange(1, CAMPAIGNS))
    place = 1 + np.searchsorted(weights, chance.random(rows) * weights[-1])
    return np.where(chance.random(rows) < 0.5, 0, place).astype(np.int64)
