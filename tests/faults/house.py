"""The company whose processes are killed, as code that runs inside its installation; each function prints JSON."""

import json
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from treaty.agreements import commands as agreements
from treaty.agreements.facts import PromiseBroken
from treaty.agreements.models import VerdictRow
from treaty.agreements.rules import Document, Promise
from treaty.agreements.rules.document import Example, ExampleTouch
from treaty.agreements.rules.starter import starter
from treaty.capture.facts import PageSeen
from treaty.handovers import commands as handovers
from treaty.handovers.commands.following import about
from treaty.handovers.models import Clock, Handover
from treaty.kit import jobs
from treaty.kit.models import Job
from treaty.ledger.commands import Entry, identify_many, pepper, record_many
from treaty.ledger.facts import about_identity
from treaty.ledger.models import Identity, Touchpoint
from treaty.ledger.queries import lines_of_kinds
from treaty.ledger.rules import opaque
from treaty.notices.models import Notice
from treaty.people.commands import add_persons, merge_persons
from treaty.people.models import Company, Employment, Person, PersonIdentity, PersonTag
from treaty.people.rules import PersonDraft
from treaty.scoring.models import Score
from treaty.segments.rules import Predicate
from treaty.staff import commands as staff
from treaty.staff.commands import NewUser, Times
from treaty.staff.queries import teams, user_by_email
from treaty.warehouse.queries import NoLake, lake

ALWAYS = Times("UTC", tuple((day, 0, 24 * 60) for day in range(7)))
A_FORM = {"version": 1, "match": {"did": "FormSubmitted", "times": 1, "within_days": 30}}
SECONDS_TO_ACT = 4.0
"""What sales promises here: nobody wants to wait hours for a promise to break."""


def move_in() -> None:
    """A company that never sleeps, an agreement in force, and a key for the API."""
    at = timezone.now()
    staff.set_schedule("company", 0, times=ALWAYS, at=at, by=None)
    team = next(team.id for team in teams() if team.side == "sales")
    users = {
        name: staff.add_user(NewUser(f"{name}@example.com", name.title(), role, team=of), at=at, by=None)
        for name, role, of in (
            ("ann", "representative", team),
            ("lea", "head_of_sales", None),
            ("mia", "head_of_marketing", None),
        )
    }
    version = agreements.draft_version(document(team, users["ann"]), at=at, by=users["mia"])
    sha256 = agreements.propose(version, at=at, by=users["mia"])
    agreements.sign(version, sha256=sha256, side="marketing", at=at, by=users["mia"])
    agreements.sign(version, sha256=sha256, side="sales", at=at, by=users["lea"])
    owner = staff.add_user(NewUser("hal@example.com", "Hal", "administrator"), at=at, by=None)
    key = staff.issue_key("faults", owner=owner, scopes=["touchpoints:write"], at=at, by=None)
    print(json.dumps(key))


def document(team: int, ann: int) -> Document:
    """Whoever sends a form is a lead, and sales has seconds to act."""
    acts = (Promise(grades=("A", "B", "C", "D"), hours=SECONDS_TO_ACT / 3600),)
    pia = Example(name="Pia", passes=True, touches=(ExampleTouch(did="FormSubmitted"),))
    changes = {
        "definition": Predicate.model_validate(A_FORM),
        "examples": (pia, Example(name="Quinn", passes=False)),
        "accept": acts,
        "first_touch": acts,
    }
    return starter(str, team=team, members=[ann]).model_copy(update=changes)


def counts() -> None:
    """How many rows each table holds that an import writes, and how many facts of each kind."""
    tables = (Person, PersonIdentity, Company, Employment, PersonTag, Identity, Score)
    found = {table.__name__: table.objects.count() for table in tables}
    kinds = Touchpoint.objects.values_list("kind").annotate(Count("id")).order_by("kind")
    print(json.dumps(found | dict(kinds)))


def ask_for_import(path: str) -> None:
    """The import of a kept file, as somebody's job."""
    print(
        jobs.start(
            "import_persons", "Import", {"path": path, "dry_run": False, "offer": False, "by": None}, by=None
        )
    )


def ask_for_imports(folder: str, by: str) -> None:
    """An import for each file of a folder, all asked for at once by somebody who wants to hear of each end."""
    user = user_by_email(by)
    assert user is not None
    arguments = {"dry_run": False, "offer": False, "by": user.pk}
    paths = sorted(Path(folder).iterdir())
    found = [
        jobs.start("import_persons", path.stem, {"path": str(path), **arguments}, by=user.pk)
        for path in paths
    ]
    print(json.dumps(found))


def ends_of(first: int, last: int) -> None:
    """How jobs stand, how many were begun more than once, and of how many ends somebody was told how often."""
    rows = Job.objects.filter(pk__range=(first, last))
    states = Counter(rows.order_by("pk").values_list("state", flat=True))
    told = Counter(Notice.objects.filter(kind="job_done").order_by("pk").values_list("url", flat=True))
    times = [told[f"/jobs/{job}/"] for job in range(first, last + 1)]
    again = rows.filter(attempts__gt=1).count()
    print(json.dumps({"states": states, "again": again, "told": Counter(map(str, times))}))


