"""The root of every test: what holds for all of them. The parts live in tests/harness."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from django.conf import settings

from tests.harness.templates import Undefined

pytest_plugins = [
    "tests.harness.database",
    "tests.harness.snapshots",
    "tests.harness.browser",
    "tests.harness.memory",
    "tests.harness.pseudo",
]

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
"""The instant at which tests live: a Thursday morning."""

# The same examples on every run, however slow the machine: a gate that fails by chance teaches nobody.
hypothesis.settings.register_profile(
    "gate",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("gate")


def pytest_configure(config: pytest.Config) -> None:
    """Settings of production, save for what tests need not wait for; and loud templates."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain_files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain_files}
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    templates: list[Any] = settings.TEMPLATES
    for engine in templates:
        engine["OPTIONS"]["string_if_invalid"] = Undefined()


@pytest.fixture(autouse=True)
def now(request: pytest.FixtureRequest) -> Iterator[datetime]:
    """Time stands still at NOW, unless the test is marked real_time or drives a browser."""
    if any(request.node.get_closest_marker(name) for name in ("real_time", "browser", "faults")):
        yield datetime.now(UTC)
        return
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return Path(__file__).resolve().parent
