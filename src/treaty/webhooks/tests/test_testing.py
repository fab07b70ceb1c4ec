"""A test message reaches an endpoint whatever its state, once, and tells in the log what came of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from treaty.kit.tests.receivers import Receiver, receiver
from treaty.webhooks import commands, delivery, queries, rules, wording
from treaty.webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    settings.OUTGOING_HOSTS = ["127.0.0.1"]
    with receiver() as kept:
        yield kept


@pytest.fixture
def listening(there: Receiver) -> tuple[int, str]:
    """An endpoint that hears of forms: its id and secret."""
    return commands.add_endpoint("Shop", url=there.url, kinds=["FormSubmitted"], at=NOW, by=None)


def work(at: datetime = NOW) -> None:
    """One turn of the worker."""
    commands.queue_facts(at)
    with time_machine.travel(at, tick=False):
        delivery.deliver_due(at)


def logged(endpoint: int) -> list[tuple[str, str, int, str]]:
    rows = queries.deliveries(endpoint)
    return [(row.kind, row.state, row.attempts, wording.outcome(row.status, row.error)) for row in rows]


def test_a_test_message_is_signed_has_the_shape_of_the_others_and_stands_in_the_log(
    there: Receiver, listening: tuple[int, str]
) -> None:
    endpoint, secret = listening
    commands.send_test(endpoint, at=NOW, by=3)
    work()
    (got,) = there.got
    data = {
        "id": None,
        "about": {"kind": "endpoint", "id": endpoint},
        "by": 3,
        "recorded_at": "2026-11-19T09:30:00Z",
        "values": {},
    }
    told = {"type": "TestSent", "timestamp": "2026-11-19T09:30:00Z", "data": data}
    assert json.loads(got.body) == told
    message = got.headers["webhook-id"]
    assert message.startswith("msg_test_")
    assert got.headers["webhook-signature"] == rules.signature(secret, message, NOW, got.body)
    assert logged(endpoint) == [("TestSent", "delivered", 1, "204")]


def test_who_presses_twice_sends_one_test_until_it_is_over(
    there: Receiver, listening: tuple[int, str]
) -> None:
    first = commands.send_test(listening[0], at=NOW, by=None)
    assert commands.send_test(listening[0], at=NOW, by=None) == first
    work()
    assert commands.send_test(listening[0], at=NOW, by=None) != first
    work()
    assert len({got.headers["webhook-id"] for got in there.got}) == len(there.got) == 2


def test_a_test_that_fails_has_one_attempt_and_the_endpoint_does_not_suffer_for_it(
    there: Receiver, listening: tuple[int, str]
) -> None:
    for status in (503, 410):
        there.status = status
        commands.send_test(listening[0], at=NOW, by=None)
        work()
    work(NOW + timedelta(days=1))
    assert len(there.got) == 2
    assert [(state, outcome) for _kind, state, _number, outcome in logged(listening[0])] == [
        ("failed", "410"),
        ("failed", "503"),
    ]
    row = Endpoint.objects.get()
    assert (row.paused_at, row.failing_since, row.wait_until) == (None, None, None)


def test_an_endpoint_that_is_paused_busy_or_failing_is_tested_before_its_own_messages(
    there: Receiver, listening: tuple[int, str]
) -> None:
    earlier = NOW - timedelta(hours=1)
    for number in range(3):
        Delivery.objects.create(
            endpoint_id=listening[0],
            message=f"msg_{number}",
            kind="FormSubmitted",
            body="{}",
            next_try_at=earlier,
            created_at=earlier,
        )
    commands.pause(listening[0], at=NOW, by=None)
    Endpoint.objects.update(failing_since=earlier, wait_until=NOW + timedelta(hours=1))
    commands.send_test(listening[0], at=NOW, by=None)
    work()
    assert [json.loads(got.body)["type"] for got in there.got] == ["TestSent"]
    row = Endpoint.objects.get()
    assert row.paused_at == NOW
    assert row.failing_since is None


def test_a_test_that_a_killed_worker_took_is_taken_again(there: Receiver, listening: tuple[int, str]) -> None:
    commands.send_test(listening[0], at=NOW, by=None)
    assert len(commands.take_due(at=NOW)) == 1
    assert commands.take_due(at=NOW) == []
    work(NOW + timedelta(minutes=3))
    assert logged(listening[0]) == [("TestSent", "delivered", 2, "204")]


def test_a_test_that_cannot_be_signed_says_so(there: Receiver, listening: tuple[int, str]) -> None:
    Endpoint.objects.update(secret="gAAAAA-of-another-key")
    commands.send_test(listening[0], at=NOW, by=None)
    work()
    assert there.got == []
    ((_kind, state, _number, outcome),) = logged(listening[0])
    assert (state, outcome) == (
        "failed",
        "Its secret cannot be read with the key of this installation. Exchange it.",
    )


def test_no_fact_is_called_as_a_test_is() -> None:
    assert rules.TEST not in queries.fact_kinds()
