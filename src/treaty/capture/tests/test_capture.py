"""Buyers arrive: by a form, and by what other systems report."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from treaty.capture import commands, queries
from treaty.capture.facts import FROM_OUTSIDE, FormSubmitted, PageSeen
from treaty.capture.limits import address
from treaty.capture.rules import HONEYPOT, BadTouch, checked_time, draft_of
from treaty.capture.touches import fact_of
from treaty.capture.wording import problem, told
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import lines_of_kinds, recent
from treaty.people.models import Person
from treaty.staff.commands import issue_key
from treaty.staff.tests import factories

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
PIA = {
    "name": "Pia Kowalska",
    "email": "Pia@Example.com",
    "company": "Odlewnia Śląska",
    "message": "We start in January.",
}


@pytest.fixture
def price_form(db: None) -> str:
    """The address of the form an installation begins with."""
    commands.prepare(NOW)
    return "/f/ask-for-a-price"


@pytest.fixture
def token(db: None) -> str:
    """A key that may report touches."""
    mia = factories.mia()
    return issue_key("Shop", owner=mia.pk, scopes=["touchpoints:write"], expires_at=None, at=NOW, by=mia.pk)


def report(token: str, *touches: dict[str, object]) -> dict[str, object]:
    """The answer of the API to some touches."""
    answer = Client().post(
        "/api/touchpoints",
        json.dumps({"touchpoints": touches}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()  # type: ignore[no-any-return]


def touch(**more: object) -> dict[str, object]:
    """A touch of Pia's."""
    return {"kind": "PageSeen", "person": {"email": "pia@example.com"}, "values": {"page": "/pricing"}} | more


def test_an_answer_becomes_a_person_and_a_touchpoint(price_form: str) -> None:
    answer = Client().post(price_form, {**PIA, "interest": "FM-40", "page": "https://www.example.com/fm-40"})
    assert "Thank you" in answer.content.decode()
    person = Person.objects.get()
    assert (person.name, person.email, person.channel) == ("Pia Kowalska", "pia@example.com", "website")
    [line] = lines_of_kinds(["FormSubmitted"])
    assert line.fact == FormSubmitted(
        "ask-for-a-price", "https://www.example.com/fm-40", "website", answers={"interest": "FM-40"}
    )
    assert recent([about_identity(line.about.id)], 1)[0].text == "We start in January."


def test_the_same_answer_sent_twice_is_recorded_once(price_form: str) -> None:
    for _time in range(2):
        Client().post(price_form, {**PIA, "once": "abc"})
    assert len(lines_of_kinds(["FormSubmitted"])) == 1


def test_a_known_buyer_keeps_where_they_came_from_first(price_form: str, token: str) -> None:
    report(token, touch(values={"page": "/guide", "channel": "organic_search"}))
    Client().post(price_form, PIA)
    person = Person.objects.get()
    assert (person.channel, person.landing_page, person.name) == ("organic_search", "/guide", "Pia Kowalska")


def test_a_stranger_completes_a_person_and_overwrites_nothing(price_form: str) -> None:
    Client().post(price_form, PIA)
    Client().post(
        price_form, {**PIA, "name": "Somebody Else", "company": "Elsewhere", "title": "Plant manager"}
    )
    person = Person.objects.select_related("company").get()
    assert person.company is not None
    assert (person.name, person.company.name, person.title) == (
        "Pia Kowalska",
        "Odlewnia Śląska",
        "Plant manager",
    )


def test_a_new_address_with_a_known_number_is_a_new_person(price_form: str) -> None:
    phone = "+48 32 123 45 67"
    Client().post(price_form, {**PIA, "phone": phone})
    Client().post(
        price_form, {"name": "Ben Ito", "email": "ben@example.com", "phone": phone, "message": "Hello."}
    )
    assert {person.name: person.phone for person in Person.objects.all()} == {
        "Pia Kowalska": "+48321234567",
        "Ben Ito": "",
    }
    ben = lines_of_kinds(["FormSubmitted"])[-1]
    assert recent([about_identity(ben.about.id)], 1)[0].text == "Hello.\n+48321234567"


