"""SQLite as Treaty uses it: threads of one process write in turns, and errors of short questions are Django's."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread
from typing import Any, cast

import pytest
from django.db import IntegrityError, OperationalError, transaction

from treaty.kit import sql
from treaty.kit.environment import sqlite
from treaty.kit.sqlite import base
from treaty.kit.sqlite.base import TURNS, WRITERS, DatabaseWrapper, in_qmarks
from treaty.kit.sqlite.queue import Place
from treaty.kit.sqlite.schema import SchemaEditor

pytestmark = pytest.mark.django_db

DEFAULTS: dict[str, Any] = {
    "AUTOCOMMIT": True,
    "ATOMIC_REQUESTS": False,
    "CONN_HEALTH_CHECKS": False,
    "TIME_ZONE": None,
}


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A database with one number in it."""
    path = tmp_path / "numbers.sqlite3"
    own = opened(path)
    own.cursor().execute("CREATE TABLE numbers (told integer)")
    own.cursor().execute("INSERT INTO numbers VALUES (0)")
    own.close()
    yield path
    TURNS.pop(str(path), None)
    if writer := WRITERS.pop(str(path), None):
        writer.close()


def opened(path: Path, *, by_server: bool = False) -> DatabaseWrapper:
    """A connection as the settings have it, but for patience with others: once it is open, there is none."""
    own = DatabaseWrapper(DEFAULTS | sqlite(path))
    own.writes_by_one = by_server
    own.cursor().execute("PRAGMA busy_timeout = 0")
    return own


def begin(own: DatabaseWrapper) -> None:
    own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def add_one(path: Path, times: int, others: Barrier) -> None:
    """Read the number and write the next, each time in a transaction, once the others are there as well: whoever opens
    the file may hold it for a moment."""
    own = opened(path)
    others.wait(60)
    for _ in range(times):
        begin(own)
        [(told,)] = own.cursor().execute("SELECT told FROM numbers").fetchall()
        own.cursor().execute("UPDATE numbers SET told = %s", [told + 1])
        own.commit()
        own.set_autocommit(True)
    own.close()


def test_threads_write_one_after_the_other_and_none_is_refused(path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add_one, [path] * 4, [25] * 4, [Barrier(4)] * 4))
    assert opened(path).cursor().execute("SELECT told FROM numbers").fetchone() == (100,)


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_turn_ends_with_its_transaction(path: Path, end: str) -> None:
    own = opened(path)
    begin(own)
    assert TURNS[str(path)].locked()
    getattr(own, end)()
    assert not TURNS[str(path)].locked()


def test_a_turn_ends_where_another_process_writes(path: Path) -> None:
    other, own = opened(path), opened(path)
    other.cursor().execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        begin(own)
    assert not TURNS[str(path)].locked()


def test_what_follows_a_commit_has_a_turn_of_its_own(path: Path) -> None:
    own = opened(path)
    begin(own)
    own.commit()
    own.set_autocommit(True)
    thread = Thread(target=add_one, args=(path, 1, Barrier(1)))
    thread.start()
    thread.join(15)  # less than `PATIENCE`
    assert own.cursor().execute("SELECT told FROM numbers").fetchone() == (1,)


def end(own: DatabaseWrapper, how: str) -> None:
    getattr(own, how)()
    own.set_autocommit(True)


def test_held_turns_of_a_server_share_one_connection_and_all_else_goes_by_its_own(path: Path) -> None:
    first, second = opened(path, by_server=True), opened(path, by_server=True)
    readers = [first.connection, second.connection]
    with first.held_turn():
        writer = first.connection
    with second.held_turn():
        assert second.connection is writer
        begin(second)
        end(second, "rollback")
    assert [first.connection, second.connection] == readers
    assert writer not in readers


def test_a_cursor_older_than_a_server_s_transaction_writes_in_it_as_django_s_cache_has_it(path: Path) -> None:
    own = opened(path, by_server=True)
    with own.cursor() as cursor:
        begin(own)
        cursor.execute("UPDATE numbers SET told = 1")
        end(own, "rollback")
    assert own.cursor().execute("SELECT told FROM numbers").fetchone() == (0,)


def test_a_connection_that_broke_is_not_shared_again(path: Path) -> None:
    own = opened(path, by_server=True)
    with own.held_turn(), pytest.raises(OperationalError):
        own.cursor().execute("SELECT nothing FROM nowhere")
    assert str(path) not in WRITERS
    own.errors_occurred = False  # as Django has it after each call
    with own.held_turn():
        pass
    assert str(path) in WRITERS


