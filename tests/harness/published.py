"""The real data of the tests, which are never part of the project: where they lie, and what runs only with them."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.harness.oracles import Oracle

DATA = Path(os.environ.get("TREATY_TEST_DATA", "/nowhere"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="TREATY_TEST_DATA names no folder of real data")


def every(oracle: Oracle) -> bool:
    """Of a noun all of whose published numbers are about real data."""
    return True


def comparing(
    oracles: Sequence[Oracle], of_data: Callable[[Oracle], bool] = every
) -> Callable[[Oracle], None]:
    """The test that ours are the published numbers; those `of_data` need the real data."""

    @pytest.mark.parametrize(
        "oracle",
        [pytest.param(one, id=one.name, marks=[needs_data] if of_data(one) else []) for one in oracles],
    )
    def test_ours_is_the_published_one(oracle: Oracle) -> None:
        assert abs(oracle.difference) <= oracle.within

    return test_ours_is_the_published_one
