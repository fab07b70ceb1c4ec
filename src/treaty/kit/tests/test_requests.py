"""What holds for every request: an id, a quiet log line, a page for each failure, the probes."""

import errno
import io
import json
import logging
import sys
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from django.utils import timezone, translation
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from treaty.kit import commands, health, logs, middleware
from treaty.kit.middleware import ApiCalls, FormMethod, RequestId
from treaty.kit.tests.factories import AT
from treaty.staff.tests.factories import ann, company

pytestmark = pytest.mark.django_db


def test_every_answer_carries_the_id_of_its_request_and_no_two_are_alike(client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert len(first) == 16
    assert first != second


def test_an_id_from_outside_counts_only_behind_a_trusted_proxy(client: Client, settings: object) -> None:
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert client.get("/healthz", headers=given)["X-Request-ID"] != "from-the-proxy-1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    assert client.get("/healthz", headers=given)["X-Request-ID"] == "from-the-proxy-1"
    assert (
        client.get("/healthz", headers={"X-Request-ID": "two\nlines here"})["X-Request-ID"]
        != "two\nlines here"
    )


def test_the_log_line_tells_the_route_and_neither_query_nor_body(client: Client) -> None:
    client.force_login(ann())
    with capture_logs() as lines:
        client.get("/notices/?q=pia@buyer.example")
        client.post("/notices/4711/reading", {"note": "pia@buyer.example"})
    told = json.dumps(lines)
    assert [line["route"] for line in lines if line["event"] == "answered"] == [
        "notices/",
        "notices/<int:notice_id>/reading",
    ]
    assert "pia" not in told
    assert "4711" not in told


def test_an_error_is_logged_by_its_place_without_its_text() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    try:
        raise ValueError("Key (email)=(pia@buyer.example) exists")
    except ValueError as error:
        with capture_logs() as lines:
            RequestId(view).process_exception(RequestFactory().get("/"), error)
    assert lines[0]["error"] == "ValueError"
    assert "test_requests.py" in lines[0]["frames"][-1]
    assert "pia" not in json.dumps(lines)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_of_ours_tells_what_where_and_in_which_request(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, processors = structlog.get_config(), list(logs.PROCESSORS)
    logs.configure({"format": form, "level": "INFO"})
    try:
        with bound_contextvars(request_id="4711"):
            log = structlog.get_logger("treaty.deals")
            log.debug("moved")
            log.info("won", deal=7)
    finally:
        logs.PROCESSORS[:] = processors
        structlog.configure(**kept)
    [line] = capsys.readouterr().err.splitlines()
    assert all(part in line for part in ("won", "info", "treaty.deals", "deal", "7", "4711", "request_id"))
    assert form == "text" or json.loads(line)["deal"] == 7


def test_a_logger_that_was_used_follows_when_logging_is_set_up_again() -> None:
    log = structlog.get_logger("treaty.deals")
    log.info("won")
    kept, processors = structlog.get_config(), list(logs.PROCESSORS)
    try:
        logs.configure({"format": "text", "level": "INFO"})
        with capture_logs() as lines:
            log.info("lost")
    finally:
        logs.PROCESSORS[:] = processors
        structlog.configure(**kept)
    assert [line["event"] for line in lines] == ["lost"]


def test_a_request_is_answered_though_nobody_can_write_its_line(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_text: str) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(sys, "stderr", SimpleNamespace(write=write, flush=io.StringIO().flush))
    assert client.get("/accounts/login/").status_code == 200


def test_a_library_s_traceback_is_written_as_json_without_the_text_of_the_error() -> None:
    record = logging.makeLogRecord({"name": "lib", "levelno": 40, "levelname": "ERROR", "msg": "it broke"})
    try:
        raise ValueError("pia@buyer.example")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    line = json.loads(logs.formatter("json").format(record))
    assert (line["event"], line["level"], line["error"]) == ("it broke", "error", "ValueError")
    assert "pia" not in json.dumps(line)


def test_the_process_lives_even_when_the_database_does_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> bool:
        raise DatabaseError

    monkeypatch.setattr(health, "unapplied", away)
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, "unreachable")


def test_ready_means_that_tables_are_up_to_date_and_tells_the_worker_s_age(client: Client) -> None:
    assert client.get("/readyz").json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "applied",
        "worker_seconds": None,
    }
    commands.prepare_ticks({}, at=AT)
    commands.give_sign_of_life(at=AT)
    assert client.get("/readyz").json()["worker_seconds"] == 0.0


def test_a_waiting_migration_means_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.Applied, "known", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kit'")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["migrations"]) == (503, "waiting")


def test_a_page_that_is_not_there_says_so_with_the_request_s_id(client: Client) -> None:
    client.force_login(ann())
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert answer["X-Request-ID"] in answer.content.decode()


def test_below_the_api_a_failure_is_json(client: Client) -> None:
    company()
    answer = client.get("/api/no/such/thing")
    assert answer.status_code == 404
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_a_form_without_its_token_is_refused_in_words(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ann())
    answer = strict.post("/notices/reading")
    assert answer.status_code == 403
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path", "asked", "became"),
    [
        ("post", "/deals/7/stage", {"_method": "DELETE"}, "DELETE"),
        ("post", "/deals/7/stage", {"_method": "TRACE"}, "POST"),
        ("post", "/deals/7/stage", {}, "POST"),
        ("post", "/api/deals", {"_method": "DELETE"}, "POST"),
        ("get", "/deals/7/stage", {"_method": "DELETE"}, "GET"),
    ],
)
def test_a_plain_form_may_mean_another_method(
    method: str, path: str, asked: dict[str, str], became: str
) -> None:
    request = getattr(RequestFactory(), method)(path, asked)
    FormMethod(lambda _request: HttpResponse()).process_view(request)
    assert request.method == became


def test_no_page_lets_strange_scripts_or_frames_in(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_pages_are_compressed_each_time_to_another_length(client: Client) -> None:
    # Lengths that vary by random bytes keep a listener from guessing secrets by them (BREACH).
    client.force_login(ann())
    answers = [client.get("/notices/", headers={"Accept-Encoding": "gzip"}) for _ in range(8)]
    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert len({answer["Content-Length"] for answer in answers}) > 1


def with_key(path: str) -> HttpRequest:
    return RequestFactory().get(path, headers={"Authorization": "Bearer treaty_x"})


def test_a_call_with_a_key_passes_by_what_pages_need() -> None:
    asked: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        asked.append(request.path)
        return HttpResponse()

    calls = ApiCalls(page)
    assert calls(with_key("/api/persons")).status_code == 401
    calls(with_key("/people/"))
    calls(RequestFactory().get("/api/persons"))
    assert asked == ["/people/", "/api/persons"]


def test_a_call_with_a_key_is_answered_in_the_language_of_the_installation() -> None:
    with translation.override("en-us"), timezone.override(ZoneInfo("Asia/Tokyo")):
        ApiCalls(lambda _request: HttpResponse())(with_key("/api/persons"))
        assert translation.get_language() == "en"
        assert timezone.get_current_timezone_name() == "UTC"


def test_a_call_that_breaks_is_logged_by_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_request: HttpRequest) -> HttpResponse:
        raise ValueError("pia@buyer.example")

    monkeypatch.setattr(
        middleware, "resolved", lambda _path: ResolverMatch(broken, (), {}, route="api/broken")
    )
    with capture_logs() as lines, pytest.raises(ValueError, match="pia"):
        ApiCalls(lambda _request: HttpResponse())(with_key("/api/broken"))
    assert (lines[0]["event"], lines[0]["route"], lines[0]["error"]) == ("failed", "api/broken", "ValueError")
