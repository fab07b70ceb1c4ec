"""Fifty users at work at the same time, through the server as it is shipped: requests a second, errors, p50 and p95.

Run: .venv/bin/python benchmarks/load.py [--users 50] [--seconds 600] [--think 3] [--persons 20000]
(SQLite in a temporary folder, or the database that DATABASE_URL names.) Each user signs in once, then opens pages and
acts by what stands on them, with a pause of some seconds in between; two programs report touchpoints beside them, and
the worker works. Limit of the design: no error in ten minutes. Threads of the standard library are enough to ask: a
user waits nearly all the time, and a load generator of its own would be one more dependency for the same figures.
"""

import argparse
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from api import served, shipped, worked
from company import Company, add_buyers, at_work
from crowd import Caller, Desk, Program, User
from installation import installation
from pages import analyse, hand_over, record_touches, score, sell

PROGRAMS = 2
"""Each reports as often as a user acts."""


def main() -> None:
    """Build a company, let its users work, and print what they saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--think", type=float, default=3.0, help="seconds between two acts, on average")
    parser.add_argument("--persons", type=int, default=20_000)
    asked = parser.parse_args()
    with installation() as engine:
        desks, key = prepared(asked.users, asked.persons)
        with served() as (port, server), working() as worker:
            users = [User(port, desk, number, asked.think) for number, desk in enumerate(desks)]
            programs = [Program(port, key, number, asked.think, asked.persons) for number in range(PROGRAMS)]
            crowd, before = [*users, *programs], (worked(server), worked(worker))
            took = work(crowd, asked.seconds)
            busy = worked(server) - before[0], worked(worker) - before[1]
        errors = sum((one.errors for one in crowd), Counter(given_up()))
    report(engine, crowd, took, busy, errors)
    if errors:
        raise SystemExit(f"{errors.total()} errors: {dict(errors)}")


def prepared(users: int, persons: int) -> tuple[list[Desk], str]:
    """Everybody's desk on a morning with leads that wait, and a key for programs."""
    from treaty.handovers import commands as handovers
    from treaty.kit import setup
    from treaty.people import queries as people
    from treaty.people.commands import assign_owner
    from treaty.staff import commands as staff

    setup.prepare()
    now = datetime.now(UTC).replace(microsecond=0)
    company = at_work(now - timedelta(days=120), representatives=max(1, users * 4 // 5))
    identities = add_buyers(persons, at=now - timedelta(hours=1))
    record_touches(identities, now)
    known = list(people.persons_of(identities).values())
    score(known, now)
    hand_over(known[:: max(1, len(known) // 2_000)], now)
    sold = known[: len(known) // 5]
    sell(sold, company.representatives, now)
    for place, user in enumerate(company.representatives):
        assign_owner(sold[place :: len(company.representatives)], owner=user, at=now, by=None)
    handovers.offer(known[1 :: max(2, len(known) // (users * 10))], at=now, by=None)
    analyse()
    key = staff.issue_key("load", owner=company.head, scopes=("touchpoints:write",), at=now, by=None)
    return desks(company, users, known[:200]), key


def desks(company: Company, users: int, seen: list[int]) -> list[Desk]:
    """The desks of the representatives, and of as many others as there are users; those look at some persons only."""
    from treaty.deals.models import Deal

    found = []
    for user in (*company.representatives, *[company.marketer, company.head] * users)[:users]:
        rows = Deal.objects.filter(owner=user, stage__type="open").order_by("pk")
        deals = list(rows.values_list("pk", "person_id")[:40])
        persons = [person for _deal, person in deals if person] or seen
        found.append(Desk(session(user), persons, [deal for deal, _person in deals]))
    return found


def session(user: int) -> str:
    """The key of a session in which the user is signed in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(pk=user), "treaty.staff.accounts.Backend")
    return str(client.session.session_key)


@contextmanager
def working() -> Iterator[int]:
    """A worker beside the server: the id of its first process."""
    with shipped("work") as worker:
        yield worker.pid
        if worker.poll() is not None:
            raise SystemExit(f"The worker ended with {worker.returncode}.")


def given_up() -> dict[str, int]:
    """Jobs that broke for good."""
    from treaty.kit.queries import jobs_by_state

    dead = jobs_by_state()["dead"]
    return {"jobs given up": dead} if dead else {}


def work(crowd: list[Caller], seconds: float) -> float:
    """Lets everybody work at the same time; the seconds that took."""
    began = time.perf_counter()
    threads = [threading.Thread(target=one.go_on, args=(began + seconds,)) for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def report(
    engine: str, crowd: list[Caller], took: float, busy: tuple[float, float], errors: Counter[str]
) -> None:
    """Print what everybody saw."""
    print("| what | requests | p50 ms | p95 ms | longest ms |\n|---|---|---|---|---|")
    everything: list[float] = []
    for what in sorted({what for one in crowd for what in one.took}):
        times = [spent for one in crowd for spent in one.took.get(what, [])]
        everything += times
        print(row(what, times))
    print(row("all", everything))
    print(
        f"{engine}: {len(crowd)} at work for {took:.0f} s: {len(everything) / took:.1f} requests/s,"
        f" {errors.total()} errors (limit 0); of a core the server computed {busy[0] / took:.2f}"
        f" and the worker {busy[1] / took:.2f}; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def row(what: str, times: list[float]) -> str:
    """A row of the table."""
    p95 = sorted(times)[int(len(times) * 0.95)]
    return f"| {what} | {len(times):,} | {statistics.median(times):.0f} | {p95:.0f} | {max(times):.0f} |"


if __name__ == "__main__":
    main()
