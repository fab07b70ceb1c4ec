"""Who reads the ledger on from a line misses nothing, though lines may appear after others with higher ids."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from treaty.capture.facts import PageSeen
from treaty.kit import sql
from treaty.ledger import queries
from treaty.ledger.commands import record
from treaty.ledger.facts import INSTALLATION

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def write(page: str) -> int:
    line = record(PageSeen(page), about=INSTALLATION, at=AT)
    assert line is not None
    return line.id


@contextmanager
def somebody_writing() -> Iterator[Event]:
    """Another connection that has written a line and not ended; it ends when the event is set, or the block."""
    written, may_end = Event(), Event()

    def work() -> None:
        with transaction.atomic():
            write("/slow")
            written.set()
            may_end.wait(10)
        connection.close()

    thread = Thread(target=work)
    thread.start()
    assert written.wait(10)
    try:
        yield may_end
    finally:
        may_end.set()
        thread.join()


@pytest.mark.django_db
def test_with_nobody_writing_the_newest_line_is_settled() -> None:
    assert queries.settled_line() == 0
    newest = write("/a")
    assert queries.settled_line() == newest


@pytest.mark.django_db(transaction=True)
def test_a_line_is_settled_only_when_no_earlier_one_can_appear(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: nobody can write a later line meanwhile")
    monkeypatch.setattr(sql, "PATIENCE", 2)
    with somebody_writing() as may_end:
        later = write("/fast")
        assert queries.newest_line() == later
        assert queries.settled_line() is None
        may_end.set()
        monkeypatch.setattr(sql, "PATIENCE", 100)
        assert queries.settled_line() == later
    assert [line.id for line in queries.lines_of_kinds(["PageSeen"])] == [later - 1, later]


@pytest.mark.django_db(transaction=True)
def test_who_begins_to_write_later_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    first = write("/a")
    asked = iter([{"somebody"}, {"another"}])
    monkeypatch.setattr(sql, "_writers", lambda _table: next(asked))
    assert queries.settled_line() == first


@pytest.mark.django_db
def test_the_last_line_before_a_time_is_found() -> None:
    assert queries.last_line_before(AT) == 0
    early = record(PageSeen("/a"), about=INSTALLATION, at=AT, recorded_at=AT)
    record(PageSeen("/b"), about=INSTALLATION, at=AT, recorded_at=datetime(2026, 11, 19, 10, 0, tzinfo=UTC))
    assert early is not None
    assert queries.last_line_before(datetime(2026, 11, 19, 9, 45, tzinfo=UTC)) == early.id
