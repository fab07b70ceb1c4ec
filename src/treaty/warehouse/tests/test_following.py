"""The lake follows: late facts, strangers who become known, merges, imports; against a plain list of what there is."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from treaty.agreements.facts import PromiseBroken, PromiseExcused
from treaty.agreements.tests.factories import agreement
from treaty.capture.facts import PageSeen
from treaty.kit.commands.changes import forget_marks, mark_changed
from treaty.ledger.commands import identify, record
from treaty.ledger.facts import about_identity, about_version
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.people.rules import CompanyDraft
from treaty.people.tests.factories import person, pia
from treaty.warehouse import commands, queries
from treaty.warehouse.commands import following, writing
from treaty.warehouse.folder import ours
from treaty.warehouse.reading import Reader
from treaty.warehouse.rules import Table
from treaty.warehouse.tests.lakes import assert_all_is_held, rows, taken
from treaty.warehouse.tests.world import AT, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_lake_holds_what_the_tables_hold(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_MOVED", seed % 3 * 4)
    world = World(seed)
    for _ in range(8):
        for _ in range(world.chance.randrange(1, 9)):
            world.act()
        taken(AT)
        assert_all_is_held()
    found = commands.differences(AT)
    assert found is not None
    assert sum(found.values()) == 0


def see(identity: int, at: datetime, page: str = "/pricing") -> None:
    record(PageSeen(page), about=about_identity(identity), at=at)


def test_a_turn_writes_beside_what_is_there_and_a_quiet_one_nothing() -> None:
    buyer = pia()
    assert taken(AT).is_anew
    before = ours().manifest()
    assert taken(AT) == commands.Taken(before.line if before else 0)
    assert ours().manifest() == before
    see(buyer.anchor_id, AT)
    assert not taken(AT).is_anew
    after = ours().manifest()
    assert before is not None
    assert after is not None
    assert after.turn == before.turn + 1
    assert after.tables["companies"] == before.tables["companies"]


def test_a_late_fact_lies_in_its_own_month_and_in_the_order_of_its_person() -> None:
    buyer = pia()
    see(buyer.anchor_id, datetime(2026, 3, 5, tzinfo=UTC), "/second")
    taken(AT)
    see(buyer.anchor_id, datetime(2026, 3, 2, tzinfo=UTC), "/first")
    taken(AT)
    manifest = ours().manifest()
    assert manifest is not None
    [path] = (ours().path / file.path for file in manifest.of_month("2026-03"))
    assert path.parent.name == "month=2026-03"
    pages = rows(
        "SELECT payload ->> '$.page' FROM touchpoints t JOIN kinds USING (kind) WHERE name = 'PageSeen'"
    )
    assert pages == [("/first",), ("/second",)]


def test_what_a_stranger_did_is_theirs_once_they_are_known() -> None:
    identity = identify("email", "pia@example.com", at=AT)
    see(identity, AT - timedelta(days=40))
    taken(AT)
    assert rows("SELECT person FROM touchpoints") == [(None,)]
    buyer = person("Pia", emails=("pia@example.com",))
    taken(AT)
    [(number,)] = rows(f"SELECT person FROM persons WHERE person_id = {buyer.pk}")
    assert rows(f"SELECT DISTINCT person FROM touchpoints WHERE subject_id = {identity}") == [(number,)]
    assert queries.status().moved == 1


def test_a_merge_in_the_middle_of_a_turn_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = person("Pia"), person("Quinn")
    see(one.anchor_id, AT)
    see(other.anchor_id, AT)
    taken(AT)
    read, merged = Reader.named, list[object]()

    def named(self: Reader, table: Table, name: str, wanted: Collection[int], *, into: str) -> None:
        if name == "person_id" and not merged:
            merged.append(people.merge_persons(one.pk, merged=other.pk, at=AT, by=None))
        read(self, table, name, wanted, into=into)

    monkeypatch.setattr(Reader, "named", named)
    see(one.anchor_id, AT)
    see(other.anchor_id, AT)
    taken(AT)
    assert merged
    assert rows("SELECT count(*) - count(DISTINCT line) FROM touchpoints") == [(0,)]
    taken(AT)
    assert_all_is_held()


def test_numbers_of_persons_are_dense_and_stay() -> None:
    for name in ("Pia", "Quinn", "Rosa"):
        person(name)
    Person.objects.filter(name="Quinn").delete()
    taken(AT)
    assert rows("SELECT person FROM persons ORDER BY ALL") == [(0,), (1,)]
    person("Sam")
    taken(AT)
    assert rows("SELECT person FROM persons ORDER BY person_id") == [(0,), (1,), (2,)]


def test_a_company_that_no_fact_tells_of_is_there_with_the_next_turn() -> None:
    taken(AT)
    people.add_company(CompanyDraft(name="Huta", sector="steel"), at=AT, by=None)
    taken(AT)
    assert rows("SELECT sector FROM companies") == [("steel",)]


def test_a_verdict_that_is_corrected_stands_once() -> None:
    version = agreement()
    told: dict[str, Any] = {
        "version": version.id,
        "clause": "4.1",
        "obliged": "sales",
        "about": "handover:7",
        "due_at": AT.isoformat(),
    }
    record(PromiseBroken(**told), about=about_version(version.id), at=AT)
    taken(AT)
    assert rows("SELECT about, verdict, revision FROM verdicts") == [("handover:7", "broken", 0)]
    record(PromiseExcused(**told, cause="both"), about=about_version(version.id), at=AT)
    taken(AT)
    assert rows("SELECT about, verdict, revision FROM verdicts") == [("handover:7", "excused", 1)]


def test_nothing_readable_of_a_person_enters_and_what_was_known_of_a_forgotten_one_leaves() -> None:
    buyer = pia(title="Buyer", city="Katowice", country="PL")
    taken(AT)
    [held] = rows(f"SELECT * FROM persons WHERE person_id = {buyer.pk}")
    assert not {"Pia Kowalska", "Kowalska", "Buyer", "Katowice", buyer.email, buyer.phone} & set(held)
    before = ours().manifest()
    people.forget_person(buyer.pk, at=AT, by=None)
    taken(AT)
    assert rows("SELECT country, has_email FROM persons") == [("", False)]
    after = ours().manifest()
    assert before is not None
    assert after is not None
    assert before.tables["persons"].base.path not in after.files()


def test_who_is_in_the_bin_is_marked_until_coming_back() -> None:
    buyer = pia()
    taken(AT)
    people.bin_persons([buyer.pk], at=AT, by=None, cause="hand")
    taken(AT)
    assert rows("SELECT binned_at IS NOT NULL FROM persons") == [(True,)]
    people.restore_persons([buyer.pk], at=AT, by=None, cause="hand")
    taken(AT)
    assert rows("SELECT binned_at IS NOT NULL FROM persons") == [(False,)]


def test_where_much_has_changed_a_new_base_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "is_due", lambda base, recent: recent > 2)
    people_there = [person(name) for name in ("Pia", "Quinn", "Rosa", "Sam")]
    taken(AT)
    for one, is_new in ((0, False), (1, False), (2, True)):
        people.change_person(people_there[one].pk, at=AT, by=None, changes={"country": "DE"})
        before = ours().manifest()
        taken(AT)
        after = ours().manifest()
        assert before is not None
        assert after is not None
        assert (before.tables["persons"].base != after.tables["persons"].base) is is_new
        assert after.tables["persons"].rows == 4
        assert_all_is_held()


def test_more_than_one_turn_takes_is_taken_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 3)
    taken(AT)
    for name in ("Pia", "Quinn", "Rosa", "Sam"):
        person(name)
    assert not taken(AT).is_all
    assert commands.follow_all(AT) is not None
    assert_all_is_held()


def test_marks_that_are_gone_take_no_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 3)
    taken(AT)
    mark_changed("person", range(1, 8))
    forget_marks(before=AT + timedelta(days=1))
    mark_changed("person", [8])
    assert taken(AT).is_all


def test_a_lake_of_another_ledger_or_shape_or_one_that_slept_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buyer = pia()
    see(buyer.anchor_id, AT)
    taken(AT)
    assert not taken(AT).is_anew
    assert taken(AT + timedelta(hours=13)).is_anew
    monkeypatch.setattr("treaty.ledger.queries.line_key", lambda _line: "another")
    assert taken(AT + timedelta(hours=13)).is_anew
    monkeypatch.undo()
    monkeypatch.setattr("treaty.warehouse.queries.shape", lambda: "another")
    assert taken(AT + timedelta(hours=13)).is_anew


def test_a_restored_database_has_no_lake_until_one_is_made() -> None:
    taken(AT)
    commands.after_restore(at=AT)
    with pytest.raises(queries.NoLake), queries.lake():
        pass
    assert taken(AT).is_anew
