"""Mail over a real SMTP server: it leaves once, waits while the server is away, and dies with the server's own words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.mail import send_mail
from django.db import transaction

from treaty.mail import commands, delivery, queries
from treaty.mail.models import OutgoingMail
from treaty.mail.tests.servers import nobody, post_office

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def written(number: int = 1, recipient: str = "ann@kestrel.example", **more: Any) -> None:
    commands.send(recipient, "A lead waits", "Pia Rossi waits.", key=f"mail:{number}", at=AT, **more)


def states() -> list[str]:
    return list(OutgoingMail.objects.order_by("id").values_list("state", flat=True))


def test_a_mail_arrives_once_with_date_id_and_both_texts_and_its_text_is_dropped(settings: Any) -> None:
    with post_office() as (post, settings.MAIL_URL):
        written(html="<p>Pia Rossi waits.</p>")
        delivery.deliver_waiting(AT)
        delivery.deliver_waiting(AT)
    (mail,) = post.taken
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "ann@kestrel.example",
        "Treaty <treaty@localhost>",
        "A lead waits",
    )
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"].endswith("@localhost>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    row = OutgoingMail.objects.get()
    assert (row.state, row.body, row.html, row.sent_at) == ("sent", "", "", AT)


def test_many_mails_go_over_one_connection(settings: Any) -> None:
    with post_office() as (post, settings.MAIL_URL):
        for number in range(45):
            written(number)
        delivery.deliver_waiting(AT)
    assert (len(post.taken), post.calls) == (45, 1)


def test_sending_the_same_key_twice_sends_one_mail() -> None:
    assert commands.send("ann@kestrel.example", "A", "a", key="k", at=AT)
    assert not commands.send("ann@kestrel.example", "A", "a", key="k", at=AT)
    assert states() == ["waiting"]


def test_a_mail_of_a_transaction_that_is_taken_back_never_was() -> None:
    with transaction.atomic():
        written()
        transaction.set_rollback(True)
    assert states() == []


def test_without_a_mail_server_mails_wait_untouched(settings: Any) -> None:
    settings.MAIL_URL = urlsplit("")
    written()
    delivery.deliver_waiting(AT)
    assert (states(), OutgoingMail.objects.get().attempts) == (["waiting"], 0)
    assert not queries.is_configured()


def test_while_the_server_is_away_no_attempt_counts_and_the_mail_leaves_when_it_is_back(
    settings: Any,
) -> None:
    settings.MAIL_URL = nobody()
    written()
    delivery.deliver_waiting(AT)
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert "ConnectionRefusedError" in row.error
    with post_office(settings.MAIL_URL.port) as (post, _url):
        delivery.deliver_waiting(AT + timedelta(seconds=29))
        assert not post.taken
        delivery.deliver_waiting(AT + timedelta(seconds=31))
        assert len(post.taken) == 1
    assert states() == ["sent"]


def test_after_three_days_without_a_server_a_mail_is_dead(settings: Any) -> None:
    settings.MAIL_URL = nobody()
    written()
    delivery.deliver_waiting(AT + timedelta(days=3, seconds=1))
    assert states() == ["dead"]


def test_an_unknown_recipient_is_dead_at_once_with_the_server_s_words_and_the_others_get_theirs(
    settings: Any,
) -> None:
    with post_office(refusals={"gone@kestrel.example": "550 no such user here"}) as (post, settings.MAIL_URL):
        written(1, "gone@kestrel.example")
        written(2)
        delivery.deliver_waiting(AT)
    assert states() == ["dead", "sent"]
    (dead,) = queries.mails("dead")
    assert (dead.recipient, dead.error) == ("gone@kestrel.example", "550 no such user here")
    assert len(post.taken) == 1


def test_a_busy_server_is_asked_again_later_and_given_up_after_eight_times(settings: Any) -> None:
    with post_office(refusals={"ann@kestrel.example": "451 try later"}) as (_post, settings.MAIL_URL):
        written()
        with time_machine.travel(AT, tick=False) as clock:
            delivery.deliver_waiting(AT)
            row = OutgoingMail.objects.get()
            assert (row.state, row.next_try_at, row.error) == (
                "waiting",
                AT + timedelta(minutes=1),
                "451 try later",
            )
            for _ in range(7):
                clock.move_to(OutgoingMail.objects.get().next_try_at)
                delivery.deliver_waiting(datetime.now(UTC))
    assert states() == ["dead"]


def test_a_mail_that_a_killed_worker_had_taken_is_taken_again_after_its_lease() -> None:
    written()
    assert len(commands.take_due(10, at=AT)) == 1
    assert commands.take_due(10, at=AT + timedelta(minutes=9)) == []
    assert len(commands.take_due(10, at=AT + timedelta(minutes=11))) == 1


def test_a_subject_can_not_smuggle_a_header_in(settings: Any) -> None:
    with post_office() as (post, settings.MAIL_URL):
        commands.send("ann@kestrel.example", "Hi\r\nBcc: all@kestrel.example", "x", key="k", at=AT)
        delivery.deliver_waiting(AT)
    assert post.taken[0]["Subject"] == "Hi Bcc: all@kestrel.example"
    assert post.taken[0]["Bcc"] is None


@pytest.mark.parametrize("address", ["", "ann", "ann@kestrel.example\nBcc: x@y.example", "a@b@c.example"])
def test_what_is_no_address_is_refused_when_it_is_sent(address: str) -> None:
    with pytest.raises(commands.BadAddress):
        commands.send(address, "A", "a", key="k", at=AT)


def test_a_password_is_never_sent_in_clear_over_a_network(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with post_office() as (_post, url):
        settings.MAIL_URL = urlsplit(f"smtp://user:secret@127.0.0.1:{url.port}")
        monkeypatch.setattr(delivery, "is_here", lambda _host: False)
        written()
        delivery.deliver_waiting(AT)
    assert "password was not sent" in OutgoingMail.objects.get().error


def test_mails_of_libraries_leave_by_the_same_post(settings: Any) -> None:
    settings.EMAIL_BACKEND = "treaty.mail.backend.Outgoing"
    with post_office() as (post, settings.MAIL_URL):
        send_mail("Reset", "Follow the link.", None, ["ann@kestrel.example"], html_message="<p>Follow.</p>")
        delivery.deliver_waiting(AT)
    assert (post.taken[0]["To"], post.taken[0]["Subject"]) == ("ann@kestrel.example", "Reset")


def test_a_dead_mail_is_tried_again_or_given_up() -> None:
    for number in (1, 2):
        written(number)
    OutgoingMail.objects.update(state="dead", attempts=8)
    first, second = (mail.id for mail in reversed(queries.mails("dead")))
    assert commands.retry_mail(first, at=AT, by=None)
    assert commands.discard_mail(second, at=AT, by=None)
    assert states() == ["waiting"]
