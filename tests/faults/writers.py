"""Those who write and read at the same time for minutes, as code that runs inside an installation; each prints JSON."""

import json
import time
from collections import Counter
from random import Random

from django.db import connection
from django.utils import timezone

from treaty.capture.facts import PageSeen
from treaty.conversations.commands import log_call
from treaty.deals.commands import move_deal, open_deal
from treaty.deals.rules import DealDraft
from treaty.handovers import commands as handovers
from treaty.ledger.commands import Entry, record_many
from treaty.ledger.facts import about_identity
from treaty.people.commands import add_persons, change_person
from treaty.people.commands.add_persons import Added
from treaty.people.queries import identities_of
from treaty.people.rules import PersonDraft

VERBS = ("record", "add", "call", "deal", "offer", "change")


def write_until(end: float, number: int) -> None:
    """One of several who write at the same time, each verb a transaction; how often it did, and its longest wait."""
    chance, done, longest = Random(number), Counter[str](), 0.0
    persons = [added.person_id for added in newcomers(f"writer{number}", 20)]
    while time.time() < end:
        verb, began = chance.choice(VERBS), time.perf_counter()
        write(verb, chance.choice(persons), f"writer{number}-{sum(done.values())}")
        done[verb] += 1
        longest = max(longest, time.perf_counter() - began)
    print(json.dumps({"done": done, "longest": round(longest, 2)}))


def newcomers(prefix: str, number: int) -> list[Added]:
    """Persons nobody knew."""
    drafts = [PersonDraft(name=f"{prefix} {n}", emails=(f"{prefix}-{n}@example.com",)) for n in range(number)]
    return add_persons(drafts, at=timezone.now(), by=None, source="api", quiet=False)


def write(verb: str, person: int, name: str) -> None:
    """One of the things that happen all day."""
    now = timezone.now()
    match verb:
        case "record":
            identity = identities_of([person])[person][0]
            record_many([Entry(PageSeen("/"), about_identity(identity), now) for _ in range(50)])
        case "add":
            newcomers(name, 5)
        case "call":
            log_call(person, outcome="reached", note="Interested", at=now, by=None)
        case "deal":
            deal = open_deal(DealDraft(name, person=person), at=now, by=None)
            move_deal(deal, stage="lost", reason="price", at=now, by=None)
        case "offer":
            handovers.offer([newcomers(name, 1)[0].person_id], at=now, by=None)
        case "change":
            change_person(person, changes={"title": name}, at=now, by=None)


def report_until(end: float) -> None:
    """A long report: one question whose answer is read slowly, to the end of time; how many rows it read."""
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, b.payload FROM ledger_touchpoint a, ledger_touchpoint b, ledger_touchpoint c"
        )
        while time.time() < end and (found := cursor.fetchmany(5_000)):
            rows += len(found)
            time.sleep(0.05)
    print(rows)
