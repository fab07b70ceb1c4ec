"""Big tables change while others write: nobody waits for long, and what was stopped half-way goes on."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, NotSupportedError, OperationalError, connection, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now

from treaty.kit import online, sql
from treaty.kit.online import AddColumn, AddIndex, AddUnique, Fill, RemoveIndex

ROWS = 2_000
LIMIT = 5.0
"""Seconds that a write may wait while a big table is migrated: the design's limit."""

live = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd() -> Iterator[ProjectState]:
    """A table of people with a name each."""
    state = ProjectState()
    fields: Any = [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
    state.add_model(ModelState("crowd", "One", fields, {"db_table": "crowd"}))
    model: Any = state.apps.get_model("crowd", "One")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    sql.write_rows("crowd", ("name",), ((f"N{n}",) for n in range(ROWS)))
    yield state
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE crowd")


def migrated(state: ProjectState, operation: Operation) -> ProjectState:
    """The state after an operation was carried out."""
    after = state.clone()
    operation.state_forwards("crowd", after)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("crowd", editor, state, after)
    return after


def place() -> Any:
    """Where the rows lie: another place, when a table was made anew."""
    if sql.is_postgresql():
        return sql.ask("SELECT relfilenode FROM pg_class WHERE relname = 'crowd'")
    return sql.ask("SELECT rootpage FROM sqlite_master WHERE name = 'crowd'")


def other() -> "psycopg.Connection[Any]":
    """A connection of somebody else, to PostgreSQL."""
    if not sql.is_postgresql():
        pytest.skip("SQLite has one writer at a time; benchmarks/migrations.py measures it between processes")
    given = connection.get_connection_params()
    known = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}
    return psycopg.connect(**known, autocommit=True)


@live
def test_a_column_with_a_constant_leaves_every_row_where_it_lies(crowd: ProjectState) -> None:
    before, column = place(), AddColumn("one", "grade", models.SmallIntegerField(db_default=7))
    migrated(crowd, column)
    migrated(crowd, column)  # as after a kill: it finds it done
    sql.tell("INSERT INTO crowd (name) VALUES (%s)", ["of the version before"])
    assert place() == before
    assert sql.ask("SELECT grade, count(*) FROM crowd GROUP BY grade") == [(7, ROWS + 1)]


