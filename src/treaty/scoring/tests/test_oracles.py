"""Published figures and ours."""

import pytest

from tests.harness.oracles import Oracle
from treaty.scoring.tests.oracles import FILE, QUICK, judged

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="TREATY_TEST_DATA names no folder of real data")


@pytest.mark.parametrize("oracle", QUICK, ids=lambda oracle: oracle.name)
def test_ours_is_what_was_published(oracle: Oracle) -> None:
    assert oracle.ours() == pytest.approx(oracle.published, abs=oracle.within)


def test_trees_order_real_leads_well_and_keep_their_promises() -> None:
    """Three parts of three, so that it is quick; `make numbers` judges ten, where the bars are .875 and .010."""
    found = judged("trees", folds=3, inner=3)
    assert found.auc >= 0.875
    assert found.ece <= 0.02
