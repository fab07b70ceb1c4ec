"""Published counts and ours."""

import numpy as np
import pytest

from tests.harness.oracles import Oracle
from treaty.funnels.rules import Question, cohorts
from treaty.funnels.tests.oracles import DATA, ORACLES, cdnow

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="TREATY_TEST_DATA names no folder of real data")


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda one: one.name)
def test_ours_is_the_published_one(oracle: Oracle) -> None:
    assert abs(oracle.difference) <= oracle.within


def test_a_table_of_revenue_holds_all_that_was_paid() -> None:
    events, value = cdnow()
    table = cohorts(events, Question(), events.arranged(value).astype(np.float64))
    assert table.revenue is not None
    # The sum of the column `value` of the file, by awk.
    assert table.revenue.sum() == pytest.approx(244_091.94, abs=0.01)