@live
def test_rows_are_filled_batch_by_batch_and_on_from_where_it_was_stopped(
    crowd: ProjectState, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = migrated(crowd, AddColumn("one", "rank", models.IntegerField(null=True)))
    fill = Fill("one", assign="rank = COALESCE(rank, 0) + 1", where="rank IS NULL")
    real, batches = online.batch, iter(range(2))

    def stopped(statement: str, values: list[int]) -> float:
        next(batches)
        return real(statement, values)

    monkeypatch.setattr(online, "batch", stopped)
    with pytest.raises(StopIteration):
        migrated(state, fill)
    [(some,)] = sql.ask("SELECT count(*) FROM crowd WHERE rank = 1")
    assert 0 < some < ROWS
    monkeypatch.setattr(online, "batch", real)
    migrated(state, fill)
    assert sql.ask("SELECT rank, count(*) FROM crowd GROUP BY rank") == [(1, ROWS)]


@live
def test_an_index_that_broke_while_it_was_built_is_built_again(crowd: ProjectState) -> None:
    unique = AddUnique("one", models.UniqueConstraint(models.F("name"), name="crowd_name"))
    sql.tell("INSERT INTO crowd (name) VALUES (%s)", ["N1"])
    with pytest.raises(IntegrityError):
        migrated(crowd, unique)
    assert not online.is_whole("crowd_name")
    sql.tell("DELETE FROM crowd WHERE id > %s", [ROWS])
    migrated(crowd, unique)
    assert online.is_whole("crowd_name")
    with pytest.raises(IntegrityError):
        sql.tell("INSERT INTO crowd (name) VALUES (%s)", ["N1"])


@live
def test_while_an_index_waits_for_somebody_at_work_others_write(crowd: ProjectState) -> None:
    index = AddIndex("one", models.Index(fields=["name"], name="crowd_by_name"))
    with other() as slow, other() as quick, ThreadPoolExecutor(1) as threads:
        slow.execute("BEGIN")
        slow.execute("INSERT INTO crowd (name) VALUES ('slow')")
        building = threads.submit(ended, lambda: migrated(crowd, index))
        seen(quick, "SELECT 1 FROM pg_stat_progress_create_index")
        quick.execute("SET lock_timeout = '2s'")
        quick.execute("INSERT INTO crowd (name) VALUES ('quick')")
        assert not building.done()
        slow.execute("COMMIT")
        building.result(30)
    assert online.is_whole("crowd_by_name")


@live
def test_a_column_gives_way_to_those_behind_it_and_comes_again(
    crowd: ProjectState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(online, "PATIENCE", "100ms")
    monkeypatch.setattr(online, "PAUSE", 0.1)
    column = AddColumn("one", "rank", models.IntegerField(null=True))
    with other() as slow, other() as quick, ThreadPoolExecutor(1) as threads:
        slow.execute("BEGIN")
        slow.execute("INSERT INTO crowd (name) VALUES ('slow')")
        adding = threads.submit(ended, lambda: online.patiently(lambda: migrated(crowd, column)))
        seen(quick, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'crowd'::regclass")
        quick.execute("SET lock_timeout = '2s'")
        quick.execute("INSERT INTO crowd (name) VALUES ('quick')")
        slow.execute("COMMIT")
        adding.result(30)
    assert sql.ask("SELECT count(*) FROM crowd WHERE rank IS NULL") == [(ROWS + 2,)]


def ended(work: Callable[[], Any]) -> None:
    """Work in a thread, and its connection closed after it."""
    try:
        work()
    finally:
        connection.close()


def seen(who: "psycopg.Connection[Any]", question: str) -> None:
    """Waits until a question has an answer."""
    end = time.perf_counter() + 30
    while not who.execute(question).fetchall():  # type: ignore[call-overload, unused-ignore]
        assert time.perf_counter() < end, question
        time.sleep(0.01)


@live
def test_who_writes_all_the_time_waits_less_than_the_limit(crowd: ProjectState) -> None:
    done, waits = Event(), list[float]()

    def write() -> None:
        with other() as writer:
            while not done.is_set():
                began = time.perf_counter()
                writer.execute("INSERT INTO crowd (name) VALUES ('new')")
                writer.execute("UPDATE crowd SET name = name || '!' WHERE id = %s", [len(waits) % ROWS + 1])
                waits.append(time.perf_counter() - began)

    def written_since(before: int) -> None:
        """Waits for a write that began after that many, so that every step had somebody beside it."""
        while len(waits) < before + 2 and not writing.done():
            time.sleep(0.01)

    other().close()
    with ThreadPoolExecutor(1) as threads:
        writing, state = threads.submit(write), crowd
        try:
            for operation in (
                AddColumn("one", "rank", models.IntegerField(null=True)),
                AddColumn("one", "grade", models.SmallIntegerField(db_default=7)),
                Fill("one", assign="rank = id % 10", where="rank IS NULL"),
                AddIndex("one", models.Index(fields=["rank"], name="crowd_rank")),
                RemoveIndex("one", "crowd_rank"),
            ):
                before = len(waits)
                state = migrated(state, operation)
                written_since(before)
        finally:
            done.set()
        writing.result(30)
    assert max(waits) < LIMIT
    assert not online.is_whole("crowd_rank")


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_begun() -> None:
    state = ProjectState()
    with pytest.raises(NotSupportedError, match="atomic = False"):
        RemoveIndex("one", "crowd_rank").database_forwards("crowd", connection.schema_editor(), state, state)


@pytest.mark.django_db
def test_who_finds_a_table_in_use_comes_again_until_it_is_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    if not sql.is_postgresql():
        pytest.skip("SQLite waits by itself")
    monkeypatch.setattr(online, "PAUSE", 0.0)
    monkeypatch.setattr(online, "TRIES", 3)
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("in use") from psycopg.errors.LockNotAvailable()

    with pytest.raises(online.Busy, match="Run the command again"):
        online.patiently(work)
    assert len(tries) == 3
    assert sql.ask("SHOW lock_timeout", often=False) == [("0",)]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (models.TextField(null=True), ""),
        (models.SmallIntegerField(db_default=0), ""),
        (models.BooleanField(db_default=False), ""),
        (models.TextField(), "null=True"),
        (models.TextField(null=True, default="-"), "null=True"),
        (models.IntegerField(null=True, db_index=True), "db_index=False"),
        (models.IntegerField(null=True, unique=True), "db_index=False"),
        (models.PositiveIntegerField(null=True), "every row"),
        (models.DateTimeField(db_default=Now()), "no constant"),
        (
            models.ForeignKey("people.person", models.CASCADE, null=True, db_index=False),
            "db_constraint=False",
        ),
    ],
)
def test_a_column_that_would_have_rows_written_is_refused(field: Any, reason: str) -> None:
    assert reason in online.unfit(field)
    assert bool(online.unfit(field)) == bool(reason)