def imported(prefix: str) -> None:
    """How many persons came out of the files of a name, and how many facts say so."""
    persons = Person.objects.filter(email__regex=rf"^{prefix}[0-9]")
    identities = PersonIdentity.objects.filter(person__in=persons).values("identity")
    added = Touchpoint.objects.filter(
        kind="PersonAdded", subject_kind="identity", subject_id__in=identities
    ).count()
    print(json.dumps({"persons": persons.count(), "added": added}))


def connections() -> None:
    """How many connections this installation holds on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        print(cursor.fetchone()[0])


def is_sound() -> None:
    """What SQLite finds when it reads all of its file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        print(json.dumps(cursor.fetchone()[0]))


def state_of(job: int) -> None:
    """How a job stands, and what it brought."""
    row = Job.objects.get(pk=job)
    print(json.dumps({"state": row.state, "attempts": row.attempts}))


def written(prefix: str, number: int) -> None:
    """How often each source key of `prefix` is in the ledger, and how many persons it made."""
    keys = {opaque(pepper(), f"api:{prefix}-{n}"): n for n in range(number)}
    rows = Touchpoint.objects.filter(source_key__in=list(keys)).order_by("id")
    found = Counter(keys[key] for key in rows.values_list("source_key", flat=True))
    persons = Person.objects.filter(email__startswith=f"{prefix}-").count()
    offers = Handover.objects.filter(person__email__startswith=f"{prefix}-").count()
    print(json.dumps({"times": dict(sorted(found.items())), "persons": persons, "offers": offers}))


def offer_leads(prefix: str, number: int, seconds: float) -> None:
    """Leads whose promises break one after the other within the next seconds."""
    now = timezone.now()
    drafts = [PersonDraft(name=f"Lead {n}", emails=(f"{prefix}-{n}@example.com",)) for n in range(number)]
    persons = add_persons(drafts, at=now, by=None, source="hand", quiet=False)
    for place, added in enumerate(persons):
        handovers.offer([added.person_id], at=now + timedelta(seconds=seconds * place / number), by=None)
    print(json.dumps(number))


def open_clocks() -> None:
    """How many promises may still be kept, or are decided and not yet said."""
    print(
        Clock.objects.filter(verdict="open", due_at__isnull=False).count()
        + Clock.objects.filter(is_unsaid=True).count()
    )


def broken(prefix: str) -> None:
    """Each broken promise of the leads of `prefix`: how often a fact says so, and how many verdicts stand."""
    clocks = Clock.objects.filter(handover__person__email__startswith=f"{prefix}-", verdict="broken")
    wanted = sorted(
        [about(clock.handover_id, clock.name, clock.sequence), clock.clause, clock.user_id]
        for clock in clocks.exclude(clause="").order_by("id")
    )
    names = {what for what, _, _ in wanted}
    facts = [line.fact for line in lines_of_kinds(["PromiseBroken"])]
    said = sorted(
        [fact.about, fact.clause, fact.user]
        for fact in facts
        if isinstance(fact, PromiseBroken) and fact.about in names
    )
    rows = VerdictRow.objects.filter(about__in=names, verdict="broken").order_by("about", "clause")
    stand = sorted([row.about, row.clause, row.user_id] for row in rows)
    print(json.dumps({"wanted": wanted, "facts": said, "verdicts": stand}))


def busy_days(prefix: str, rounds: int) -> None:
    """Facts of today and of long ago, about who is known, becomes known or is merged, a few at a time."""
    now, chance = timezone.now(), Random(prefix)
    addresses = [f"{prefix}-{n}@example.com" for n in range(40)]
    identities = list(identify_many([("email", address) for address in addresses], at=now).values())
    for _ in range(rounds):
        days = chance.choices(range(200), k=50)
        record_many(
            [
                Entry(PageSeen("/"), about_identity(chance.choice(identities)), now - timedelta(days=day))
                for day in days
            ]
        )
        add_persons(
            [PersonDraft(emails=(chance.choice(addresses),))], at=now, by=None, source="api", quiet=False
        )
        known = list(
            Person.objects.filter(email__startswith=f"{prefix}-").order_by("pk").values_list("pk", flat=True)
        )
        if len(known) > 5:
            merge_persons(known[0], merged=known[-1], at=now, by=None)
        time.sleep(0.05)


def lake_lines() -> None:
    """How many lines the lake shows, how many of them differ, and how many there are up to its own; nothing without one."""
    try:
        with lake() as connection:
            found = connection.execute(
                "SELECT count(*), count(DISTINCT line), max(line) FROM touchpoints"
            ).fetchall()
    except NoLake:
        print(json.dumps({}))
        return
    [(rows, different, line)] = found
    ledger = Touchpoint.objects.filter(pk__lte=line or 0).count()
    told = {"rows": rows, "different": different, "ledger": ledger, "lines": Touchpoint.objects.count()}
    print(json.dumps(told))
