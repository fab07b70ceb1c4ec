"""Routing of many leads in one call, with facts, rows, clocks and notices; beside it what Odoo 19 was measured to take.

python -m pytest benchmarks/routing.py -m bench -s
"""

import os
from datetime import UTC, datetime
from time import perf_counter, process_time

import pytest
from django.db import connection

from treaty.handovers import commands
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import world
from treaty.people.commands import add_persons
from treaty.people.rules import PersonDraft

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
ODOO_SECONDS = {1_000: 9.0, 10_000: 151.0}
BAR_SECONDS = {1_000: 1.0, 10_000: 5.0}


@pytest.mark.bench
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leads", [1_000, 10_000])
def test_routing(leads: int) -> None:
    """All in one call; the bar is numbers.md 7. Judged is this process's own work: a busy machine stretches the rest."""
    world()
    drafts = [PersonDraft(name=f"Buyer {n}", emails=(f"buyer{n}@example.com",)) for n in range(leads)]
    ids = [added.person_id for added in add_persons(drafts, at=NOW, by=None, source="import")]
    began, busy = perf_counter(), process_time()
    commands.offer(ids, at=NOW, by=None)
    seconds, worked = perf_counter() - began, process_time() - busy
    print(
        f"\n{connection.vendor}: {leads:,} leads in {seconds:.2f} s, {seconds / BAR_SECONDS[leads]:.2f} of the limit;"
        f" {worked:.2f} s of own work, load {os.getloadavg()[0]:.1f}; Odoo 19 took {ODOO_SECONDS[leads]:.0f} s"
    )
    assert Handover.objects.count() == leads
    assert worked < BAR_SECONDS[leads]
