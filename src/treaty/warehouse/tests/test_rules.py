"""How many files a month has, how often a row is written again, and when what changed becomes a new base."""

import math
from random import Random

import pytest

from treaty.warehouse.rules import is_due, joined


@pytest.mark.parametrize(
    ("sizes", "new", "together"),
    [((), 5, 0), ((10,), 5, 1), ((11,), 5, 0), ((100, 20, 10), 5, 2), ((30, 20, 10), 5, 3), ((4,), 400, 1)],
)
def test_small_files_go_together_with_what_is_new(sizes: tuple[int, ...], new: int, together: int) -> None:
    assert joined(sizes, new) == together


@pytest.mark.parametrize("most", [1, 50])
def test_a_month_has_few_files_and_each_row_is_written_few_times(most: int) -> None:
    chance, sizes, total, written = Random(most), list[int](), 0, 0
    for _ in range(2_000):
        new = chance.randint(1, most)
        count = joined(sizes, new)
        file = sum(sizes[len(sizes) - count :]) + new
        sizes[len(sizes) - count :] = [file]
        total, written = total + new, written + file
    assert sum(sizes) == total
    assert sizes == sorted(sizes, reverse=True)
    # Each file is twice as large as all behind it, so their number is a logarithm; so is how often a row moves on.
    assert len(sizes) <= math.log2(total) + 1
    assert written <= 2 * total * math.log2(total)


def test_a_base_is_written_anew_once_a_part_of_it_has_changed() -> None:
    assert not is_due(1_000_000, 62_500)
    assert is_due(1_000_000, 62_501)
    assert not is_due(10, 4_096)
