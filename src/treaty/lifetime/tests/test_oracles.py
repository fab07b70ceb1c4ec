"""Published figures and ours."""

import pytest

from tests.harness.oracles import Oracle
from treaty.lifetime.tests.cdnow import DATA
from treaty.lifetime.tests.oracles import ORACLES


@pytest.mark.skipif(not DATA.is_dir(), reason="TREATY_TEST_DATA names no folder of real data")
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_ours_is_what_was_published(oracle: Oracle) -> None:
    assert abs(oracle.difference) <= oracle.within
