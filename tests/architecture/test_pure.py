"""Rules and facts live without Django: they import, and their tests pass, where it is absent, in under two seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import sources
from tests.architecture.pace import PIECE_SECONDS

LIMIT = 2.0
"""Seconds of processor time for all tests of rules and facts together, on the machine that pace.py speaks of."""

BLOCKER = """
import sys, time

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "allauth", "ninja", "django_q"}:
            raise ModuleNotFoundError(f"{name} is absent here", name=name)

sys.meta_path.insert(0, NoDjango())
"""

IMPORT_ALL = BLOCKER + "import importlib\nfor name in sys.argv[1:]: importlib.import_module(name)"

RUN_TESTS = (
    BLOCKER
    + """
import hypothesis, pytest
from tests.architecture.pace import Pace

slow = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "gate", derandomize=True, deadline=None, database=None, max_examples=20, suppress_health_check=slow
)
hypothesis.settings.load_profile("gate")

sys.exit(pytest.main(["-q", "--noconftest", "--import-mode=importlib", "-c", "/dev/null", *sys.argv[1:]], [Pace()]))
"""
)


def without_django(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a Python that cannot import Django."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=sources.ROOT,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(sources.ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def pure_modules() -> list[str]:
    """The dotted names of every rules and facts module."""
    parts = [path.relative_to(sources.TREATY.parent).with_suffix("").parts for path, _ in sources.python()]
    names = [
        ".".join(one).removesuffix(".__init__")
        for one in parts
        if len(one) > 2 and one[2] in {"rules", "facts"}
    ]
    return sorted(names)


def pure_tests() -> list[str]:
    """Test files of rules and facts: tests/test_rules*.py, tests/test_facts*.py and all of tests/rules/."""
    patterns = ("*/tests/test_rules*.py", "*/tests/test_facts*.py", "*/tests/rules/test_*.py")
    return sorted(str(path) for pattern in patterns for path in sources.TREATY.glob(pattern))


def test_rules_and_facts_import_where_django_is_absent() -> None:
    done = without_django(IMPORT_ALL, *pure_modules())
    assert done.returncode == 0, done.stderr


def seconds_there(tests: list[str]) -> float:
    """What tests that pass where Django is absent take."""
    done = without_django(RUN_TESTS, *tests)
    assert done.returncode == 0, done.stdout + done.stderr
    return float(done.stdout.rpartition("SECONDS ")[2].split()[0])


def test_their_tests_pass_there_in_under_two_seconds() -> None:
    assert pure_tests(), "no noun tests its rules"
    spent = [seconds_there(pure_tests())]
    while min(spent) >= LIMIT and len(spent) < 3:
        spent.append(seconds_there(pure_tests()))
    assert min(spent) < LIMIT, f"processor seconds of {len(spent)} runs: {spent}"


def test_a_planted_slow_test_counts_as_slow_on_any_machine(tmp_path: Path) -> None:
    """A quarter of the limit: in seconds of this machine it may be less or much more."""
    slow = tmp_path / "test_rules.py"
    pieces = round(LIMIT / 4 / PIECE_SECONDS)
    one = f"def test_slow_{{}}():\n    for _ in range({pieces // 3}): piece()\n"
    slow.write_text("from tests.architecture.pace import piece\n" + "".join(map(one.format, range(3))))
    assert LIMIT / 8 < seconds_there([str(slow)]) < LIMIT / 2


@pytest.mark.parametrize("source", ["import django", "from django.utils import timezone", "import allauth"])
def test_a_planted_framework_is_found(source: str) -> None:
    assert "is absent here" in without_django(BLOCKER + source).stderr
