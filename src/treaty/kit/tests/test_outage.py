"""What keeps the database from answering is told from mistakes of ours, and a page says which it is."""

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from treaty.kit import jobs, outage, queries, views
from treaty.kit.tests.factories import AT, asked

LOCKED, FULL, NO_TABLE = sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_ERROR


def of_sqlite(code: int) -> Exception:
    """What Django raises for an error of SQLite."""
    driver = sqlite3.OperationalError("told")
    driver.sqlite_errorcode = code
    return caused(OperationalError("told"), driver)


def of_postgresql(code: str | None) -> Exception:
    """What Django raises for an error of PostgreSQL."""
    driver = psycopg.errors.lookup(code)("told") if code else psycopg.OperationalError("told")
    return caused(OperationalError("told"), driver)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (of_sqlite(LOCKED), outage.BUSY),
        (of_sqlite(FULL), outage.FULL),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), outage.AWAY),
        (of_sqlite(NO_TABLE), ""),
        (of_postgresql(None), outage.AWAY),
        (of_postgresql("57P01"), outage.AWAY),
        (of_postgresql("53100"), outage.FULL),
        (of_postgresql("53300"), outage.BUSY),
        (of_postgresql("40P01"), outage.BUSY),
        (of_postgresql("57014"), outage.BUSY),
        (caused(InterfaceError("told"), psycopg.InterfaceError("the connection is closed")), outage.AWAY),
        (caused(ValueError("a page broke"), of_postgresql(None)), outage.AWAY),
        (OSError(errno.ENOSPC, "no space left on device"), outage.FULL),
        (OSError(errno.ENOENT, "no such file"), ""),
        (IntegrityError("told"), ""),
        (ProgrammingError("told"), ""),
        (ValueError("told"), ""),
    ],
    ids=str,
)
def test_an_outage_is_told_from_a_mistake(error: Exception, cause: str) -> None:
    assert outage.cause(error) == cause


def test_a_table_that_is_not_there_is_a_mistake_on_a_real_file_too(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "file")
    with pytest.raises(sqlite3.OperationalError) as raised:
        connection.execute("SELECT * FROM nothing")
    connection.close()
    assert outage.cause(caused(OperationalError("told"), raised.value)) == ""


@pytest.mark.django_db
def test_a_page_and_the_api_say_what_it_is_and_when_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> bool:
        raise of_postgresql("57P01")

    client.raise_request_exception = False
    monkeypatch.setattr("treaty.staff.queries.has_users", nobody)
    with capture_logs() as lines:
        page = client.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "The database does not answer" in page.content.decode()
    assert [(line["why"], line["log_level"]) for line in lines if line["event"] == "not available"] == [
        ("away", "error")
    ]
    told = views.unavailable(RequestFactory().get("/api/persons"), outage.FULL)
    assert told.status_code == 503
    assert b'"detail": "The disk is full"' in told.content


@pytest.mark.django_db
def test_a_job_whose_database_went_away_is_left_to_be_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_progress: jobs.Progress, **_arguments: object) -> None:
        raise of_postgresql("57P01")

    monkeypatch.setitem(jobs.KINDS, "gone", jobs.Kind(gone, attempts=1))
    job_id = asked("gone")
    assert jobs.run_next()
    found = queries.job(job_id, AT)
    assert found is not None
    assert (found.state, found.error) == ("running", "")
