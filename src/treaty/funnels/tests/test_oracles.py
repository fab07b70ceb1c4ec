"""Published counts and ours."""

import numpy as np
import pytest

from tests.harness.published import comparing, needs_data
from treaty.funnels.rules import Question, cohorts
from treaty.funnels.tests.oracles import ORACLES, cdnow

test_ours_is_what_was_published = comparing(ORACLES)


@needs_data
def test_a_table_of_revenue_holds_all_that_was_paid() -> None:
    events, value = cdnow()
    table = cohorts(events, Question(), events.arranged(value).astype(np.float64))
    assert table.revenue is not None
    # The sum of the column `value` of the file, by awk.
    assert table.revenue.sum() == pytest.approx(244_091.94, abs=0.01)
