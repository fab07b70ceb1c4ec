"""How many records a second the REST API takes, one for each call, through the server as it is shipped.

Run: .venv/bin/python benchmarks/api.py [--calls 2000] [--workers 1]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design: 400/s with one client and 800/s with four on SQLite; on PostgreSQL 0.8 of the plain commits that
as many clients make in the same run. An agreement is in force and every listener has its work. A rival's 46 and 92
a second (Odoo 19, the same machine) stand in the design. Beside them stands the machine's own limit: a page of Django
behind the same server that writes one row and nothing else (bare.py), asked by the same clients in the same run.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

from installation import installation

LIMITS = {1: 400, 4: 800}
SHARE = 0.8
"""Of the plain commit rate, on PostgreSQL."""
BUSY = 2.5
"""Milliseconds of processor time that a call may cost the server."""
TICKS = os.sysconf("SC_CLK_TCK")
Call = tuple[str, str, bytes]


def main() -> None:
    """Measure and print each figure with its ratio to the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=1, help="processes of the server")
    asked = parser.parse_args()
    with installation() as engine:
        key, persons = prepared()
        make_table()
        with served(asked.workers) as door, bare(asked.workers) as least:
            for clients in LIMITS:
                told = Load(clients, asked.calls, key)
                limit = sent("a bare page", lambda _mark, _n: ("POST", "/bare", b"x" * 400), told, *least)
                show(engine, "a bare page", told, limit)
                for name, call in kinds(persons).items():
                    show(engine, name, told, sent(name, call, told, *door), limit.rate)


def kinds(persons: Sequence[int]) -> dict[str, Callable[[str, int], Call]]:
    """What is written, by name: a call of the API for each client's nth record."""

    def body(**told: object) -> bytes:
        return json.dumps(told).encode()

    return {
        "a person": lambda mark, n: (
            "POST",
            "/api/persons",
            body(name=f"Buyer {mark} {n}", emails=[f"b{mark}-{n}@example.com"], title="Buyer", city="Łódź"),
        ),
        "a deal": lambda mark, n: (
            "POST",
            "/api/deals",
            body(
                name=f"Deal {mark} {n}", source_key=f"{mark}-{n}", value={"minor": 5_000, "currency": "EUR"}
            ),
        ),
        "a change of a person": lambda mark, n: (
            "PATCH",
            f"/api/persons/{persons[n % len(persons)]}",
            body(title=f"Title {mark} {n}"),
        ),
    }


def prepared() -> tuple[str, list[int]]:
    """A key that may write, and persons to change."""
    from company import add_buyers, at_work

    from treaty.people.queries import person_ids
    from treaty.staff import commands as staff

    at = datetime.now(UTC)
    company = at_work(at - timedelta(days=30))
    add_buyers(1_000, at=at - timedelta(days=1))
    scopes = ("people:write", "deals:write")
    return staff.issue_key("bench", owner=company.head, scopes=scopes, at=at, by=None), person_ids(
        limit=1_000
    )


@dataclass(frozen=True)
class Load:
    """How many clients ask how often in all, and by which key."""

    clients: int
    calls: int
    key: str


@dataclass(frozen=True)
class Answered:
    """Calls a second, and milliseconds of processor time that a call cost the server and the clients."""

    rate: float
    cost: float
    own: float


Door = tuple[int, int]
"""A server's port, and the id of its first process."""


@contextmanager
def served(workers: int = 1) -> Iterator[Door]:
    """Treaty's own server with the settings it has by itself."""
    port = free_port()
    with shipped("serve", "--port", str(port), "--workers", str(workers)) as server:
        await_port(port, "serve")
        yield port, server.pid


