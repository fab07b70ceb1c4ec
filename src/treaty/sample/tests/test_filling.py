"""The sample company as it is filled: once, at the tests' own instant, and on SQLite only, because it takes half a minute."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from treaty.agreements.queries.months import month_verdicts
from treaty.cli import rebuilt
from treaty.handovers.queries.figures import counted_leads
from treaty.kit.setup import start_nouns
from treaty.people.models import Person
from treaty.sample.commands import fill
from treaty.sample.rules.season import WORKING_DAYS
from treaty.scoreboard.queries import promise_totals
from treaty.scoreboard.rules import Tally
from treaty.segments.models import Segment
from treaty.segments.queries import counted
from treaty.segments.rules import parse
from treaty.staff.queries import has_users

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
SIX = {"pl", "ja", "ru", "ar", "zh-hans", "en"}


@pytest.fixture(scope="module")
def heard(django_db_setup: None, django_db_blocker: Any) -> Iterator[Counter[int]]:
    """The company is filled until the last of these tests; how often each of its days was told of."""
    told = Counter[int]()
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            pytest.skip("what it plays is tried on both engines where it is written")
        with transaction.atomic():
            with time_machine.travel(NOW, tick=False):
                start_nouns()
                fill(now=NOW, password="long-enough-for-all", told=lambda done, _all: told.update([done]))
            yield told
            transaction.set_rollback(True)


def tallies(side: str, version: int) -> Tally:
    rows = promise_totals(NOW, None)
    found = [row.tally for row in rows if (row.clause.side, row.version) == (side, version)]
    return sum(found, Tally())


def test_120_working_days_are_played(heard: Counter[int]) -> None:
    assert set(range(WORKING_DAYS)) <= set(heard)
    qualified = [lead.qualified_at.date() for lead in counted_leads(datetime(2026, 1, 1, tzinfo=UTC), NOW)]
    assert not [day for day in qualified if day.weekday() > 4]
    # Independence Day, a Wednesday: nobody works, nobody asks.
    assert datetime(2026, 11, 11, tzinfo=UTC).date() not in qualified
    assert len(set(qualified)) > 100


def test_marketing_breaks_its_promise_in_august_alone(heard: Counter[int]) -> None:
    verdicts = {row.month: row.verdict for row in month_verdicts()}
    kept = dict.fromkeys(("2026-06", "2026-07", "2026-09", "2026-10"), "kept")
    assert verdicts == kept | {"2026-08": "broken"}
    # November runs. October began under the amendment, and was the first to keep what it promises.
    assert tallies("marketing", 1) == Tally(kept=3, broken=1)
    assert tallies("marketing", 2) == Tally(kept=1, open=1)


def test_sales_keeps_most_of_its_promises_and_breaks_some_under_both_versions(heard: Counter[int]) -> None:
    for version in (1, 2):
        done = tallies("sales", version)
        assert done.broken >= 5
        assert done.rate is not None
        assert 0.8 < done.rate < 0.99
    assert tallies("sales", 2).open >= 3


def test_buyers_have_names_of_six_languages_in_their_own_scripts(heard: Counter[int]) -> None:
    found = Counter(Person.objects.order_by("pk").values_list("language", flat=True))
    assert set(found) == SIX
    assert min(found.values()) >= 20
    own = Person.objects.exclude(name_local="").order_by("pk").values_list("language", flat=True)
    assert set(own) == {"ja", "ru", "ar", "zh-hans"}


def test_every_segment_means_some_and_not_all(heard: Counter[int]) -> None:
    sizes = {one.name: counted(parse(one.predicate), NOW).number for one in Segment.objects.all()}
    assert len(sizes) == 3
    assert all(5 <= size < Person.objects.count() / 2 for size in sizes.values()), sizes


def test_every_projection_equals_its_fold(heard: Counter[int]) -> None:
    assert sum(dict(rebuilt(check=True, at=NOW)).values()) == 0


def test_whoever_is_stopped_while_filling_leaves_nobody_behind(db: None) -> None:
    class Stopped(Exception):
        """Ctrl-C."""

    def stop(done: int, _all: int) -> None:
        if done == 3:
            raise Stopped

    start_nouns()
    with pytest.raises(Stopped):
        fill(now=NOW, password="long-enough-for-all", told=stop)
    assert not has_users()
    assert not Person.objects.exists()
