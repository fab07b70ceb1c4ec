"""Published figures and ours."""

import os

import pytest

from tests.harness.oracles import Oracle
from treaty.forecasts.tests.oracles import ORACLES


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_ours_is_what_was_published(oracle: Oracle) -> None:
    if oracle.name.startswith(("mix", "maven")) and not os.environ.get("TREATY_TEST_DATA"):
        pytest.skip("TREATY_TEST_DATA is not set: the real data are not here")
    assert oracle.ours() == pytest.approx(oracle.published, abs=oracle.within)
