"""Who writes while the lake follows, and ends late: nothing is passed over, and nothing taken in twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from treaty.capture.facts import PageSeen
from treaty.kit import sql
from treaty.ledger.commands import Entry, identify_many, record_many
from treaty.ledger.facts import about_identity
from treaty.people.commands import add_persons
from treaty.people.rules import PersonDraft
from treaty.warehouse import commands
from treaty.warehouse.tests.lakes import assert_all_is_held, rows

pytestmark = pytest.mark.django_db(transaction=True)

ONE_WRITER = "one writer at a time, and in the tests' memory none beside a reader; tests/faults has a database on the disk"

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
WRITERS, ROUNDS, MOST = 4, 12, 2_000
TURNS = 3
"""Turns taken while they write, however slow the machine is: they write on until then."""


def in_thread(work: Callable[[], None]) -> Thread:
    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=done)
    thread.start()
    return thread


def write(number: int, enough: Event) -> None:
    """Facts and persons in transactions that stay open for a while after their last line was written."""
    never = Event()
    chance = Random(number)
    addresses = [("email", f"p{one}@example.com") for one in range(20)]
    identities = list(identify_many(addresses, at=AT).values())
    for place in range(MOST):
        if place >= ROUNDS and enough.is_set():
            return
        with transaction.atomic():
            record_many(
                [
                    Entry(
                        PageSeen(f"/{number}/{place}"),
                        about_identity(chance.choice(identities)),
                        AT - timedelta(days=chance.randrange(90)),
                    )
                    for _ in range(chance.randrange(1, 4))
                ],
                quiet=True,
            )
            if chance.random() < 0.3:
                drafts = [PersonDraft(name=f"P {number} {place}", emails=(chance.choice(addresses)[1],))]
                add_persons(drafts, at=AT, by=None, source="import")
            never.wait(chance.random() / 20)


@pytest.mark.real_time
def test_writers_that_end_late_are_neither_passed_over_nor_taken_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(ONE_WRITER)
    monkeypatch.setattr(sql, "PAUSE", 0.005)
    enough = Event()
    writers = [in_thread(lambda number=number: write(number, enough)) for number in range(WRITERS)]  # type: ignore[misc]
    turns = 0
    try:
        while any(writer.is_alive() for writer in writers):
            if commands.follow(datetime.now(UTC)) is not None:
                turns += 1
                if turns >= TURNS:
                    enough.set()
                [(lines, different)] = rows("SELECT count(*), count(DISTINCT line) FROM touchpoints")
                assert lines == different
    finally:
        enough.set()
        for writer in writers:
            writer.join()
    assert turns >= TURNS
    assert commands.follow_all(datetime.now(UTC)) is not None
    assert_all_is_held()


def test_a_line_that_appears_behind_one_with_a_higher_id_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(ONE_WRITER)
    monkeypatch.setattr(sql, "PATIENCE", 2)
    identity = identify_many([("email", "pia@example.com")], at=AT)["email", "pia@example.com"]
    assert commands.follow(AT) is not None
    written, may_end = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            record_many([Entry(PageSeen("/slow"), about_identity(identity), AT)])
            written.set()
            may_end.wait(10)

    thread = in_thread(slow)
    assert written.wait(10)
    record_many([Entry(PageSeen("/fast"), about_identity(identity), AT)])
    assert commands.follow(AT) is None
    assert rows("SELECT line FROM touchpoints") == []
    may_end.set()
    thread.join()
    assert commands.follow(AT) is not None
    assert rows("SELECT payload ->> '$.page' FROM touchpoints ORDER BY line") == [("/slow",), ("/fast",)]
