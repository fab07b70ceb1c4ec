"""Facts reach real receivers once each, signed; what fails is tried again, and what is gone is left alone."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from treaty.capture.facts import FormSubmitted, PageSeen
from treaty.kit.tests.receivers import Receiver, receiver
from treaty.ledger import commands as ledger
from treaty.ledger.facts import INSTALLATION, about_identity
from treaty.notices.models import Notice
from treaty.people import commands as people
from treaty.people.queries import identities_of
from treaty.people.rules import PersonDraft
from treaty.staff.tests import factories as staff
from treaty.webhooks import commands, delivery, queries, rules
from treaty.webhooks.models import Attempt, Delivery, Endpoint

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


def form(name: str = "ask", about: int | None = None, **more: Any) -> None:
    subject = about_identity(about) if about else INSTALLATION
    ledger.record(FormSubmitted(name), about=subject, at=NOW, **more)


def work(at: datetime = NOW) -> None:
    """One turn of the worker."""
    commands.queue_facts(at)
    with time_machine.travel(at, tick=False):
        delivery.deliver_due(at)


def states() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("pk").values_list("state", "attempts"))


def test_a_fact_arrives_signed_with_what_happened_to_whom(
    there: Receiver, listening: tuple[int, str]
) -> None:
    draft = PersonDraft(name="Pia", emails=("pia@example.com",))
    pia = people.add_person(draft, at=NOW, by=None, source="form").person_id
    form(about=identities_of([pia])[pia][0])
    ledger.record(PageSeen("/pricing"), about=INSTALLATION, at=NOW)
    work()
    (got,) = there.got
    told = json.loads(got.body)
    assert (told["type"], told["timestamp"]) == ("FormSubmitted", "2026-11-19T09:30:00Z")
    assert told["data"]["about"] == {"kind": "person", "id": pia}
    assert told["data"]["values"]["form"] == "ask"
    assert got.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    message = got.headers["webhook-id"]
    assert message == f"msg_{told['data']['id']}"
    assert got.headers["webhook-signature"] == rules.signature(listening[1], message, NOW, got.body)
    assert states() == [("delivered", 1)]


def test_each_fact_is_sent_once_however_often_the_worker_looks(
    there: Receiver, listening: tuple[int, str]
) -> None:
    for number in range(7):
        form(str(number))
    for _ in range(3):
        work()
    assert sorted(json.loads(got.body)["data"]["values"]["form"] for got in there.got) == list("0123456")
    assert len({got.headers["webhook-id"] for got in there.got}) == 7
    assert len(there.got) == 7


def test_an_endpoint_hears_nothing_of_the_time_before_it(there: Receiver) -> None:
    form()
    commands.add_endpoint("Shop", url=there.url, kinds=["FormSubmitted"], at=NOW, by=None)
    work()
    assert there.got == []


def test_a_queue_is_filled_in_steps_and_only_so_far(
    there: Receiver, listening: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treaty.webhooks.commands.queueing.STEP", 2)
    monkeypatch.setattr("treaty.webhooks.commands.queueing.MOST_WAITING", 5)
    for number in range(9):
        form(str(number))
    commands.queue_facts(NOW)
    assert Delivery.objects.count() == 6
    for _ in range(3):
        work()
    assert sorted(json.loads(got.body)["data"]["values"]["form"] for got in there.got) == list("012345678")


def test_a_message_that_fails_comes_again_with_the_same_id_and_body_on_the_schedule(
    there: Receiver, listening: tuple[int, str]
) -> None:
    there.status = 500
    form()
    work()
    (row,) = Delivery.objects.all()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert timedelta(seconds=5) <= row.next_try_at - NOW <= timedelta(seconds=5.5)
    work(NOW + timedelta(seconds=4))
    assert len(there.got) == 1
    there.status = 204
    work(NOW + timedelta(seconds=6))
    first, second = there.got
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert second.headers["webhook-timestamp"] == str(int(NOW.timestamp()) + 6)
    assert states() == [("delivered", 2)]
    assert Endpoint.objects.get().failing_since is None


def test_after_the_tenth_attempt_a_message_has_failed(there: Receiver, listening: tuple[int, str]) -> None:
    there.status = 500
    form()
    at = NOW
    for _ in range(10):
        work(at)
        at = Delivery.objects.get().next_try_at
    assert states() == [("failed", 10)]
    work(at + timedelta(days=1))
    assert len(there.got) == 10


def test_a_busy_receiver_is_left_in_peace_as_long_as_it_asks(
    there: Receiver, listening: tuple[int, str]
) -> None:
    there.status, there.headers = 429, {"Retry-After": "600"}
    form("a")
    work()
    form("b")
    work(NOW + timedelta(minutes=9))
    assert len(there.got) == 1
    there.status = 204
    work(NOW + timedelta(minutes=11))
    assert len(there.got) == 3


def test_who_is_gone_is_paused_at_once_and_whoever_manages_keys_is_told(
    there: Receiver, listening: tuple[int, str]
) -> None:
    ada = staff.admin()
    there.status = 410
    form("a")
    work()
    form("b")
    work(NOW + timedelta(days=1))
    assert len(there.got) == 1
    assert Endpoint.objects.get().paused_why == "gone"
    assert list(Notice.objects.values_list("user", "kind")) == [(ada.pk, "endpoint_gone")]


def test_who_fails_for_five_days_is_paused_and_a_pause_loses_nothing(
    there: Receiver, listening: tuple[int, str]
) -> None:
    there.status = 500
    form("a")
    work()
    form("b")
    work(NOW + timedelta(days=5))
    assert Endpoint.objects.get().paused_why == "failing"
    form("c")
    there.status, there.got[:] = 204, []
    commands.resume(listening[0], at=NOW + timedelta(days=6), by=None)
    work(NOW + timedelta(days=7))
    assert {json.loads(got.body)["data"]["values"]["form"] for got in there.got} == {"a", "b", "c"}


def test_one_that_fails_holds_up_no_other(there: Receiver, settings: Any) -> None:
    commands.add_endpoint("Gone", url="http://127.0.0.1:9/", kinds=["FormSubmitted"], at=NOW, by=None)
    commands.add_endpoint("Shop", url=there.url, kinds=["FormSubmitted"], at=NOW, by=None)
    for number in range(25):
        form(str(number))
    work()
    assert len(there.got) == 25


def test_an_address_that_became_private_is_not_called(listening: tuple[int, str], settings: Any) -> None:
    settings.OUTGOING_HOSTS = []
    form()
    work()
    found = queries.delivery(listening[0], Delivery.objects.get().pk)
    assert found is not None
    (attempt,) = found[2]
    assert (attempt.status, attempt.error) == (None, "forbidden:insecure")


def test_for_a_day_messages_are_signed_with_the_former_secret_too(
    there: Receiver, listening: tuple[int, str]
) -> None:
    new = commands.exchange_secret(listening[0], at=NOW, by=None)
    form("a")
    work(NOW + timedelta(hours=1))
    form("b")
    work(NOW + timedelta(hours=25))
    first, second = there.got

    def signed(got: Any, secret: str) -> str:
        at = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
        return rules.signature(secret, got.headers["webhook-id"], at, got.body)

    assert first.headers["webhook-signature"] == f"{signed(first, new)} {signed(first, listening[1])}"
    assert second.headers["webhook-signature"] == signed(second, new)


def test_a_message_can_be_sent_again(there: Receiver, listening: tuple[int, str]) -> None:
    form()
    work()
    (row,) = Delivery.objects.all()
    assert commands.send_again(listening[0], row.pk, at=NOW, by=None)
    assert not commands.send_again(listening[0], row.pk, at=NOW, by=None)
    work()
    assert len({got.headers["webhook-id"] for got in there.got}) == 1
    assert len(there.got) == 2


def test_everything_since_a_time_can_be_sent_again(there: Receiver, listening: tuple[int, str]) -> None:
    for hours, name in enumerate("abc"):
        form(name, recorded_at=NOW - timedelta(hours=3 - hours))
    work()
    there.got.clear()
    commands.send_again_since(listening[0], since=NOW - timedelta(hours=2), at=NOW, by=None)
    work()
    assert sorted(json.loads(got.body)["data"]["values"]["form"] for got in there.got) == ["b", "c"]


def test_what_a_killed_worker_took_is_taken_again(there: Receiver, listening: tuple[int, str]) -> None:
    form()
    commands.queue_facts(NOW)
    assert len(commands.take_due(at=NOW)) == 1
    work()
    assert there.got == []
    work(NOW + timedelta(minutes=3))
    assert len(there.got) == 1


def test_secrets_lie_locked(listening: tuple[int, str]) -> None:
    row = Endpoint.objects.get()
    assert listening[1].startswith("whsec_")
    assert listening[1] not in row.secret


def test_the_log_is_kept_for_a_month(there: Receiver, listening: tuple[int, str]) -> None:
    form()
    work()
    commands.forget_ended(NOW + timedelta(days=29))
    assert Delivery.objects.count() == 1
    commands.forget_ended(NOW + timedelta(days=31))
    assert Delivery.objects.count() == 0


def test_what_a_receiver_answered_is_forgotten_with_whom_it_was_told_of(
    there: Receiver, listening: tuple[int, str]
) -> None:
    pia, quinn = (
        people.add_person(
            PersonDraft(name=name, emails=(f"{name}@example.com",)), at=NOW, by=None, source="form"
        )
        for name in ("pia", "quinn")
    )
    there.status, there.pieces = 200, lambda: iter([b"thank you, buyer"])
    for one in (pia, quinn):
        form(about=identities_of([one.person_id])[one.person_id][0])
    work()
    people.forget_person(pia.person_id, at=NOW, by=None)
    assert list(Attempt.objects.order_by("pk").values_list("status", "answer")) == [
        (200, ""),
        (200, "thank you, buyer"),
    ]


def test_an_endpoint_that_is_removed_while_it_is_called_holds_up_no_other(
    there: Receiver, listening: tuple[int, str]
) -> None:
    other = commands.add_endpoint("Till", url=there.url, kinds=["FormSubmitted"], at=NOW, by=None)[0]
    form()
    commands.queue_facts(NOW)
    taken = commands.take_due(at=NOW)
    commands.remove_endpoint(listening[0], at=NOW, by=None)
    for parcel in taken:
        commands.record_result(parcel, commands.Result(200, 1), at=NOW)
    assert [(row.endpoint_id, row.state) for row in Delivery.objects.all()] == [(other, "delivered")]


def test_a_secret_that_the_key_does_not_open_pauses_its_endpoint_and_holds_up_no_other(
    there: Receiver, listening: tuple[int, str]
) -> None:
    commands.add_endpoint("Till", url=there.url, kinds=["FormSubmitted"], at=NOW, by=None)
    Endpoint.objects.filter(pk=listening[0]).update(secret="gAAAAA-of-another-key")
    form()
    work()
    assert len(there.got) == 1
    assert Endpoint.objects.get(pk=listening[0]).paused_why == "secret"
    assert [(one.state, one.seen) for one in queries.findings()] == [("warn", "paused: Shop")]
    assert [values[""] for _name, _meaning, _label, values in queries.gauges()] == [1, 1]
    secret = commands.exchange_secret(listening[0], at=NOW, by=None)
    commands.resume(listening[0], at=NOW, by=None)
    work()
    assert [(one.state, one.seen) for one in queries.findings()] == [("ok", "2 hear of facts")]
    _first, second = there.got
    message = second.headers["webhook-id"]
    assert second.headers["webhook-signature"] == rules.signature(secret, message, NOW, second.body)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": "https://10.0.0.1/"}, "private"),
        ({"url": "http://example.com/"}, "insecure"),
        ({"kinds": []}, "kinds_missing"),
        ({"kinds": ["BuyerTouch"]}, "kind_unknown"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(change: dict[str, Any], code: str, db: None) -> None:
    wanted: dict[str, Any] = {"url": "https://example.com/", "kinds": ["FormSubmitted"]} | change
    with pytest.raises(commands.Refused) as refused:
        commands.add_endpoint("Shop", **wanted, at=NOW, by=None)
    assert refused.value.code == code
