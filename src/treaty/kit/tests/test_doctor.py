"""The doctor: what is wrong is found, named and comes with advice; what is well is not complained of."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from treaty.kit import commands, doctor
from treaty.kit.models import Job, Tick

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def well(settings: Any, tmp_path: Path) -> Path:
    """An installation without fault, save the worker's silence."""
    settings.HOME, settings.SECRET_KEY = tmp_path, "k" * 64
    tmp_path.chmod(0o700)
    return tmp_path


def found(name: str) -> doctor.Finding | None:
    return next((finding for finding in doctor.findings() if finding.name == name), None)


def state(name: str) -> str:
    finding = found(name)
    assert finding is not None
    assert finding.seen
    assert finding.state == "ok" or finding.advice
    return finding.state


def test_a_silent_worker_is_bad_and_a_living_one_is_not() -> None:
    assert state("worker") == "bad"
    commands.prepare_ticks({}, at=timezone.now())
    commands.give_sign_of_life(at=timezone.now())
    assert state("worker") == "ok"


def test_a_clock_that_went_back_is_bad() -> None:
    commands.prepare_ticks({}, at=timezone.now())
    assert state("clock") == "ok"
    commands.give_sign_of_life(at=timezone.now() + timedelta(minutes=2))
    assert state("clock") == "bad"


def test_a_key_that_others_can_read_is_bad(well: Path) -> None:
    key = well / "secret.key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    assert found("secret.key") is None
    key.chmod(0o640)
    assert state("secret.key") == "bad"


def test_a_short_key_and_tracebacks_are_bad(settings: Any) -> None:
    assert found("debug") is None
    settings.SECRET_KEY, settings.DEBUG = "short", True
    assert state("secret key") == state("debug") == "bad"


def test_an_address_without_tls_is_pointed_out(settings: Any) -> None:
    settings.PUBLIC_URL, settings.SECURE = "http://crm.example.com", False
    assert state("address") == "warn"
    settings.PUBLIC_URL, settings.SECURE = "https://crm.example.com", True
    assert state("address") == "ok"


def test_a_mail_server_that_is_away_is_bad_and_none_is_pointed_out(settings: Any) -> None:
    settings.MAIL_URL = urlsplit("")
    assert state("mail") == "warn"
    settings.MAIL_URL = urlsplit("smtp://127.0.0.1:1")
    assert state("mail") == "bad"


def test_a_full_disk_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        free = 1024

    monkeypatch.setattr("treaty.kit.doctor.shutil.disk_usage", lambda _path: Full)
    assert state("disk") == "bad"


def test_held_work_broken_work_and_dead_jobs_are_pointed_out() -> None:
    assert found("hold") is found("jobs") is found("recurring") is None
    commands.hold(at=timezone.now())
    Tick.objects.create(name="sweep", due_at=timezone.now(), error="ValueError: x")
    Job.objects.create(
        name="x", title="X", state="dead", created_at=timezone.now(), next_try_at=timezone.now()
    )
    assert state("hold") == state("jobs") == state("recurring") == "warn"


def test_a_restore_that_was_cut_off_holds_everything(well: Path) -> None:
    (well / "restoring").touch()
    commands.start_job("x", title="X", arguments={}, at=timezone.now(), by=None)
    assert commands.claim_job(at=timezone.now()) is None
    (well / "restoring").unlink()
    assert commands.claim_job(at=timezone.now()) is not None


def test_the_database_is_set_as_it_should_be() -> None:
    assert state("migrations") == "ok"
    database = found("database")
    assert database is not None
    # The tests' SQLite lies in memory, where there is no log.
    assert database.state == "ok" or "memory" in database.seen
