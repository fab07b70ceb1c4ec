"""Attribution gives the figures that others published, and those worked out by hand."""

import numpy as np
import pytest

from tests.harness.published import comparing, needs_data
from treaty.attribution.rules.removal import removal
from treaty.attribution.rules.transitions import counted
from treaty.attribution.tests.oracles import ORACLES, PATHDATA, pathdata
from treaty.attribution.tests.twins import Told, removal_effects

test_ours_is_what_was_published = comparing(ORACLES, lambda oracle: oracle.source.startswith(PATHDATA))


@needs_data
def test_the_twin_solves_the_real_paths_to_the_same_effects() -> None:
    paths = pathdata()
    names = [paths.names[code] for code in paths.channels]
    parts = zip(paths.starts, paths.starts[1:], paths.outcomes.tolist(), strict=False)
    twin = removal_effects([Told(tuple(names[begin:end]), *outcome) for begin, end, outcome in parts], 1)
    ours = removal(counted(paths, 1)).effects
    assert np.array([twin[name] for name in paths.names]) == pytest.approx(ours, abs=1e-12)
