"""Work over persons cut into parts that are the same however many threads do them."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

PARTS = 16
"""Sums of parts are added in the order of the parts, so this number, and not that of the threads, decides the last bit."""

Given = TypeVar("Given")


def in_parts(persons: int, work: Callable[[int, int], Given], *, threads: int) -> list[Given]:
    """`work(first, last)` for each part of the persons, in their order. The compiled passes let other threads run."""
    edges = [persons * part // PARTS for part in range(PARTS + 1)]
    pairs = [(first, last) for first, last in itertools.pairwise(edges) if first < last]
    if threads == 1:
        return [work(*pair) for pair in pairs]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda pair: work(*pair), pairs))
