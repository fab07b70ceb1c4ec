"""`make bench`: every measurement as its own process, on the engine of this run; what they print is the result.

BENCH_SMALL=1 takes small sizes: minutes to see that all of them work, and no figures.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from treaty.kit.tests.installation import own_database

HERE = Path(__file__).parent
SMALL: dict[str, tuple[str, ...]] = {
    "api.py": ("--calls", "100"),
    "attribution.py": ("--paths", "20000", "--texts", "20000", "--touches", "20000"),
    "business_time.py": (),
    "duplicates.py": ("--persons", "2000"),
    "forecasts.py": ("--deals", "2000", "--persons", "20000", "--rounds", "50"),
    "funnels.py": ("--events", "20000", "--sql", "20000"),
    "imports.py": ("--rows", "2000"),
    "kernels.py": ("--share", "0.001", "--no-rivals"),
    "lake.py": ("--persons", "2000"),
    "ledger.py": ("--rows", "8000"),
    "load.py": ("--persons", "2000", "--users", "5", "--seconds", "10", "--think", "0.5"),
    "migrations.py": ("--touchpoints", "20000"),
    "pages.py": ("--persons", "2000"),
    "persons.py": ("--persons", "2000"),
    "scores.py": ("--leads", "2000"),
    "search.py": ("--persons", "2000"),
    "segments.py": ("--persons", "2000", "--segments", "5"),
    "value.py": ("--persons", "5000"),
}
"""The measurements, and their sizes where one only wants to see that they work."""


@pytest.fixture
def url() -> Iterator[str]:
    """A database for one measurement, beside the one that DATABASE_URL names; empty on SQLite, which needs none."""
    with own_database(os.environ.get("DATABASE_URL", "")) as made:
        yield made


@pytest.mark.bench
@pytest.mark.real_time
@pytest.mark.parametrize("script", SMALL)
def test_measure(script: str, url: str, tmp_path: Path) -> None:
    sizes = SMALL[script] if os.environ.get("BENCH_SMALL") else ()
    home = ("--home", str(tmp_path)) if script == "pages.py" and (sizes or url) else ()
    command = [sys.executable, str(HERE / script), *sizes, *home]
    done = subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False)
    assert done.returncode == 0


@pytest.mark.bench
def test_every_measurement_is_run() -> None:
    scripts = {path.name for path in HERE.glob("*.py") if "\ndef main()" in path.read_text(encoding="utf-8")}
    assert scripts == {*SMALL, "generate.py"}


@pytest.mark.bench
def test_the_generator_writes_a_file(tmp_path: Path) -> None:
    for name in ("touches.csv", "touches.parquet"):
        command = [
            sys.executable,
            str(HERE / "generate.py"),
            "touches",
            "--rows",
            "500",
            "--out",
            str(tmp_path / name),
        ]
        subprocess.run(command, check=True)
    lines = (tmp_path / "touches.csv").read_text(encoding="utf-8").splitlines()
    assert (lines[0], len(lines)) == ("person,time,channel,conversion,conversion_value", 501)