@contextmanager
def bare(workers: int) -> Iterator[Door]:
    """The same server behind which bare.py stands, with as many threads."""
    port = free_port()
    often = ("--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "4")
    command = ("-m", "granian", *often, "--port", str(port), "--no-ws", "bare:application")
    with started("bare", *command) as server:
        await_port(port, "bare")
        yield port, server.pid


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def await_port(port: int, name: str) -> None:
    """Until somebody listens; else what the process said."""
    for _ in range(600):
        time.sleep(0.1)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise SystemExit(Path(os.environ["TREATY_HOME"], f"{name}.log").read_text(encoding="utf-8"))


@contextmanager
def shipped(*command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One of Treaty's own processes with the settings it has by itself; its log lines go into a file."""
    with started(command[0], "-m", "treaty.cli", *command) as process:
        yield process


@contextmanager
def started(name: str, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of this Python beside the measurements, whose lines go into a file of that name."""
    path = Path(os.environ["TREATY_HOME"], f"{name}.log")
    with path.open("wb") as log:
        here = Path(__file__).parent
        process = subprocess.Popen([sys.executable, *command], stdout=log, stderr=log, cwd=here)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def sent(name: str, call: Callable[[str, int], Call], load: Load, port: int, server: int) -> Answered:
    """What some clients get, each on a connection of its own, after five calls each that nobody counts."""
    share = load.calls // load.clients
    asked = [
        [call(f"{name[2:4]}{load.clients}{client}", n) for n in range(-5, share)]
        for client in range(load.clients)
    ]
    with get_context("spawn").Pool(load.clients) as pool:
        pool.starmap(send, [(port, load.key, part[:5]) for part in asked], chunksize=1)
        busy, begin = worked(server), time.perf_counter()
        own = sum(pool.starmap(send, [(port, load.key, part[5:]) for part in asked], chunksize=1))
        took, busy = time.perf_counter() - begin, worked(server) - busy
    number = share * load.clients
    return Answered(number / took, busy / number * 1_000, own / number * 1_000)


def show(engine: str, name: str, load: Load, told: Answered, least: float | None = None) -> None:
    """One line: calls a second beside the limit and the bare page's, and what one cost the server."""
    clients = load.clients
    plain = commits(clients, load.calls // clients) if engine == "postgresql" and least else None
    limit = LIMITS[clients] if plain is None else SHARE * plain
    beside = "" if plain is None else f" ({SHARE} of {plain:,.0f} plain commits/s)"
    held = (
        f"{told.rate / limit:.2f} of the limit {limit:,.0f}{beside}, {told.rate / least:.2f} of the bare page"
        if least
        else "the machine's own limit"
    )
    print(
        f"{engine}: {name}, {clients} client{'s'[: clients - 1]}: {told.rate:,.0f}/s, {held};"
        f" {told.cost:.2f} ms of the server's processor a call, {told.cost / BUSY:.2f} of {BUSY};"
        f" {told.own:.2f} of the clients'; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def send(port: int, key: str, calls: list[Call]) -> float:
    """Send calls one after the other on one connection; each has to succeed. Seconds of processor time it took.

    Over a plain socket: beside the server a client should cost next to nothing, and Python's own costs four times as much.
    """
    head = (
        f"Host: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length:"
    )
    asked = [
        f"{method} {path} HTTP/1.1\r\n{head} {len(body)}\r\n\r\n".encode() + body
        for method, path, body in calls
    ]
    begin = time.process_time()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for whole in asked:
            line.sendall(whole)
            answer = answered(line)
            if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
                raise SystemExit(f"{whole.decode()}\n\n{answer.decode()}")
    return time.process_time() - begin


def answered(line: socket.socket) -> bytes:
    """One answer of the server, whole: its length stands in its head."""
    read = line.recv(65_536)
    while True:
        head, end, body = read.partition(b"\r\n\r\n")
        if end and (length := re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)):
            if len(body) >= int(length[1]):
                return read
        elif end:
            raise SystemExit(f"An answer without its length: {read.decode()}")
        if not (more := line.recv(65_536)):
            raise SystemExit("The server hung up.")
        read += more


def worked(server: int) -> float:
    """Seconds of processor time of a process and its children so far."""
    seconds, family = 0.0, [server]
    while family:
        process = family.pop()
        there = Path("/proc", str(process))
        fields = (there / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
        family += map(int, (there / "task" / str(process) / "children").read_text(encoding="ascii").split())
    return seconds


def make_table() -> None:
    """The table that plain commits and the bare page write to."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_commit")
        cursor.execute("CREATE TABLE bench_commit (told text)")


def commits(clients: int, each: int) -> float:
    """Plain commits a second: a row of the same size, inserted and committed by as many connections."""
    from django.db import connection

    parameters = connection.get_connection_params()
    driver = cast("Any", connection).Database  # of whichever engine

    def insert(_client: int) -> None:
        with driver.connect(**parameters) as plain:
            for _ in range(each):
                plain.execute("INSERT INTO bench_commit (told) VALUES (%s)", ["x" * 400])
                plain.commit()

    begin = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(insert, range(clients)))
    return clients * each / (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
