"""What goes wrong is told in one form, by the right status, with the id of the request and nobody's data in the log."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from tests.api.world import Caller, House, caller, token
from treaty.handovers.tests.factories import NOW
from treaty.people.models import Person
from treaty.staff import commands as staff

MEMBERS = {"type", "title", "status", "detail", "request_id", "errors"}
"""RFC 9457, and ours: the request's id and the fields at fault."""


def problem(answer: Any) -> tuple[int, list[tuple[str, str]]]:
    """The status and the fields at fault of an answer in the form of all problems."""
    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert told.keys() == MEMBERS
    assert (told["type"], told["status"]) == ("about:blank", answer.status_code)
    assert told["request_id"] == answer["X-Request-ID"]
    assert told["detail"]
    return answer.status_code, [(one["field"], one["problem"]) for one in told["errors"]]


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (b"", {}, 422),
        (b"{", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b'{"name": NaN}', {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"name": ' + b"9" * 5_000 + b"}", {}, 400),
        (b"[]", {}, 422),
        (b'{"name": "Pia"}', {"content_type": "text/plain"}, 415),
        (b"name=Pia", {"content_type": "application/x-www-form-urlencoded"}, 415),
        (b'{"name": "' + b"P" * 3_000_000 + b'"}', {}, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    house: House, body: bytes, more: dict[str, str], status: int
) -> None:
    assert problem(caller(house.admin)("POST", "/persons", body, **more))[0] == status


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", r"\uDBFF", r"a\udfffb"])
def test_text_that_a_database_cannot_keep_is_refused_wherever_it_stands(house: House, text: str) -> None:
    call, person = caller(house.admin), f"/persons/{house.person}"
    bodies = [
        ("PATCH", person, '{"city": "%s"}', "city"),
        ("POST", "/persons", '{"name": "Pia", "tags": ["fair", "%s"]}', "tags.1"),
        ("PATCH", person, '{"%s": 1}', ""),
        (
            "POST",
            "/touchpoints",
            '{"touchpoints": [{"kind": "FormSubmitted", "values": {"form": "a", "answers": {"%s": "x"}}}]}',
            "touchpoints.0.values.answers",
        ),
    ]
    for method, path, body, field in bodies:
        status, errors = problem(call(method, path, body.replace("%s", text).encode()))
        assert (status, [name for name, _ in errors]) == (422, [field])


def test_a_query_with_a_nul_is_refused(house: House) -> None:
    assert problem(caller(house.admin)("GET", "/persons?q=a%00b"))[1] == [
        ("q", "Text holds neither NUL nor half a character.")
    ]


@pytest.mark.parametrize("one", ["0", "-1", "pia", "1.5", str(2**63), "9" * 400, "%00"])
@pytest.mark.parametrize("noun", ["persons", "companies", "deals", "handovers", "agreement/versions"])
def test_an_address_that_can_name_nothing_is_not_found(house: House, noun: str, one: str) -> None:
    assert problem(caller(house.admin)("GET", f"/{noun}/{one}")) == (404, [])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_beside_the_api_is_not_found_in_its_form(house: House, method: str) -> None:
    assert problem(caller(house.admin)(method, "/leads")) == (404, [])


@pytest.mark.parametrize(
    "due", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-20T10:00:00", 0, "soon"]
)
def test_a_date_that_no_business_has_is_refused(house: House, due: object) -> None:
    step = {"kind": "call", "due_at": due}
    status, errors = problem(caller(house.admin)("PUT", f"/deals/{house.deal}/next-step", step))
    assert (status, [field for field, _ in errors]) == (422, ["due_at"])


def test_what_is_forbidden_by_the_state_of_things_is_a_conflict(house: House) -> None:
    call = caller(house.admin)
    assert call("POST", f"/deals/{house.deal}/loss", {"reason": "Price"}).status_code == 200
    assert problem(call("POST", f"/deals/{house.deal}/win", {})) == (409, [])
    assert problem(call("POST", f"/handovers/{house.accepted}/acceptance")) == (409, [])
    status, errors = problem(call("POST", f"/deals/{house.deal}/loss", {"reason": "  "}))
    assert (status, [field for field, _ in errors]) == (422, ["reason"])


def test_a_revoked_or_past_key_opens_nothing(house: House) -> None:
    past = staff.issue_key(
        "past",
        owner=house.admin.pk,
        scopes=["people:read"],
        at=NOW - timedelta(days=2),
        by=None,
        expires_at=NOW - timedelta(seconds=1),
    )
    assert problem(Caller(past)("GET", "/persons")) == (401, [])


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (OperationalError, 503)])
def test_what_breaks_or_is_away_is_told_in_the_same_form(
    house: House, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int
) -> None:
    def breaks(*_asked: object, **_more: object) -> None:
        raise error("pia@example.com")

    call = caller(house.admin)
    call.client.raise_request_exception = False
    monkeypatch.setattr("treaty.deals.api.deals.row_of", breaks)
    answer = call("GET", f"/deals/{house.deal}")
    assert problem(answer) == (status, [])
    assert b"pia" not in answer.content


def test_a_value_of_nothing_is_a_value(house: House) -> None:
    call, free = caller(house.admin), {"minor": 0, "currency": "EUR"}
    deal = call("POST", "/deals", {"name": "Trial", "value": free}).json()
    assert deal["value"] == free | {"amount": "0.00"}
    path = f"/deals/{house.deal}"
    assert call("PATCH", path, {"value": free}).json()["value"]["minor"] == 0
    assert call("PATCH", path, {"value": {"minor": 5, "currency": "EUR"}}).json()["value"]["minor"] == 5
    assert call("POST", f"{path}/win", {"value": free}).json()["value"]["minor"] == 0


def test_the_log_has_the_id_and_the_route_and_nobody_s_data(house: House) -> None:
    key = token(house.admin)
    with capture_logs() as lines:
        answer = Caller(key)("GET", f"/persons/{house.person}?email=pia@example.com")
        Caller(key)("POST", "/persons", {"name": "Pia Nowak", "emails": ["pia.nowak@example.com"]})
        Caller(key)("POST", "/persons", b"pia.nowak@example.com")
    told = [line for line in lines if line["event"] == "answered"]
    assert [(line["route"], line["status"]) for line in told] == [
        ("api/persons/<person>", 200),
        ("api/persons", 201),
        ("api/persons", 400),
    ]
    assert len(answer["X-Request-ID"]) == 16
    assert Person.objects.filter(email="pia.nowak@example.com").exists()
    written = json.dumps(lines, default=str).lower()
    assert not [word for word in ("pia", "nowak", "example.com", key.lower(), "email") if word in written]
