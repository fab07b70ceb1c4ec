"""The rules at work: who is taken, who is spared and why, and that nothing is taken while a rule is off."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from treaty.conversations.commands import log_call, write_note
from treaty.conversations.queries import notes
from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft
from treaty.documents import queries as documents
from treaty.documents.tests.factories import document
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import NOW, lead, world
from treaty.kit import jobs
from treaty.kit.models import Job
from treaty.ledger.facts import about_company, about_version
from treaty.ledger.models import Touchpoint, TouchpointText
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.people.rules import Stage
from treaty.people.tests.factories import SINCE, company, person, pia
from treaty.retention import commands, queries
from treaty.retention.cli import retention
from treaty.retention.jobs import keep_tonight
from treaty.retention.models import Run
from treaty.retention.rules import Kind
from treaty.staff.models import AuditRow
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2028, 12, 1, 9, 0, tzinfo=UTC)
"""Two years and a month after the persons of the tests became known."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"


def on(kind: Kind, months: int = 24) -> None:
    commands.set_rule(kind, months=months, at=AT, by=None)


def take(kind: Kind) -> int:
    return commands.take(kind, at=AT, step=lambda _taken: None)


def forgotten() -> set[int]:
    return set(Person.objects.exclude(forgotten_at=None).values_list("pk", flat=True))


def test_a_rule_that_is_off_takes_nothing() -> None:
    write_note(pia().pk, text="Old.", at=SINCE, by=None)
    assert (take(Kind.TEXTS), take(Kind.PERSONS)) == (0, 0)
    on(Kind.TEXTS)
    assert commands.end_rule(Kind.TEXTS, at=AT, by=None)
    assert take(Kind.TEXTS) == 0
    assert TouchpointText.objects.count() == 1


def test_texts_of_an_age_are_emptied_and_younger_ones_are_not() -> None:
    buyer, ann = pia(), staff.ann()
    old = write_note(buyer.pk, text="Her daughter is called Zuzanna.", at=SINCE, by=ann.pk)
    of_company = write_note(about_company(company().pk), text="Old firm.", at=SINCE, by=ann.pk)
    young = write_note(buyer.pk, text="Young.", at=AT - timedelta(days=300), by=ann.pk)
    contract = write_note(about_version(1), text="Part of the contract.", at=SINCE, by=ann.pk)
    before = list(Touchpoint.objects.order_by("pk").values_list("pk", "kind", "payload", "by"))
    on(Kind.TEXTS)
    assert take(Kind.TEXTS) == 2
    kept = set(TouchpointText.objects.values_list("touchpoint_id", flat=True))
    assert kept == {young.id, contract.id}
    assert [line.id for line in notes([old.id, of_company.id, young.id])] == [young.id]
    assert list(Touchpoint.objects.order_by("pk").values_list("pk", "kind", "payload", "by")) == before
    assert take(Kind.TEXTS) == 0


def test_who_was_left_alone_is_forgotten_and_who_was_not_is_spared() -> None:
    ann = staff.ann()
    deals.prepare(at=SINCE)
    alone, called, noted, bought, dealing = (person(f"Buyer {number}").pk for number in range(5))
    log_call(alone, outcome="reached", at=SINCE, by=ann.pk)
    log_call(called, outcome="reached", at=AT - timedelta(days=300), by=ann.pk)
    write_note(noted, text="Asked about her.", at=AT - timedelta(days=300), by=ann.pk)
    people.enter_stage([bought], Stage.CUSTOMER, at=SINCE, cause="", by=ann.pk)
    deals.open_deal(DealDraft(name="Rails", person=dealing), at=SINCE, by=ann.pk)
    on(Kind.PERSONS)
    assert queries.counted(Kind.PERSONS, at=AT) == 1
    assert take(Kind.PERSONS) == 1
    assert forgotten() == {alone}
    assert take(Kind.PERSONS) == 0


def test_who_is_offered_is_spared_until_the_handover_ends() -> None:
    world()
    handover = lead()
    at = NOW + timedelta(days=900)
    commands.set_rule(Kind.PERSONS, months=24, at=at, by=None)
    assert queries.counted(Kind.PERSONS, at=at) == 0
    Handover.objects.filter(pk=handover.pk).update(state="returned")
    assert queries.counted(Kind.PERSONS, at=at) == 1


def test_who_was_added_lately_is_spared() -> None:
    person()
    on(Kind.PERSONS, months=26)
    assert take(Kind.PERSONS) == 0


def test_portions_take_all_and_say_in_the_audit_what_they_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treaty.retention.queries.PORTION", 2)
    monkeypatch.setattr(queries.due, "__kwdefaults__", {"limit": 2})
    crowd = {person(f"Buyer {number}").pk for number in range(5)}
    on(Kind.PERSONS)
    steps: list[int] = []
    assert commands.take(Kind.PERSONS, at=AT, step=steps.append) == 5
    assert (steps, forgotten()) == ([2, 4, 5], crowd)
    (run,) = Run.objects.all()
    assert (run.kind, run.months, run.taken) == ("persons", 24, 5)
    lines = AuditRow.objects.filter(verb="retention_kept").order_by("pk")
    assert [line.changes["taken"] for line in lines] == [[None, 2], [None, 2], [None, 1]]
    causes = AuditRow.objects.filter(verb="person_forgotten").values_list("changes", flat=True)
    assert list(causes) == [{"cause": [None, "retention"]}] * 5


def test_a_rule_keeps_for_months_that_make_sense() -> None:
    with pytest.raises(ValueError, match="1 to 240"):
        on(Kind.PERSONS, months=0)


def test_the_night_asks_for_the_work_once_and_only_where_a_rule_is_on() -> None:
    keep_tonight(AT)
    assert not Job.objects.exists()
    on(Kind.TEXTS)
    keep_tonight(AT)
    keep_tonight(AT)
    (job,) = Job.objects.all()
    assert job.name == "keep_retention"
    assert jobs.run_next()
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"texts": 0, "persons": 0, "files": 0})


def test_a_dry_run_counts_what_the_run_takes_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treaty.retention.cli.timezone.now", lambda: AT)
    write_note(pia().pk, text="Old.", at=SINCE, by=None)
    on(Kind.TEXTS)
    dry = CliRunner().invoke(retention, ["--dry-run", "--json"])
    told = json.loads(dry.stdout)
    assert told["dry_run"] is True
    assert told["rules"] == [
        {"kind": "texts", "months": 24, "taken": 1},
        {"kind": "persons", "months": None, "taken": 0},
        {"kind": "files", "months": None, "taken": 0},
    ]
    assert TouchpointText.objects.count() == 1
    assert CliRunner().invoke(retention, []).stdout.splitlines() == [
        "texts: 1 older than 24 months were taken",
        "persons: off",
        "files: off",
    ]
    assert not TouchpointText.objects.exists()


def test_documents_of_a_certain_age_go_for_good_with_their_bytes(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    buyer = pia()
    document("person", buyer.pk)
    (row,) = documents.documents_of("person", buyer.pk)
    assert take(Kind.FILES) == 0
    on(Kind.FILES, 26)
    assert take(Kind.FILES) == 0, "added two years and a month ago"
    on(Kind.FILES, 24)
    with django_capture_on_commit_callbacks(execute=True):
        assert take(Kind.FILES) == 1
    assert documents.documents_of("person", buyer.pk) == []
    assert not row.path.exists()
    assert Run.objects.get().taken == 1
