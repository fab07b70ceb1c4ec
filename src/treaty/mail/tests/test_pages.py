"""The settings page of mail: who may see it, what it says, what it lets one do."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from treaty.mail import commands, queries
from treaty.mail.models import OutgoingMail
from treaty.staff.tests.factories import ann, user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def failed(client: Client) -> int:
    client.force_login(user("Root", "administrator"))
    commands.send("gone@kestrel.example", "A lead waits", "x", key="k", at=AT)
    OutgoingMail.objects.update(state="dead", error="550 no such user here")
    return queries.mails("dead")[0].id


def test_without_a_mail_server_the_page_says_that_mails_wait(client: Client, settings: Any) -> None:
    settings.MAIL_URL = urlsplit("")
    failed(client)
    assert "TREATY_MAIL_URL" in client.get("/settings/mail/").content.decode()


def test_a_failed_mail_is_shown_with_the_server_s_words_and_can_be_tried_again(client: Client) -> None:
    mail = failed(client)
    assert "550 no such user here" in client.get("/settings/mail/").content.decode()
    assert "is tried again" in client.post(f"/settings/mail/{mail}/retry", follow=True).content.decode()
    assert queries.waiting_count() == 1


def test_a_failed_mail_can_be_given_up(client: Client) -> None:
    mail = failed(client)
    client.post(f"/settings/mail/{mail}/discard")
    assert OutgoingMail.objects.count() == 0


def test_all_mails_come_as_a_spreadsheet_without_their_texts(client: Client) -> None:
    failed(client)
    assert 'href="?format=csv"' in client.get("/settings/mail/").content.decode()
    lines = client.get("/settings/mail/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "To,Subject,State,Attempts,Last answer,Written,Next try,Sent"
    assert lines[1].startswith("gone@kestrel.example,A lead waits,failed,0,550 no such user here,")
    assert len(lines) == 2


def test_a_representative_may_not(client: Client) -> None:
    mail = failed(client)
    client.force_login(ann())
    assert client.get("/settings/mail/").status_code == 403
    assert client.post(f"/settings/mail/{mail}/discard").status_code == 403
    assert OutgoingMail.objects.count() == 1
