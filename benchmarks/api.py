"""How many records a second the REST API takes, one for each call, through the server as it is shipped.

Run: .venv/bin/python benchmarks/api.py [--calls 2000] [--workers 1]   (SQLite in a temporary folder, or DATABASE_URL)
Limits of the design: 400/s with one client and 800/s with four on SQLite; on PostgreSQL 0.8 of the plain commits that
as many clients make in the same run. An agreement is in force and every listener has its work. A rival's 46 and 92
a second (Odoo 19, the same machine) stand in the design.
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
        with served(asked.workers) as (port, server):
            for clients in LIMITS:
                for name, call in kinds(persons).items():
                    measure(
                        engine,
                        name,
                        call,
                        clients=clients,
                        calls=asked.calls,
                        key=key,
                        port=port,
                        server=server,
                    )


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


@contextmanager
def served(workers: int = 1) -> Iterator[tuple[int, int]]:
    """The server's port, and the id of its first process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with shipped("serve", "--port", str(port), "--workers", str(workers)) as server:
        for _ in range(600):
            time.sleep(0.1)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        else:
            raise SystemExit(Path(os.environ["TREATY_HOME"], "serve.log").read_text(encoding="utf-8"))
        yield port, server.pid


@contextmanager
def shipped(*command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One of Treaty's own processes with the settings it has by itself; its log lines go into a file."""
    path = Path(os.environ["TREATY_HOME"], f"{command[0]}.log")
    with path.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "treaty.cli", *command], stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def measure(
    engine: str,
    name: str,
    call: Callable[[str, int], Call],
    *,
    clients: int,
    calls: int,
    key: str,
    port: int,
    server: int,
) -> None:
    """One line: calls a second by some clients, each on a connection of its own, and what one cost the server."""
    share = calls // clients
    asked = [
        [call(f"{name[2:4]}{clients}{client}", n) for n in range(-5, share)] for client in range(clients)
    ]
    with get_context("spawn").Pool(clients) as pool:
        pool.starmap(send, [(port, key, part[:5]) for part in asked], chunksize=1)
        busy, begin = worked(server), time.perf_counter()
        own = sum(pool.starmap(send, [(port, key, part[5:]) for part in asked], chunksize=1))
        took, busy = time.perf_counter() - begin, worked(server) - busy
    rate, cost = share * clients / took, busy / (share * clients) * 1_000
    plain = commits(clients, share) if engine == "postgresql" else None
    limit = LIMITS[clients] if plain is None else SHARE * plain
    beside = "" if plain is None else f" ({SHARE} of {plain:,.0f} plain commits/s)"
    print(
        f"{engine}: {name}, {clients} client{'s'[: clients - 1]}: {rate:,.0f}/s, {rate / limit:.2f} of the limit"
        f" {limit:,.0f}{beside}; {cost:.2f} ms of the server's processor a call, {cost / BUSY:.2f} of {BUSY};"
        f" {own / (share * clients) * 1_000:.2f} of the clients'; load {os.getloadavg()[0]:.1f}",
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


def commits(clients: int, each: int) -> float:
    """Plain commits a second: a row of the same size, inserted and committed by as many connections."""
    from django.db import connection

    parameters = connection.get_connection_params()
    driver = cast("Any", connection).Database  # of whichever engine
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_commit")
        cursor.execute("CREATE TABLE bench_commit (id bigserial PRIMARY KEY, told text)")

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
