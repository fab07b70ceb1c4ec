"""Reading ahead gives what reading gives."""

from collections.abc import Iterator
from itertools import islice
from threading import Event, current_thread, main_thread

import pytest

from treaty.kit import ahead as reading
from treaty.kit.ahead import BLOCK, BLOCKS, ahead


def counted(number: int, log: list[int], error: Exception | None = None) -> Iterator[int]:
    """Numbers from 0, each noted when it is read; then the error, if one is given."""
    for one in range(number):
        log.append(one)
        yield one
    if error is not None:
        raise error


@pytest.mark.parametrize("number", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_all_items_come_in_order(number: int) -> None:
    assert list(ahead(counted(number, []))) == list(range(number))


@pytest.mark.parametrize("number", [0, 1, BLOCK, BLOCK + 1])
def test_what_reading_raises_is_raised_after_what_was_read(number: int) -> None:
    taking = ahead(counted(number, [], ValueError("row 7")))
    assert list(islice(taking, number)) == list(range(number))
    with pytest.raises(ValueError, match="row 7"):
        next(taking)


def test_another_thread_reads() -> None:
    threads = list(ahead(current_thread() for _ in range(3)))
    assert main_thread() not in threads


def test_no_more_is_read_ahead_than_allowed_and_nothing_once_nobody_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.001)
    log: list[int] = []
    ended = Event()

    def items() -> Iterator[int]:
        try:
            yield from counted(10 * BLOCK * BLOCKS, log)
        finally:
            ended.set()

    taking = ahead(items())
    assert next(taking) == 0
    taking.close()  # type: ignore[attr-defined]
    assert ended.wait(20)
    assert len(log) <= BLOCK * (BLOCKS + 2)
