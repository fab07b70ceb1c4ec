"""Attribution gives the figures that others published, and those worked out by hand."""

from tests.harness.published import comparing
from treaty.attribution.tests.oracles import ORACLES, PATHDATA

test_ours_is_what_was_published = comparing(ORACLES, lambda oracle: oracle.source.startswith(PATHDATA))
