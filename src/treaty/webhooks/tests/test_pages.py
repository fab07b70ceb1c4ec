"""The pages of webhooks: who may, what they show, and that a secret is shown once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from treaty.capture.facts import FormSubmitted
from treaty.ledger import commands as ledger
from treaty.ledger.facts import INSTALLATION
from treaty.staff import commands as staff
from treaty.staff.models import AuditRow
from treaty.staff.rules import MANAGE_KEYS
from treaty.staff.tests.factories import admin, ann, user
from treaty.webhooks import commands, wording
from treaty.webhooks.models import Delivery, Endpoint
from treaty.webhooks.queries import fact_kinds

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
QueryCount = Callable[[str], AbstractContextManager[None]]
WANTED: dict[str, Any] = {
    "name": "Shop",
    "url": "https://shop.example/hooks",
    "kinds": ["FormSubmitted", "DealWon"],
}


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(admin())
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def sent(count: int = 1) -> tuple[int, list[int]]:
    """An endpoint and its messages."""
    endpoint, _secret = commands.add_endpoint(**WANTED, at=AT, by=None)
    for _ in range(count):
        ledger.record(FormSubmitted("ask"), about=INSTALLATION, at=AT)
    commands.queue_facts(AT)
    parcels = commands.take_due(at=AT)
    for parcel in parcels:
        commands.record_result(parcel, commands.Result(200, 12, "taken"), at=AT)
    return endpoint, [parcel.id for parcel in parcels]


def test_adding_an_endpoint_shows_its_secret_this_once(ada: Client) -> None:
    answer = text(ada.post("/settings/webhooks/", WANTED))
    assert "whsec_" in answer
    assert "whsec_" not in text(ada.get("/settings/webhooks/"))
    assert Endpoint.objects.get().kinds == ["DealWon", "FormSubmitted"]


def test_every_kind_of_fact_is_offered_in_words_once_with_its_name_beside(ada: Client) -> None:
    offered = [kind for kinds in wording.FACTS.values() for kind in kinds]
    assert sorted(offered) == fact_kinds(), "a new kind of fact needs words in webhooks/wording.py"
    assert 'A deal was won<span class="hint"><code>DealWon</code>' in text(ada.get("/settings/webhooks/"))
    assert wording.fact("FactOfYesterday") == "FactOfYesterday"


def test_an_address_that_cannot_be_called_is_refused_beside_its_field(ada: Client) -> None:
    answer = text(ada.post("/settings/webhooks/", WANTED | {"url": "https://169.254.169.254/"}))
    assert "inside a network of its own" in answer
    assert not Endpoint.objects.exists()


def test_the_log_shows_each_message_with_answer_and_duration(ada: Client) -> None:
    endpoint, (delivery,) = sent()
    page = text(ada.get(f"/settings/webhooks/{endpoint}/"))
    assert ">A person sent a form</a>" in page
    assert "<code>FormSubmitted</code>" in page
    assert "delivered" in page
    assert f"/settings/webhooks/{endpoint}/{delivery}/" in page
    one = text(ada.get(f"/settings/webhooks/{endpoint}/{delivery}/"))
    assert "&quot;type&quot;: &quot;FormSubmitted&quot;" in one
    assert "taken" in one


def test_the_log_is_read_on_page_by_page_and_by_state(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treaty.webhooks.queries.SHOWN", 2)
    monkeypatch.setattr("treaty.webhooks.views.SHOWN", 2)
    endpoint, found = sent(3)
    assert f"?state=&amp;before={found[1]}" in text(ada.get(f"/settings/webhooks/{endpoint}/"))
    older = text(ada.get(f"/settings/webhooks/{endpoint}/?before={found[1]}"))
    assert f"/webhooks/{endpoint}/{found[0]}/" in older
    assert f"/webhooks/{endpoint}/{found[1]}/" not in older
    assert "Nothing was sent" in text(ada.get(f"/settings/webhooks/{endpoint}/?state=failed"))


def test_an_endpoint_is_changed_paused_resumed_and_removed(ada: Client) -> None:
    endpoint, (delivery,) = sent()
    there = f"/settings/webhooks/{endpoint}/"
    ada.post(there, WANTED | {"name": "Warehouse"})
    ada.post(f"{there}pause")
    row = Endpoint.objects.get()
    assert (row.name, row.paused_why) == ("Warehouse", "hand")
    assert "Paused by hand" in text(ada.get(there))
    ada.post(f"{there}resumption")
    assert Endpoint.objects.get().paused_at is None
    assert "whsec_" in text(ada.post(f"{there}secret"))
    assert "sent once more" in text(ada.post(f"{there}{delivery}/again", follow=True))
    assert Delivery.objects.get().state == "waiting"
    ada.post(f"{there}repetition", {"since": "2026-11-01"})
    ada.post(f"{there}removal")
    assert not Endpoint.objects.exists()
    assert list(
        AuditRow.objects.filter(about_kind="endpoint").order_by("pk").values_list("verb", flat=True)
    ) == [
        "add_endpoint",
        "change_endpoint",
        "pause_endpoint",
        "resume_endpoint",
        "exchange_secret",
        "send_again_since",
        "remove_endpoint",
    ]
    assert "Removed an endpoint" in text(ada.get("/settings/audit/"))


def test_a_test_message_is_sent_from_the_page_and_shown_in_its_log(ada: Client) -> None:
    endpoint, _found = sent(0)
    there = f"/settings/webhooks/{endpoint}/"
    assert "Send a test message" in text(ada.get(there))
    assert "A test message is on its way" in text(ada.post(f"{there}test", follow=True))
    (parcel,) = commands.take_due(at=AT)
    commands.record_result(parcel, commands.Result(404, 12, "no such hook"), at=AT)
    page = text(ada.get(there))
    assert ">Test message</a>" in page
    assert "<bdi>404</bdi>" in page
    assert "no such hook" in text(ada.get(f"{there}{parcel.id}/"))


def test_an_endpoint_that_is_not_there_is_not_found(ada: Client) -> None:
    assert [ada.get(f"/settings/webhooks/77/{path}").status_code for path in ("", "1/")] == [404, 404]
    acts = ("", "pause", "resumption", "secret", "removal", "test", "repetition", "1/again")
    assert {ada.post(f"/settings/webhooks/77/{path}").status_code for path in acts} == {404}


def test_who_does_not_manage_keys_may_not(client: Client) -> None:
    endpoint, _found = sent()
    client.force_login(ann())
    for path in ("", f"{endpoint}/"):
        assert client.get(f"/settings/webhooks/{path}").status_code == 403
    assert client.post(f"/settings/webhooks/{endpoint}/removal").status_code == 403
    assert Endpoint.objects.exists()


def test_who_manages_keys_but_sees_only_own_records_may_not(client: Client) -> None:
    role = staff.add_role("Keeper of keys", permissions=[MANAGE_KEYS], visibility="own", at=AT, by=None)
    kim = user("Kim", "onlooker")
    type(kim).objects.filter(pk=kim.pk).update(role=role)
    client.force_login(kim)
    assert client.get("/settings/webhooks/").status_code == 403


def test_the_pages_ask_a_fixed_number_of_questions(ada: Client, query_count: QueryCount) -> None:
    endpoint, found = sent(4)
    ada.get("/settings/webhooks/")
    with query_count("webhooks"):
        ada.get("/settings/webhooks/")
    with query_count("endpoint"):
        ada.get(f"/settings/webhooks/{endpoint}/")
    with query_count("delivery"):
        ada.get(f"/settings/webhooks/{endpoint}/{found[0]}/")


def test_endpoints_and_their_log_come_as_spreadsheets_without_a_secret(ada: Client) -> None:
    answer = text(ada.post("/settings/webhooks/", WANTED))
    secret = answer[answer.index("whsec_") :].split("<")[0].strip()
    file = ada.get("/settings/webhooks/?format=csv").getvalue().decode("utf-8-sig")
    assert file.splitlines()[1].startswith(
        'Shop,https://shop.example/hooks,"A deal was won, A person sent a form",'
    )
    assert secret not in file
    endpoint = Endpoint.objects.get().pk
    for _ in range(53):
        ledger.record(FormSubmitted("ask"), about=INSTALLATION, at=AT)
    commands.queue_facts(AT)
    lines = ada.get(f"/settings/webhooks/{endpoint}/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Fact,Message,State,Answer,Attempts,Milliseconds,Queued"
    assert len(lines) == 54
    assert len(set(lines)) == 54
