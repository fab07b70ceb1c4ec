"""A whole installation of its own for tests that start real processes: its folder, its database, its commands."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parents[4]
SECONDS = 240.0
"""Until something has not happened: only a test that fails waits so long, however busy the machine is."""
PRISTINE = ExitStack()
"""What `pristine` made; the harness closes it when the tests have ended."""


@dataclass
class Installation:
    """Where it lies, and what runs in it."""

    home: Path
    env: dict[str, str]
    running: list["subprocess.Popen[str]"] = field(default_factory=list)
    warm: "subprocess.Popen[str] | None" = None
    """Answers `run` and `python` without a cold start each (warm.py)."""

    def run(self, *arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
        """`treaty` with these arguments, to its end; standard output, standard error and the exit code are kept."""
        if self.warm:
            return self.ask(arguments=arguments)
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
        done = self.ask(code=started) if self.warm else self.cold(started)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def cold(self, code: str) -> "subprocess.CompletedProcess[str]":
        """A piece of Python in an interpreter of its own."""
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)

    def warm_up(self) -> None:
        """From now on `run` and `python` ask a process that has loaded Treaty with the variables of this moment."""
        self.warm = subprocess.Popen(
            [sys.executable, "-m", "treaty.kit.tests.warm"],
            env=self.env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def ask(self, **request: Any) -> "subprocess.CompletedProcess[str]":
        """What the warm process answers."""
        assert self.warm
        assert self.warm.stdin
        assert self.warm.stdout
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            line = json.dumps(request | {"out": str(out), "err": str(err)})
            self.warm.stdin.write(f"{line}\n")
            self.warm.stdin.flush()
            answer = self.warm.stdout.readline()
            assert answer, f"nobody answered to {line}"
            return subprocess.CompletedProcess(line, int(answer), out.read_text(), err.read_text())

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
        for process in filter(None, (*self.running, self.warm)):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


@contextmanager
def installation(folder: Path, **env: str) -> Iterator[Installation]:
    """An empty installation on the engine of this test run, removed afterwards."""
    server = os.environ.get("DATABASE_URL", "")
    new, template = pristine(server)
    shutil.copytree(new, folder, dirs_exist_ok=True)
    with own_database(server, template) as url:
        made = Installation(folder, variables(folder, url) | env)
        try:
            yield made
        finally:
            made.stop()


@cache
def pristine(server: str) -> tuple[Path, str]:
    """The folder and the database's URL of an installation nobody uses: `treaty init` takes seconds, a copy of it none."""
    folder = Path(PRISTINE.enter_context(tempfile.TemporaryDirectory(prefix="treaty-new-")))
    url = PRISTINE.enter_context(own_database(server))
    done = Installation(folder, variables(folder, url)).run("init", "--no-input")
    assert done.returncode == 0, done.stderr
    return folder, url


def variables(folder: Path, url: str) -> dict[str, str]:
    """The environment of an installation's processes."""
    own = {"TREATY_HOME": str(folder), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "treaty.settings"}
    return {**os.environ, **own}


@contextmanager
def own_database(server: str, template: str = "") -> Iterator[str]:
    """A new database on the server of this test run; nothing to do on SQLite, where the folder holds it."""
    if not server:
        yield ""
        return
    name, model = f"treaty_{uuid4().hex[:12]}", urlsplit(template).path[1:] or "template1"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')  # type: ignore[call-overload,unused-ignore]
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
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
