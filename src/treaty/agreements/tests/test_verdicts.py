"""Verdicts: recorded once, corrected by new facts, folded into rows that can be folded again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from treaty.agreements import commands, margins, projections, queries
from treaty.agreements.facts import PromiseBroken, PromiseExcused, PromiseKept
from treaty.agreements.models import VerdictRow
from treaty.agreements.queries import Counts
from treaty.agreements.tests.factories import agreement
from treaty.ledger import listeners
from treaty.ledger.facts import about_version
from treaty.ledger.queries import history
from treaty.ledger.tests.wires import put_back
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """The ledger tells the verdicts' projection, and nobody else."""
    kinds = (PromiseKept, PromiseBroken, PromiseExcused)
    with put_back():
        listeners.connect(dict.fromkeys(kinds, (projections.verdict_listener,)))
        yield


def judge(
    verdict: str, version: int, at: datetime, *, about: str = "handover:7", user: int | None = None
) -> object:
    return commands.record_verdict(
        verdict,
        version=version,
        clause="4.1",
        side="sales",
        about=about,
        due_at=at,
        user=user,
        cause="",
        at=at,
    )


def test_a_verdict_is_recorded_once(now: datetime) -> None:
    version = agreement(now - 24 * HOUR).id
    assert judge("broken", version, now) is not None
    assert judge("broken", version, now) is None
    assert [line.kind for line in history([about_version(version)], {"PromiseBroken"})] == ["PromiseBroken"]


def test_a_correction_is_a_new_fact_and_both_stay(now: datetime) -> None:
    version = agreement(now - 24 * HOUR).id
    for verdict in ("broken", "kept", "broken"):
        assert judge(verdict, version, now) is not None
    assert len(history([about_version(version)], {"PromiseBroken", "PromiseKept"})) == 3
    row = VerdictRow.objects.get()
    assert (row.verdict, row.revision) == ("broken", 2)


def test_the_team_and_its_members_are_judged_apart(now: datetime) -> None:
    version, ann = agreement(now - 24 * HOUR).id, staff.ann().pk
    judge("broken", version, now)
    judge("excused", version, now, about="offer:7:1", user=ann)
    assert VerdictRow.objects.count() == 2
    assert queries.verdict_counts(now.date()) == {(version, "4.1", "sales"): Counts(broken=1)}


def test_the_fold_again_equals_the_rows(now: datetime) -> None:
    version = agreement(now - 24 * HOUR).id
    judge("broken", version, now)
    judge("kept", version, now)
    judge("kept", version, now, about="handover:8")
    assert projections.rebuild(check=True, at=now) == 0
    VerdictRow.objects.filter(about="handover:7").update(verdict="broken")
    VerdictRow.objects.filter(about="handover:8").delete()
    assert projections.rebuild(check=True, at=now) == 2
    assert projections.rebuild(check=False, at=now) == 2
    assert projections.rebuild(check=True, at=now) == 0


def test_counts_are_those_due_in_the_month(now: datetime) -> None:
    version = agreement(now - 24 * HOUR).id
    judge("kept", version, now)
    judge("kept", version, now - timedelta(days=30), about="handover:8")
    judge("excused", version, now, about="handover:9")
    assert queries.counts_by_clause(version, now.date()) == {"4.1": Counts(kept=1, excused=1)}


def test_the_margin_is_what_stands_unless_somebody_knows_better(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = agreement(now - 24 * HOUR).id
    judge("kept", version, now)
    month = now.date().replace(day=1)
    monkeypatch.setattr(margins, "PROVIDERS", [])
    assert margins.of(version, month)["4.1"].kept == 1
    margins.register(lambda _version, _month: {"4.1": margins.Margin(kept=5, open=2)})
    assert margins.of(version, month)["4.1"].open == 2
