"""The processes of an installation: the web server, and web and worker together as one command's children."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

START_SECONDS = 90.0
STOP_SECONDS = 30.0
QUIET = {"version": 1, "loggers": {"_granian": {"handlers": [], "level": "WARNING", "propagate": True}}}
"""The web server's own lines go the way of all others."""


class Failed(Exception):
    """A process did not start; the text says which and why."""


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serves pages and API until SIGTERM or SIGINT, then lets running requests end."""
    Granian(
        "treaty.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(STOP_SECONDS),
        log_dictconfig=QUIET,
        log_level=LogLevels.warning,
    ).serve()


def start_web_and_worker(host: str, port: int, *, wait: bool, greet: Callable[[str], None]) -> None:
    """Starts both, waits until pages are served and the worker lives, greets with the address, stops both at the end.

    Stays until Ctrl-C or SIGTERM; with `wait=False` only until the greeting. Raises Failed when one of them ends.
    """
    address = f"http://{host}:{port}"
    with stopped_by_signals(), children(["serve", "--host", host, "--port", str(port)], ["work"]) as running:
        await_readiness(address, running)
        greet(address)
        while wait:
            fail_if_ended(running)
            time.sleep(0.5)


@contextmanager
def children(*commands: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Treaty's own commands as child processes, gone when the block is left, in whatever way."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            running.append(subprocess.Popen([sys.executable, "-m", "treaty.cli", *command]))  # noqa: PERF401  a failing start must find those before it
        yield running
    except KeyboardInterrupt:
        pass
    finally:
        stop(running)


def stop(running: list[subprocess.Popen[bytes]]) -> None:
    """Asks each to end, waits, and ends those that do not."""
    for process in running:
        process.terminate()
    end = time.perf_counter() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, end - time.perf_counter()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_readiness(address: str, running: list[subprocess.Popen[bytes]]) -> None:
    """Returns when pages are served and the worker gave a sign of life since now."""
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < START_SECONDS:
        fail_if_ended(running)
        age = worker_age(address)
        if age is not None and age <= passed + 1:
            return
        time.sleep(0.1)
    raise Failed(f"Web and worker were not ready within {START_SECONDS:.0f} seconds.")


def worker_age(address: str) -> float | None:
    """Seconds since the worker's last sign of life; None while pages are not served or no worker lives."""
    try:
        with urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310  our own address
            age = json.load(answer)["worker_seconds"]
    except (URLError, OSError):
        return None
    return None if age is None else float(age)


def fail_if_ended(running: list[subprocess.Popen[bytes]]) -> None:
    """Raises Failed when a child has ended by itself."""
    for process in running:
        if process.poll() is not None:
            raise Failed(f"`treaty {' '.join(map(str, process.args[3:]))}` ended with {process.returncode}.")  # type: ignore[index]


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
