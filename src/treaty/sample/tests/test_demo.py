"""`treaty demo` as a real process: what was not filled to its end is filled anew, what is not a sample is left alone."""

import os
import signal
import time
from pathlib import Path

import pytest

from treaty.kit.tests.installation import Installation, installation, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_time,
    pytest.mark.skipif(
        bool(os.environ.get("DATABASE_URL")), reason="a transaction ends with its process on both"
    ),
]
USERS = "from treaty.staff.models import User; print(User.objects.count())"
SOMEBODY = """
from datetime import UTC, datetime
from treaty.staff.commands import add_first_user
add_first_user("ann@real.example", name="Ann", password="quite-long-enough-1", at=datetime.now(UTC))
"""


def fill_and_kill(place: Installation, times: int) -> None:
    """Kills a demo a little after it has begun to fill, for the n-th time."""
    process = place.treaty("demo")
    until(lambda: place.logs().count("Filling") == times or process.poll() is not None)
    assert process.poll() is None, place.logs()
    time.sleep(1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_demo_that_is_killed_while_filling_is_filled_anew_by_the_next(tmp_path: Path) -> None:
    with installation(tmp_path) as place:
        fill_and_kill(place, times=1)
        fill_and_kill(place, times=2)


def test_an_installation_that_is_no_sample_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with installation(tmp_path) as place:
        place.warm_up()
        place.python(SOMEBODY)
        done = place.run("demo")
        assert done.returncode == 1
        assert "holds another installation" in done.stderr
        assert place.python(USERS) == "1"
        assert not (place.home / "sign-ins.txt").exists()