def test_a_turn_ends_where_the_shared_connection_cannot_be_had(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_file(_parameters: dict[str, Any]) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    own = opened(path, by_server=True)
    monkeypatch.setattr(own, "get_new_connection", no_file)
    with pytest.raises(OperationalError), own.held_turn():
        pass
    assert not TURNS[str(path)].locked()


def test_who_waited_in_vain_for_a_held_turn_goes_by_its_own_connection(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PATIENCE", 0)
    first, second = opened(path, by_server=True), opened(path, by_server=True)
    own = second.connection
    with first.held_turn():
        with second.held_turn():
            assert second.connection is own
        assert TURNS[str(path)].locked()


def test_who_closes_a_server_s_connection_in_a_transaction_leaves_nothing_open(path: Path) -> None:
    own = opened(path, by_server=True)
    reader = own.connection
    with own.held_turn():
        begin(own)
        writer = own.connection
        own.close()
        for closed in (reader, writer):
            with pytest.raises(sqlite3.ProgrammingError):
                closed.execute("SELECT 1")
    assert (TURNS[str(path)].locked(), str(path) in WRITERS) == (False, False)


def test_a_held_turn_outlives_its_transactions_and_ends_with_the_stretch(path: Path) -> None:
    own = opened(path, by_server=True)
    reader = own.connection
    with own.held_turn():
        for _ in range(2):
            begin(own)
            own.cursor().execute("UPDATE numbers SET told = told + 1")
            end(own, "commit")
            assert TURNS[str(path)].locked()
        assert own.connection is not reader
    assert own.connection is reader
    assert not TURNS[str(path)].locked()
    assert own.cursor().execute("SELECT told FROM numbers").fetchone() == (2,)


def test_a_held_turn_in_which_the_connection_goes_ends_too(path: Path) -> None:
    own = opened(path, by_server=True)
    with own.held_turn():
        own.close()
        assert own.cursor().execute("SELECT told FROM numbers").fetchone() == (0,)
    assert not TURNS[str(path)].locked()


def has_its_turn(path: Path) -> bool:
    """Whether somebody holds the turn of the queue."""
    with closing(Place(str(path))) as other:
        return not other.take(0)


def test_who_writes_holds_the_turn_of_the_queue_until_that_ends(path: Path) -> None:
    own = opened(path)
    assert not has_its_turn(path)
    begin(own)
    assert has_its_turn(path)
    end(own, "rollback")
    assert not has_its_turn(path)
    begin(own)
    own.close()
    assert not has_its_turn(path)


def tell(path: Path, number: int) -> None:
    """Write it outside of a transaction."""
    with closing(opened(path)) as own:
        own.cursor().execute("UPDATE numbers SET told = %s", [number])


def test_a_statement_outside_of_a_transaction_waits_in_the_queue(path: Path) -> None:
    own = opened(path)
    with closing(Place(str(path))) as other, ThreadPoolExecutor(1) as thread:
        assert other.take(0)
        told = thread.submit(tell, path, 5)
        assert wait([told], timeout=0.1).not_done
        assert own.cursor().execute("SELECT told FROM numbers").fetchone() == (0,)  # who reads does not wait
        other.leave()
        told.result()
    assert own.cursor().execute("SELECT told FROM numbers").fetchone() == (5,)
    assert not has_its_turn(path)


def test_a_statement_is_translated_as_django_does_it() -> None:
    assert in_qmarks("SELECT %s WHERE a LIKE '%%s' AND b = %s") == "SELECT ? WHERE a LIKE '%s' AND b = ?"


def test_a_short_question_fails_with_an_error_of_django() -> None:
    sql.tell("INSERT INTO people_tag (name) VALUES (%s)", ["vip"])
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.tell("INSERT INTO people_tag (name) VALUES (%s)", ["vip"])
    assert sql.ask("SELECT name FROM people_tag") == [("vip",)]


def test_a_transaction_that_broke_answers_no_short_question() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            sql.ask("SELECT 1")


@pytest.fixture
def linked(path: Path) -> Iterator[DatabaseWrapper]:
    """A table whose rows lead to those of another."""
    own = opened(path)
    own.cursor().execute("CREATE TABLE teams (id integer PRIMARY KEY)")
    own.cursor().execute("CREATE TABLE members (id integer PRIMARY KEY, team integer REFERENCES teams (id))")
    own.cursor().execute("INSERT INTO teams VALUES (1)")
    own.cursor().execute("INSERT INTO members VALUES (1, 1)")
    yield own
    own.close()


@pytest.mark.parametrize(
    ("statement", "asked"),
    [
        ("CREATE TABLE more (id integer PRIMARY KEY)", []),
        ("ALTER TABLE members ADD COLUMN name text", []),
        ("INSERT INTO members VALUES (2, 1)", ["members"]),
        ("UPDATE members SET team = NULL", ["members"]),
        ('DELETE FROM "teams" WHERE id = 2', ["members"]),
    ],
)
def test_a_migration_looks_after_the_links_of_what_it_wrote(
    linked: DatabaseWrapper, statement: str, asked: list[str]
) -> None:
    with linked.schema_editor(atomic=False) as editor:
        editor.execute(statement)
        assert cast(SchemaEditor, editor).doubtful() == asked


@pytest.mark.parametrize("statement", ["INSERT INTO members VALUES (2, 9)", "DELETE FROM teams"])
def test_a_migration_that_breaks_a_link_is_refused(linked: DatabaseWrapper, statement: str) -> None:
    with pytest.raises(IntegrityError), linked.schema_editor(atomic=False) as editor:
        editor.execute(statement)


def test_what_is_deleted_leaves_no_bytes_in_the_file(path: Path) -> None:
    """Whatever the SQLite of the machine does when nobody says so."""
    options = cast("dict[str, str]", sqlite(path)["OPTIONS"])
    with closing(sqlite3.connect(path)) as own:
        own.execute("PRAGMA secure_delete = OFF").fetchone()
        own.executescript(options["init_command"])
        own.execute("CREATE TABLE notes (text text)")
        own.execute("INSERT INTO notes VALUES ('likes tea')")
        own.commit()
        own.execute("DELETE FROM notes")
        own.commit()
        own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert b"likes tea" not in path.read_bytes()