def test_a_wrong_answer_keeps_what_was_typed_and_says_what_would_be_right(price_form: str) -> None:
    answer = Client().post(price_form, {**PIA, "email": "pia at example"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert problem("bad_email") in text
    assert 'value="Pia Kowalska"' in text
    assert not Person.objects.exists()


def test_what_is_required_is_asked_for(price_form: str) -> None:
    answer = Client().post(price_form, {"email": "pia@example.com"})
    assert answer.status_code == 422
    assert answer.content.decode().count(problem("required")) == 1


def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(price_form: str) -> None:
    assert Client().post(price_form, {**PIA, HONEYPOT: "http://spam.example"}).status_code == 200
    assert not Person.objects.exists()


def test_a_flood_of_answers_is_stopped(price_form: str) -> None:
    codes = [Client().post(price_form, {}).status_code for _n in range(31)]
    assert (codes[0], codes[29], codes[30]) == (422, 422, 429)


def test_behind_a_proxy_visitors_are_counted_apart_and_cannot_lie(rf: RequestFactory, settings: Any) -> None:
    request = rf.post("/", headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.4"})
    assert address(request) == "127.0.0.1", "without a trusted proxy nobody is believed"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address(request) == "1.2.3.4"


def test_a_form_may_be_framed_by_its_own_pages_only(price_form: str) -> None:
    draft = dataclasses.replace(commands.STARTER, origins=("https://www.example.com",))
    commands.change_form(queries.forms()[0].pk, draft, at=NOW, by=None)
    headers = Client().get(price_form).headers
    assert "frame-ancestors https://www.example.com" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


def test_a_form_switched_off_is_gone(price_form: str) -> None:
    draft = dataclasses.replace(commands.STARTER, is_active=False)
    commands.change_form(queries.forms()[0].pk, draft, at=NOW, by=None)
    assert Client().get(price_form).status_code == 404


def test_good_touches_are_kept_and_bad_ones_handed_back(token: str) -> None:
    told = report(
        token,
        touch(source_key="a"),
        touch(kind="TeaDrunk"),
        touch(person={"name": "Nobody"}),
        touch(values={"page": "/a", "colour": "red"}),
        touch(occurred_at="2051-01-01T00:00:00Z"),
        touch(source_key="a"),
    )
    bad = told["bad"]
    assert isinstance(bad, list)
    assert (told["new"], told["known"]) == (1, 1)
    assert [(each["item"], each["field"]) for each in bad] == [
        (1, "kind"),
        (2, "email"),
        (3, "values.colour"),
        (4, "occurred_at"),
    ]


def test_many_touches_of_one_unknown_buyer_make_one_person(token: str) -> None:
    report(token, *[touch(values={"page": f"/{n}"}) for n in range(5)])
    assert Person.objects.count() == 1
    assert [line.fact for line in lines_of_kinds(["PageSeen"])] == [PageSeen(f"/{n}") for n in range(5)]


@pytest.mark.parametrize(("header", "status"), [("", 401), ("Bearer treaty_wrong", 401)])
@pytest.mark.django_db
def test_without_a_key_nothing_is_recorded(header: str, status: int) -> None:
    answer = Client().post(
        "/api/touchpoints", "{}", content_type="application/json", headers={"Authorization": header}
    )
    assert answer.status_code == status


def test_a_key_without_the_scope_is_refused(db: None) -> None:
    mia = factories.mia()
    token = issue_key("Reader", owner=mia.pk, scopes=["people:read"], expires_at=None, at=NOW, by=mia.pk)
    answer = Client().post(
        "/api/touchpoints",
        json.dumps({"touchpoints": [touch()]}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("kind", "values", "field", "code"),
    [
        ("TeaDrunk", {}, "kind", "unknown_kind"),
        ("PageSeen", {"page": 7}, "values", "bad_value"),
        ("PageSeen", {}, "values", "bad_value"),
        ("PageSeen", {"page": "/", "x": 1}, "values.x", "unknown_value"),
        ("BuyerTouch", {}, "kind", "unknown_kind"),
    ],
)
def test_a_touch_says_what_is_wrong_with_it(
    kind: str, values: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(BadTouch) as caught:
        fact_of(kind, values)
    assert [(each.field, each.code) for each in caught.value.problems] == [(field, code)]


def test_every_wrong_field_of_a_person_is_named_at_once() -> None:
    with pytest.raises(BadTouch) as caught:
        draft_of({"email": "no", "phone": "no", "name": "x" * 201})
    assert {each.field for each in caught.value.problems} == {"email", "phone", "name"}


def test_a_time_is_believed_within_bounds() -> None:
    assert checked_time(NOW - timedelta(days=400), now=NOW) == NOW - timedelta(days=400)
    for wrong in (NOW + timedelta(minutes=11), NOW - timedelta(days=40 * 365), NOW.replace(tzinfo=None)):
        with pytest.raises(BadTouch):
            checked_time(wrong, now=NOW)


def test_every_kind_from_outside_has_a_line_in_the_timeline() -> None:
    for kind in FROM_OUTSIDE:
        first = dataclasses.fields(kind)[0].name
        assert "thing" in told(kind(**{first: "thing"})).casefold()


def test_settings_show_samples_to_copy(price_form: str, client: Client) -> None:
    client.force_login(factories.admin())
    page = client.get("/settings/capture/").content.decode()
    assert "curl -X POST" in page
    assert "&lt;iframe src=" in page, "of the form that takes answers"
    form = client.get(f"/settings/capture/{queries.forms()[0].pk}/").content.decode()
    assert "&lt;iframe src=" in form


def test_the_forms_come_as_a_spreadsheet_to_those_who_may_export(price_form: str, client: Client) -> None:
    client.force_login(factories.admin())
    assert 'href="?format=csv"' in client.get("/settings/capture/").content.decode()
    lines = client.get("/settings/capture/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Name,Address,Channel,State"
    assert len(lines) == 2
    assert f"{price_form},website,takes answers" in lines[1]
    role = factories.admin().role
    type(role).objects.filter(pk=role.pk).update(permissions=["manage_capture"])
    page = client.get("/settings/capture/?format=csv").content.decode()
    assert 'href="?format=csv"' not in page


def test_a_form_is_made_and_its_address_is_its_own(price_form: str, client: Client) -> None:
    client.force_login(factories.admin())
    asked = {"name": "Demo", "key": "demo", "thanks": "Thanks.", "ask_email": "required", "is_active": "on"}
    assert client.post("/settings/capture/new/", asked).status_code == 302
    again = client.post("/settings/capture/new/", asked)
    assert again.status_code == 422
    assert "Another form has this address" in again.content.decode()


def test_who_may_not_manage_capture_is_refused(price_form: str, client: Client) -> None:
    client.force_login(factories.ann())
    assert client.get("/settings/capture/").status_code == 403
