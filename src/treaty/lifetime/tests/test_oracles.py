"""Published figures and ours."""

from tests.harness.published import comparing
from treaty.lifetime.tests.oracles import ORACLES

test_ours_is_what_was_published = comparing(ORACLES)
