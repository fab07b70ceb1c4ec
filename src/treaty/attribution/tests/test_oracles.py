"""Attribution gives the figures that others published, and those worked out by hand."""

import os

import pytest

from tests.harness.oracles import Oracle
from treaty.attribution.tests.oracles import HAND, ORACLES


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_what_was_published_is_what_we_compute(oracle: Oracle) -> None:
    if oracle.source != HAND and not os.environ.get("TREATY_TEST_DATA"):
        pytest.skip("TREATY_TEST_DATA names no folder of published data")
    assert abs(oracle.difference) <= oracle.within
