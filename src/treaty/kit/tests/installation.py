"""A whole installation of its own for tests that start real processes: its folder, its database, its commands."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parents[4]
SECONDS = 240.0
"""Until something has not happened: only a test that fails waits so long, however busy the machine is."""


@dataclass
class Installation:
    """Where it lies, and what runs in it."""

    home: Path
    env: dict[str, str]
    running: list["subprocess.Popen[str]"] = field(default_factory=list)

    def run(self, *arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
        """`treaty` with these arguments, to its end; standard output, standard error and the exit code are kept."""
        command = [sys.executable, "-m", "treaty.cli", *arguments]
        return subprocess.run(
            command,
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            **more,
        )

    def python(self, code: str) -> str:
        """What a piece of Python prints, with Django set up in this installation."""
        started = f"import django; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", started],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """A process of this installation in a group of its own; stopped at the end of the test."""
        log = (self.home / f"log-{len(self.running)}.txt").open("w")
        process = subprocess.Popen(
            [sys.executable, *command],
            env=self.env,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        log.close()
        self.running.append(process)
        return process

    def treaty(self, *arguments: str) -> "subprocess.Popen[str]":
        """`treaty` with these arguments, in the background."""
        return self.start("-m", "treaty.cli", *arguments)

    def logs(self) -> str:
        """All that the started processes have said."""
        return "\n".join(path.read_text() for path in sorted(self.home.glob("log-*.txt")))

    def stop(self) -> None:
        """Ends what still runs, children included."""
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def installation(folder: Path, **env: str) -> Iterator[Installation]:
    """An empty installation on the engine of this test run, removed afterwards."""
    variables = {**os.environ, "TREATY_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "treaty.settings", **env}
    with own_database(os.environ.get("DATABASE_URL", "")) as url:
        made = Installation(folder, {**variables, "DATABASE_URL": url})
        try:
            done = made.run("init", "--no-input")
            assert done.returncode == 0, done.stderr
            yield made
        finally:
            made.stop()


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """A new database on the server of this test run; nothing to do on SQLite, where the folder holds it."""
    if not url:
        yield ""
        return
    name = f"treaty_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload,unused-ignore]
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload,unused-ignore]


def until(happened: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Asks ten times a second until the answer is true; fails the test when it never is."""
    end = time.perf_counter() + seconds
    while not (answer := happened()):
        assert time.perf_counter() < end, f"did not happen within {seconds:.0f} seconds"
        time.sleep(0.1)
    return answer


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def as_json(text: str) -> Any:
    """The one JSON document that a command printed."""
    return json.loads(text)
