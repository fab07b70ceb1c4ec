"""Server times of the pages with 200,000 persons and 2,000,000 touchpoints, beside the design's budgets.

Run: .venv/bin/python benchmarks/pages.py [--persons 200000] [--home build/bench-pages] [--write]
SQLite in the folder, or the database that DATABASE_URL names. The data set is built once and kept; the pages are
asked in one process by Django's test client, with the settings and middleware of production. `--write` puts the
table into docs/reference/performance.md.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django has no settings yet
    from treaty.ledger.commands import Entry

TOUCHES = 10
"""Touchpoints of each person."""
REQUESTS = 40
WARM = 3
ROOT = Path(__file__).resolve().parents[1]
FAST, BOARD, SEARCH = (30.0, 60.0), (None, 200.0), (None, 100.0)
"""Budgets in milliseconds: p50 and p95 of lists, records, Today and boards; of the scoreboard; of search."""


@dataclass(frozen=True)
class Timed:
    """One page: how long its requests took, in milliseconds, and what it may take."""

    name: str
    p50: float
    p95: float
    processor: float
    """Of the median request: what this process itself computed, which a busy machine does not stretch."""
    budget: tuple[float | None, float]

    def ratio(self) -> float:
        """How much of the budget is used, by the tighter of both bounds."""
        p50, p95 = self.budget
        return max(self.p95 / p95, 0 if p50 is None else self.p50 / p50)

    def row(self) -> str:
        """A row of the table."""
        p50, p95 = self.budget
        allowed = f"{'' if p50 is None else f'{p50:.0f}'} / {p95:.0f}"
        return f"| {self.name} | {self.p50:.0f} | {self.p95:.0f} | {self.processor:.0f} | {allowed} | {self.ratio():.2f} |"


def main() -> None:
    """Build what is missing, measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=200_000)
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "bench-pages")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    os.environ |= {
        "TREATY_HOME": str(asked.home),
        "DJANGO_SETTINGS_MODULE": "treaty.settings",
        "TREATY_LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from treaty.kit import setup

    settings.ALLOWED_HOSTS = ["testserver"]
    setup.prepare()
    build(asked.persons)
    found = [timed(*page) for page in pages()]
    load = os.getloadavg()[0]
    print(f"{connection.vendor}: {asked.persons:,} persons, load {load:.1f}")
    print("\n".join(one.row() for one in found))
    if asked.write:
        write(connection.vendor, asked.persons, found, load)


def build(number: int) -> None:
    """The data set, unless the installation holds it already."""
    from company import add_buyers, at_work

    from treaty.deals.models import Deal
    from treaty.people import queries as people

    if people.person_ids(limit=1):
        if not Deal.objects.exists():
            raise SystemExit("The data set was not built to its end; take it away, and it is built anew.")
        return
    now = datetime.now(UTC).replace(microsecond=0)
    began = time.perf_counter()
    company = at_work(now - timedelta(days=120))
    identities = add_buyers(number, at=now - timedelta(hours=1))
    say("persons", began)
    record_touches(identities, now)
    say("touchpoints", began)
    persons = list(people.persons_of(identities).values())
    score(persons, now)
    say("scores", began)
    hand_over(persons[:: max(1, number // 5_000)], now)
    say("handovers", began)
    sell(persons[: number // 10], company.representatives, now)
    say("deals", began)
    analyse()


def say(what: str, began: float) -> None:
    """How far the building is."""
    print(f"{what}: {time.perf_counter() - began:.0f} s", flush=True)


def record_touches(identities: list[int], now: datetime) -> None:
    """Visits of ten pages, downloads and forms each, over the last ninety days."""
    from treaty.ledger.commands import record_many

    record_many(touches(identities, now), recorded_at=now - timedelta(minutes=30), quiet=True)


def touches(identities: list[int], now: datetime) -> "Iterator[Entry]":
    """The touchpoints of everybody, one person after the other."""
    from treaty.capture.facts import BuyerTouch, FileDownloaded, FormSubmitted, PageSeen
    from treaty.ledger.commands import Entry
    from treaty.ledger.facts import about_identity

    for place, identity in enumerate(identities):
        about = about_identity(identity)
        begun = now - timedelta(minutes=60 + place * 37 % 129_600)
        for n in range(TOUCHES):
            fact: BuyerTouch = PageSeen(page=f"/products/fm-{n}", seconds=n * 7, channel="email")
            if n == TOUCHES - 1:
                fact = FormSubmitted(form="ask-for-a-price", page="/pricing", channel="website")
            elif n == TOUCHES - 2:
                fact = FileDownloaded(file="flow-meters.pdf")
            at = begun + timedelta(seconds=n * 40)
            yield Entry(fact, about, at, source_key=f"page:{place}:{n}", known_at=at)


def score(persons: list[int], now: datetime) -> None:
    """Everybody's score as of now, and the stage that a form leads to."""
    from treaty.people.commands import enter_stage
    from treaty.people.rules import Stage
    from treaty.scoring.commands import score_again

    for start in range(0, len(persons), 10_000):
        chunk = persons[start : start + 10_000]
        enter_stage(chunk[::2], Stage.LEAD, at=now - timedelta(days=1), cause="FormSubmitted")
        score_again(chunk, at=now)


def hand_over(persons: list[int], now: datetime) -> None:
    """Leads offered over the last 90 days; a third of them accepted."""
    from treaty.handovers import commands
    from treaty.handovers.models import Handover

    batches = 90
    for batch in range(batches):
        at = now - timedelta(days=batches - batch, minutes=-30)
        made = commands.offer(persons[batch::batches], at=at, by=None)
        owned = Handover.objects.filter(pk__in=made[::3], owner__isnull=False).order_by("pk")
        for place, (handover, owner) in enumerate(owned.values_list("pk", "owner_id")):
            commands.accept(handover, at=at + timedelta(hours=1 + place % 5), by=owner)
    commands.sweep_clocks(now)


def sell(persons: list[int], representatives: tuple[int, ...], now: datetime) -> None:
    """Deals in every stage, two thirds of them ended."""
    from treaty.deals.commands import add_deals
    from treaty.deals.rules import DealDraft, PastDeal
    from treaty.kit.rules.money import Money

    def deals() -> Iterator[PastDeal]:
        for n, person in enumerate(persons):
            stage = ("won", "lost", "new")[n % 3]
            opened = now - timedelta(days=90 - n % 80)
            draft = DealDraft(
                f"Flow meters {n}",
                person=person,
                owner=representatives[n % len(representatives)],
                stage=stage,
                value=Money(50_000 + n % 900_000, "EUR"),
            )
            closed = None if stage == "new" else opened + timedelta(days=n % 10)
            yield PastDeal(f"bench:{n}", draft, opened, closed, "price" if stage == "lost" else "")

    add_deals(deals(), at=now, by=None)


def analyse() -> None:
    """Lets the engine count its tables, as it does by itself after a while."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages() -> Iterator[tuple[str, Callable[[int], str], str, tuple[float | None, float]]]:
    """Each page: its name, the address of its nth request, who asks, and its budget."""
    from treaty.people import queries as people

    persons = people.person_ids(limit=5_000)
    searched = ("nowak", "田中", "حداد", "ivan", "plant 77", "buyer123@", "kowalski 19", "zolc")

    def fixed(address: str) -> Callable[[int], str]:
        return lambda _n: address

    yield "People, newest first", fixed("/people/"), "hal", FAST
    yield "People of one stage", fixed("/people/?stage=lead"), "hal", FAST
    yield "People, searched", lambda n: f"/people/?q={searched[n % len(searched)]}", "hal", FAST
    yield "Person", lambda n: f"/people/{persons[n * 97 % len(persons)]}/", "hal", FAST
    yield "Companies", fixed("/companies/"), "hal", FAST
    yield "Company", lambda n: f"/companies/{1 + n * 31 % (len(persons) // 20)}/", "hal", FAST
    yield "Today of a representative", fixed("/"), "rep1", FAST
    yield "Today of a marketer", fixed("/"), "mia", FAST
    yield "Today of the head of sales", fixed("/"), "hal", FAST
    yield "Handovers, board", fixed("/handovers/"), "hal", FAST
    yield "Handovers, table", fixed("/handovers/table"), "hal", FAST
    yield "Deals, board", fixed("/deals/"), "hal", FAST
    yield "Deals, table", fixed("/deals/table/"), "hal", FAST
    yield "Agreement", fixed("/agreement/"), "hal", FAST
    yield "Scoreboard", fixed("/scoreboard/"), "hal", BOARD
    yield "Palette search", lambda n: f"/palette?q={searched[n % len(searched)]}", "hal", SEARCH


def timed(name: str, address: Callable[[int], str], who: str, budget: tuple[float | None, float]) -> Timed:
    """Ask a page often, one request after the other."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(
        get_user_model().objects.get(email=f"{who}@example.com"), "treaty.staff.accounts.Backend"
    )
    spent: list[float] = []
    computed: list[float] = []
    for n in range(WARM + REQUESTS):
        begin, busy = time.perf_counter(), time.process_time()
        answer = client.get(address(n))
        took, used = (time.perf_counter() - begin) * 1000, (time.process_time() - busy) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{address(n)} answered {answer.status_code}")
        if n >= WARM:
            spent.append(took)
            computed.append(used)
        if n > WARM and sum(spent) > 20_000:
            break
    p95 = sorted(spent)[int(len(spent) * 0.95) - 1]
    one = Timed(name, statistics.median(spent), p95, statistics.median(computed), budget)
    print(one.row(), flush=True)
    return one


def write(engine: str, number: int, found: list[Timed], load: float) -> None:
    """Replace the table of this engine with so many persons in docs/reference/performance.md."""
    path = ROOT / "docs" / "reference" / "performance.md"
    title = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine]
    what = f"pages on {engine}, {number:,} persons"
    begin, end = f"<!-- {what} -->", f"<!-- end of {what} -->"
    text = path.read_text(encoding="utf-8")
    table = "\n".join(
        (
            begin,
            f"## Pages on {title}, {number:,} persons",
            "",
            (
                f"{datetime.now(UTC).date()}, 2 cores, load {load:.1f} beside the measurement,"
                f" {number * TOUCHES:,} touchpoints; milliseconds."
            ),
            "",
            "| page | p50 | p95 | processor time, p50 | budget p50 / p95 | share of the budget |",
            "|---|---|---|---|---|---|",
            *(one.row() for one in found),
            end,
        )
    )
    before, _, rest = text.partition(begin)
    after = rest.partition(end)[2] if rest else "\n"
    path.write_text(f"{before}{table}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
