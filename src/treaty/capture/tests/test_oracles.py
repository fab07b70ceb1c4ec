"""The published cases of the default grouping and ours, as `make numbers` prints them."""

import pytest

from tests.harness.oracles import Oracle
from treaty.capture.tests.oracles import DATA, ORACLES


@pytest.mark.skipif(not DATA.is_dir(), reason="TREATY_TEST_DATA names no folder of real data")
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda one: one.name)
def test_ours_is_the_published_one(oracle: Oracle) -> None:
    assert abs(oracle.difference) <= oracle.within
