"""The published cases of the default channel grouping, counted."""

import json

from tests.harness.oracles import Oracle
from tests.harness.published import DATA
from treaty.capture.rules import Origin, default_channel

FOLDER = DATA / "ga4-channels"


def right() -> float:
    """How many of the cases come out as expected."""
    cases = json.loads((FOLDER / "channel_grouping_cases.json").read_text(encoding="utf-8"))
    found = [default_channel(Origin(one["source"], one["medium"], one["campaign"])) for one in cases]
    return float(sum(ours == one["expected_channel"] for ours, one in zip(found, cases, strict=True)))


ORACLES = [
    Oracle("cases of the default channel grouping that pass", "GA4 cases (data/ga4-channels)", 30, 0, right)
]
