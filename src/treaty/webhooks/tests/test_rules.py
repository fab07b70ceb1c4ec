"""Signatures and the schedule as the Standard Webhooks specification 1.0.0 has them."""

import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest

from treaty.webhooks import rules

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def test_a_signature_is_that_of_the_specification_s_own_libraries() -> None:
    """The example in the README of the reference libraries (standard-webhooks/standard-webhooks)."""
    at = datetime.fromtimestamp(1614265330, UTC)
    assert (
        rules.signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_each_secret_signs_for_itself() -> None:
    one, other = rules.secret_text(b"1" * 32), rules.secret_text(b"2" * 32)
    both = rules.signatures((one, other), "msg_7", AT, b"{}").split(" ")
    assert both == [rules.signature(each, "msg_7", AT, b"{}") for each in (one, other)]
    content = f"msg_7.{int(AT.timestamp())}.{{}}".encode()
    assert both[0] == "v1," + b64encode(hmac.digest(b64decode(one[6:]), content, "sha256")).decode()


def test_the_schedule_is_the_specification_s_example() -> None:
    at, elapsed = AT, []
    for attempt in range(1, 10):
        later = rules.next_attempt(attempt, at, shift=0)
        assert later is not None
        at = later
        elapsed.append(str(at - AT))
    assert elapsed == [
        "0:00:05",
        "0:05:05",
        "0:35:05",
        "2:35:05",
        "7:35:05",
        "17:35:05",
        "1 day, 7:35:05",
        "2 days, 3:35:05",
        "3 days, 3:35:05",
    ]
    assert rules.next_attempt(10, at, shift=0) is None


def test_a_delay_grows_a_little_so_that_not_all_come_back_at_once() -> None:
    first, last = (rules.next_attempt(4, AT, shift=shift) for shift in (0.0, 1.0))
    assert first is not None
    assert last is not None
    assert last - first == timedelta(hours=2) / 10


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("", None),
        ("soon", None),
        ("-5", None),
        ("90", timedelta(seconds=90)),
        ("999999999999", timedelta(hours=24)),
        ("Thu, 19 Nov 2026 09:45:00 GMT", timedelta(minutes=15)),
        ("Thu, 19 Nov 2026 09:00:00 GMT", timedelta(0)),
    ],
)
def test_what_a_receiver_asks_for_is_granted_within_a_day(header: str, wait: timedelta | None) -> None:
    assert rules.asked_wait(header, AT) == wait


def test_the_next_attempt_waits_at_least_as_long_as_was_asked() -> None:
    assert rules.next_attempt(1, AT, shift=0, wait=timedelta(hours=1)) == AT + timedelta(hours=1)
    assert rules.next_attempt(4, AT, shift=0, wait=timedelta(hours=1)) == AT + timedelta(hours=2)


@pytest.mark.parametrize(
    ("status", "is_taken"), [(200, True), (299, True), (302, False), (404, False), (None, False)]
)
def test_only_a_status_of_the_two_hundreds_is_a_success(status: int | None, is_taken: bool) -> None:
    assert rules.is_success(status) is is_taken


def test_an_endpoint_is_paused_when_it_says_so_or_after_five_days() -> None:
    assert rules.pause_reason(410, AT, AT) == "gone"
    assert rules.pause_reason(500, AT, AT + timedelta(days=4, hours=23)) == ""
    assert rules.pause_reason(None, AT, AT + timedelta(days=5)) == "failing"
