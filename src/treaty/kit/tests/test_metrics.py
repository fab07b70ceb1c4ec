"""Figures for Prometheus: read by its own parser, without a word about anybody, and only by who may."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from treaty.kit import commands
from treaty.people.tests.factories import pia
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


def figures(client: Client) -> dict[str, dict[str, float]]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        family.name: {next(iter(one.labels.values()), ""): one.value for one in family.samples}
        for family in text_string_to_metric_families(answer.content.decode())
    }


def test_prometheus_reads_what_stands_in_the_rows() -> None:
    commands.start_job("x", title="X", arguments={}, at=timezone.now(), by=None)
    found = figures(Client())
    assert found["treaty_jobs"] == {"waiting": 1, "running": 0, "dead": 0}
    assert found["treaty_held"] == {"": 0}
    commands.hold(at=timezone.now())
    assert figures(Client())["treaty_held"] == {"": 1}
    assert found["treaty_mails"] == {"waiting": 0, "dead": 0}
    before = found["treaty_ledger_last_line"][""]
    pia()
    assert figures(Client())["treaty_ledger_last_line"][""] > before


def test_nobody_is_named() -> None:
    pia(owner=staff.ann())
    said = Client().get("/metrics").content.decode()
    assert "Kowalska" not in said
    assert "@" not in said


def test_only_this_machine_and_who_holds_the_token_may_read(settings: Any) -> None:
    far = Client(REMOTE_ADDR="192.0.2.7")  # type: ignore[arg-type,unused-ignore]
    assert far.get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    settings.METRICS_TOKEN = "a-token-of-the-monitoring"
    bearer = {"Authorization": "Bearer a-token-of-the-monitoring"}
    assert far.get("/metrics", headers=bearer).status_code == 200
    assert far.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    assert far.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_figures_ask_a_fixed_number_of_questions(
    query_count: Callable[[str], AbstractContextManager[None]],
) -> None:
    with query_count("metrics"):
        Client().get("/metrics")
