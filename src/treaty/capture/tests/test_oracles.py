"""The published cases of the default grouping and ours, as `make numbers` prints them."""

from tests.harness.published import comparing
from treaty.capture.tests.oracles import ORACLES

test_ours_is_the_published_one = comparing(ORACLES)
