"""Published figures and ours."""

from tests.harness.published import comparing, needs_data
from treaty.scoring.tests.oracles import QUICK, judged

test_ours_is_what_was_published = comparing(QUICK)


@needs_data
def test_trees_order_real_leads_well_and_keep_their_promises() -> None:
    """Three parts of three, so that it is quick; `make numbers` judges ten, where the bars are .875 and .010."""
    found = judged("trees", folds=3, inner=3)
    assert found.auc >= 0.875
    assert found.ece <= 0.02
