"""The harness keeps what it promises: each strictness is met by a test that would pass without it."""

import socket
import time
import warnings
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.template import Context, Engine, Template
from django.template.base import Origin
from django.utils import timezone

from tests.harness.browser import Complaints
from tests.harness.templates import OURS, UndefinedVariable


def template(source: str, folder: str) -> Template:
    """A template that stands in the given folder."""
    return Template(source, Origin(f"{folder}/page.html"), engine=Engine.get_default())


@pytest.mark.parametrize(
    "source", ["{{ nobody }}", "{{ nobody.name }}", "{% blocktranslate %}{{ nobody }}{% endblocktranslate %}"]
)
def test_a_template_that_shows_an_unknown_variable_fails(source: str) -> None:
    with pytest.raises(UndefinedVariable, match=r"nobody|blocktranslate"):
        template(source, OURS[0]).render(Context())


@pytest.mark.parametrize(
    "source", ["{{ nobody|default:'' }}", "{% if nobody %}x{% endif %}", "{% firstof nobody '' %}"]
)
def test_a_template_may_ask_whether_a_variable_is_there(source: str) -> None:
    assert template(source, OURS[0]).render(Context()) == ""


def test_templates_of_libraries_keep_their_habits() -> None:
    assert template("{{ nobody }}", "/usr/lib/somewhere").render(Context()) == ""


def test_time_stands_still_on_a_thursday_morning(now: datetime) -> None:
    assert timezone.now() == datetime(2026, 11, 19, 9, 30, tzinfo=UTC) == now
    assert now.strftime("%A") == "Thursday"


@pytest.mark.real_time
def test_time_runs_where_it_is_asked_to() -> None:
    before = timezone.now()
    time.sleep(0.01)
    assert timezone.now() > before


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning):
        warnings.warn("careful", stacklevel=1)


def test_the_network_is_out_of_reach() -> None:
    # 192.0.2.1 belongs to the documentation (RFC 5737): even without the guard nobody would answer.
    with pytest.raises((UserWarning, RuntimeError), match="tried to use socket"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.django_db
def test_rows_without_an_order_come_back_reversed() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such switch")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE numbers (n INTEGER)")
        cursor.execute("INSERT INTO numbers VALUES (1), (2), (3)")
        cursor.execute("SELECT n FROM numbers")
        assert [row[0] for row in cursor.fetchall()] == [3, 2, 1]
        cursor.execute("DROP TABLE numbers")


def test_what_the_content_policy_refuses_fails_a_story() -> None:
    # As Chromium tells it in the console.
    refused = (
        "Applying inline style violates the following Content Security Policy directive 'style-src 'self''."
    )
    heard = Complaints(set())
    heard.console(SimpleNamespace(type="error", text=refused, location={"url": "/static/x.js"}))  # type: ignore[arg-type]
    assert heard.heard == [f"console: {refused} (/static/x.js)"]
