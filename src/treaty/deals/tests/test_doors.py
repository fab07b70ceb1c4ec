"""Deals over the API and the command line."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from treaty.deals import cli, commands
from treaty.deals.tests.factories import deal, euros, facts_of, pia
from treaty.staff import commands as staff
from treaty.staff.models import User
from treaty.staff.tests.factories import ann, cy

pytestmark = pytest.mark.django_db

Call = Callable[..., tuple[int, Any]]


def caller(who: User, now: datetime, *scopes: str) -> Call:
    """Calls the API with a key of that user."""
    token = staff.issue_key(
        "test", owner=who.pk, scopes=scopes or ("deals:read", "deals:write"), at=now, by=None
    )
    client = Client(headers={"Authorization": f"Bearer {token}"})

    def call(method: str, path: str, **body: object) -> tuple[int, Any]:
        answer = client.generic(method, f"/api{path}", json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    return call


def test_a_deal_lives_its_life_over_the_api(now: datetime) -> None:
    commands.prepare(at=now)
    call, person = caller(ann(), now), pia(ann())
    told = {
        "name": "Flow meters",
        "person_id": person,
        "value": {"minor": 50_000, "currency": "EUR"},
        "source_key": "x",
    }
    status, made = call("POST", "/deals", **told)
    assert (status, made["stage"], made["owner_id"], made["value"]["amount"]) == (
        201,
        "new",
        ann().pk,
        "500.00",
    )
    one = made["id"]
    assert call("POST", "/deals", **told) == (200, made)
    assert call("PATCH", f"/deals/{one}", close_on="2026-12-24", value=None)[1]["value"] is None
    step = call("PUT", f"/deals/{one}/next-step", kind="call", due_at="2026-11-20T14:45:00Z")[1]["next_step"]
    assert step == {"kind": "call", "text": "", "due_at": "2026-11-20T14:45:00Z"}
    assert call("POST", f"/deals/{one}/stage", stage="proposal")[1]["stage"] == "proposal"
    assert call("POST", f"/deals/{one}/win", reason="Speed")[1]["stage"] == "won"
    assert call("POST", f"/deals/{one}/loss", reason="Price")[0] == 409
    assert [item["id"] for item in call("GET", "/deals?stage=won")[1]["items"]] == [one]
    assert [line.kind for line in facts_of(one)][-2:] == ["DealMoved", "DealWon"]


def test_a_key_sees_what_its_owner_sees_and_does_what_its_scopes_say(now: datetime) -> None:
    one = deal(ann(), value=euros(5))
    assert caller(cy(), now)("GET", f"/deals/{one}")[0] == 404
    assert caller(cy(), now)("GET", "/deals")[1] == {"items": [], "next": None}
    assert caller(ann(), now, "deals:read")("POST", f"/deals/{one}/win")[0] == 403
    assert Client().get("/api/deals").status_code == 401


def test_a_deal_points_to_nobody_the_key_does_not_see(now: datetime) -> None:
    commands.prepare(at=now)
    hidden = pia(ann())
    assert caller(cy(), now)("POST", "/deals", name="Flow meters", person_id=hidden)[0] == 422
    wrong = {"minor": 5, "currency": "EEE"}
    assert caller(cy(), now)("POST", "/deals", name="Flow meters", value=wrong)[0] == 422


def answer_of(command: Any) -> Any:
    answer = CliRunner().invoke(command, ["--json"])
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_the_reports_print_one_json_document(now: datetime) -> None:
    for value in (euros(100), euros(50), None):
        commands.win(deal(ann(), person=pia(channel=""), value=value), at=now, by=None)
    pia(channel="unknown")
    assert answer_of(cli.won_by_channel) == [
        {"channel": "", "leads": 3, "won": 3},
        {"channel": "unknown", "leads": 1, "won": 0},
    ]
    assert answer_of(cli.deals_by_outcome) == {
        "won": 3,
        "lost": 0,
        "open": 0,
        "won_value": 150,
        "won_value_by_currency": {"EUR": 150},
        "won_value_unknown": 1,
    }


def test_an_unknown_won_value_is_null(now: datetime) -> None:
    commands.win(deal(ann()), at=now, by=None)
    assert answer_of(cli.deals_by_outcome)["won_value"] is None
