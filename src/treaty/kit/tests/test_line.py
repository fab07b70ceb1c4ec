"""What is told to PostgreSQL without waiting goes along with the next question or the end of the transaction, never later."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DataError, IntegrityError, InternalError, OperationalError, connection, transaction
from psycopg import DataError as DataErrorOfDriver
from psycopg import Error as DriversError
from psycopg.errors import DivisionByZero, InvalidSqlStatementName, UniqueViolation
from psycopg.waiting import Wait

from treaty.kit import sql
from treaty.kit.postgresql import line
from treaty.kit.postgresql.base import DatabaseWrapper
from treaty.kit.together import Question, at_the_end
from treaty.people.models import Tag

pytestmark = pytest.mark.django_db(transaction=True)

TAG = "INSERT INTO people_tag (name) VALUES (%s)"
NAMES: Question = ("SELECT name FROM people_tag ORDER BY id", ())


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements went to the server on each way there."""
    if connection.vendor != "postgresql":
        pytest.skip("asks a server")
    sql.ask("SELECT 1")
    ways: list[int] = []
    settle = line.Line.settle

    def settled(self: line.Line) -> list[Any]:
        if self._expected:
            ways.append(self._expected)
        return settle(self)

    monkeypatch.setattr(line.Line, "settle", settled)
    return ways


@pytest.fixture
def own() -> Iterator[Any]:
    """A connection of its own to the database of the tests."""
    if connection.vendor != "postgresql":
        pytest.skip("asks a server")
    made = DatabaseWrapper(connection.settings_dict, alias="own")
    made.ensure_connection()
    yield made
    made.close()


def tell(*names: str) -> None:
    """Tell of tags without waiting."""
    with sql.at_once():
        for name in names:
            sql.tell(TAG, [name])


@transaction.atomic
def told(*names: str, then: Callable[[], object] = list) -> None:
    """Tell of tags and do something else before the transaction ends."""
    tell(*names)
    then()


def test_a_transaction_that_asks_nothing_is_one_way_there_and_back(trips: list[int]) -> None:
    told("vip", "fair")
    assert len(trips) == 1  # with BEGIN and COMMIT
    assert sql.ask(*NAMES) == [("vip",), ("fair",)]


def test_a_question_knows_what_was_told_before_it(trips: list[int]) -> None:
    with transaction.atomic():
        tell("vip")
        assert sql.ask(*NAMES) == [("vip",)]
        tell("fair")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_tag")
            assert cursor.fetchone() == (2,)
    assert len(trips) == 2  # COMMIT alone goes by the driver


def test_outside_of_a_transaction_it_is_done_at_the_end(own: Any) -> None:
    if connection.vendor == "postgresql":
        tell("vip")
        assert own.ask(*NAMES) == [("vip",)]


def test_what_is_refused_fails_with_the_end_and_nothing_is_committed() -> None:
    done: list[str] = []
    with pytest.raises(IntegrityError):
        told("vip", "vip", "fair", then=lambda: transaction.on_commit(lambda: done.append("committed")))
    assert not done
    assert sql.ask(*NAMES) == []
    told("kind")
    assert sql.ask(*NAMES) == [("kind",)]


def test_what_is_refused_fails_with_the_next_question() -> None:
    def ask() -> None:
        try:
            sql.ask(*NAMES)
        except IntegrityError:
            raise ZeroDivisionError from None

    expected = ZeroDivisionError if connection.vendor == "postgresql" else IntegrityError
    with pytest.raises(expected):
        told("vip", "vip", then=ask)
    assert sql.ask(*NAMES) == []


def test_an_inner_block_ends_with_its_own_errors() -> None:
    with transaction.atomic():
        tell("vip")
        with pytest.raises(IntegrityError), transaction.atomic():
            tell("fair", "fair")
        tell("kind")
    assert sql.ask(*NAMES) == [("vip",), ("kind",)]


def give_up() -> None:
    """Something else than the database fails."""
    raise ZeroDivisionError


def test_who_gives_up_takes_back_what_was_told() -> None:
    with pytest.raises(ZeroDivisionError):
        told("vip", then=give_up)
    if connection.vendor == "postgresql":
        with pytest.raises(ZeroDivisionError):  # not the error that nobody waited for
            told("vip", "vip", then=give_up)
    assert sql.ask(*NAMES) == []


def test_rows_may_be_copied_behind_what_was_told() -> None:
    with transaction.atomic():
        tell("vip")
        sql.write_rows("people_tag", ("name",), ((f"T{n:03}",) for n in range(sql.FEW + 1)))
        tell("zz")
    assert len(sql.ask(*NAMES)) == sql.FEW + 3


def test_more_than_a_server_takes_at_once_is_told_in_parts(trips: list[int]) -> None:
    told(*(f"T{n}" for n in range(2 * line.MOST)))
    assert max(trips) <= line.MOST + 5
    assert len(sql.ask(*NAMES)) == 2 * line.MOST


def test_what_the_driver_cannot_write_is_an_error_of_its_own(own: Any) -> None:
    with pytest.raises(DataError):
        told("vip", "nul \x00")
    with pytest.raises(own.Database.ProgrammingError, match="0 values for the 1 places"):
        own.ask("SELECT %s", [])
    assert sql.ask(*NAMES) == []


def test_a_connection_that_is_ended_meanwhile_fails_and_the_next_one_works(own: Any) -> None:
    [(process,)] = sql.ask("SELECT pg_backend_pid()")
    with pytest.raises(OperationalError):
        told("vip", then=lambda: own.ask("SELECT pg_terminate_backend(%s::int, 5000)", [process]))
    connection.close()
    assert sql.ask(*NAMES) == []


def test_who_is_interrupted_leaves_no_answers_to_others(monkeypatch: pytest.MonkeyPatch, own: Any) -> None:
    def interrupted(*_answers: object) -> Any:
        yield Wait.R
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(line.Line, "_answers", interrupted)
        with pytest.raises(KeyboardInterrupt):
            own.ask("SELECT pg_sleep(0)", [])
    assert not own.is_usable()


def test_what_is_put_often_is_kept_and_what_is_not_asked_any_more_is_given_up(own: Any) -> None:
    kept = "SELECT count(*) FROM pg_prepared_statements"
    for number in range(line.KEPT + 10):
        for _each in range(line.OFTEN):
            own.ask(f"SELECT {number} + %s", [number])
    with own.cursor() as cursor:
        cursor.execute(kept)
        assert cursor.fetchone() == (line.KEPT,)


def names(own: Any) -> set[str]:
    """Under which names the server keeps statements."""
    return {name for (name,) in own.ask("SELECT name FROM pg_prepared_statements", [])}


def test_a_statement_that_was_passed_over_is_not_thought_to_be_kept(own: Any) -> None:
    def put(first: int) -> None:
        with own.in_a_hurry():
            own.tell("SELECT 1 / %s", [first], often=False)
            assert own.ask("SELECT 1 + %s", [1]) == [(2,)]

    for _each in range(line.OFTEN - 1):
        put(1)
    for _each in range(2):
        with pytest.raises(own.Database.Error):
            put(0)
    assert len(names(own)) == 0
    for _each in range(line.OFTEN):
        put(1)
    assert len(names(own)) == 1


def test_a_plan_that_does_not_fit_its_table_any_more_is_made_anew(own: Any) -> None:
    own.tell("CREATE TABLE sand (grain int)", [], often=False)
    try:
        for _each in range(line.OFTEN):
            assert own.ask("SELECT * FROM sand", []) == []
        own.tell("ALTER TABLE sand ADD COLUMN colour int", [], often=False)
        with pytest.raises(own.Database.Error):
            own.ask("SELECT * FROM sand", [])
        assert own.ask("SELECT * FROM sand", []) == []
        assert names(own) == set()
    finally:
        own.tell("DROP TABLE sand", [], often=False)


def test_a_percent_sign_is_written_twice() -> None:
    assert sql.ask("SELECT 'a%%' || %s", ["b"]) == [("a%b",)]


def test_what_is_asked_at_the_end_is_as_the_transaction_leaves_it(trips: list[int]) -> None:
    with at_the_end(lambda: [NAMES]):
        told("vip")
        assert len(trips) == 1
        assert sql.ask(*NAMES) == [("vip",)]
        assert len(trips) == 1
        told("fair")
        assert sql.ask(*NAMES) == sql.ask(*NAMES) == [("vip",), ("fair",)]
        told("kind")
    tell("zz")
    assert len(sql.ask(*NAMES)) == 4


def test_who_does_not_know_what_to_ask_at_the_end_takes_all_back(trips: list[int]) -> None:
    with at_the_end(give_up), pytest.raises(ZeroDivisionError):  # type: ignore[arg-type]
        told("vip")
    assert len(trips) == 1
    assert sql.ask(*NAMES) == []


def test_whose_transaction_ends_further_out_asks_again() -> None:
    with transaction.atomic(), at_the_end(lambda: [NAMES]):
        told("vip")
        assert sql.ask(*NAMES) == [("vip",)]
        tell("fair")
        assert len(sql.ask(*NAMES)) == 2


def test_an_inner_block_that_lives_with_an_error_does_not_hide_one_of_the_outer(own: Any) -> None:
    kept: list[str] = []

    def inner() -> None:
        with contextlib.suppress(IntegrityError), transaction.atomic():
            tell("fair")

    def outer() -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: kept.append("committed"))
            tell("vip", "vip")
            inner()

    with pytest.raises(InternalError, match="What was told before"):
        outer()
    assert (kept, own.ask(*NAMES)) == ([], [])


def test_a_transaction_in_which_something_failed_is_never_said_to_be_committed(own: Any) -> None:
    kept: list[str] = []

    def broken(*more: str) -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: kept.append("committed"))
            with contextlib.suppress(IntegrityError):
                sql.tell(TAG, ["vip"])
                sql.tell(TAG, ["vip"])
            tell(*more)

    for more in ((), ("fair",)):
        with pytest.raises(InternalError):
            broken(*more)
    assert (kept, own.ask(*NAMES)) == ([], [])


def test_plans_the_server_gave_up_are_made_anew(own: Any) -> None:
    for _ in range(line.OFTEN + 1):
        own.ask("SELECT 1 + %s", [1])
    with own.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(InvalidSqlStatementName):
        own.ask("SELECT 1 + %s", [1])
    assert [own.ask("SELECT 1 + %s", [1]) for _ in range(line.OFTEN + 1)] == [[(2,)]] * (line.OFTEN + 1)


def test_rows_that_the_server_keeps_come_behind_what_was_told(own: Any) -> None:
    with transaction.atomic():
        tell("vip")
        assert list(Tag.objects.values_list("name", flat=True).iterator()) == ["vip"]


def test_what_cannot_be_sent_leaves_the_line_as_it_was(own: Any) -> None:
    too_many = list(range(70_000))
    with pytest.raises(DriversError):
        own.ask(f"SELECT {', '.join(['%s'] * len(too_many))}", too_many)
    with own.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_what_was_told_in_a_hurry_is_done_though_something_else_breaks(own: Any) -> None:
    def broken() -> None:
        with sql.at_once():
            sql.tell(TAG, ["vip"])
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - ours
        broken()
    assert own.ask(*NAMES) == [("vip",)]


def test_a_begun_question_that_fails_says_so_to_whoever_asks(own: Any) -> None:
    number = own.line.begin("SELECT 1 / %s", [0])
    with pytest.raises(DivisionByZero):
        own.line.settle()
    with pytest.raises(DivisionByZero):
        own.line.heard(number)


def test_a_commit_does_not_fail_for_rows_that_nobody_can_read(own: Any) -> None:
    own.set_autocommit(False)
    own.tell(TAG, ["vip"], often=False)
    number = own.line.begin("SELECT 'infinity'::timestamptz", [])
    own.line.commit()
    with pytest.raises(DataErrorOfDriver):
        own.line.heard(number)
    assert own.ask(*NAMES) == [("vip",)]


def test_what_nobody_asks_for_any_more_hides_no_error_of_what_was_told(own: Any) -> None:
    own.line.later(TAG, ["vip"], often=False)
    own.line.later(TAG, ["vip"], often=False)
    number = own.line.begin("SELECT 1", [])
    with pytest.raises(UniqueViolation):
        own.line.forget([number])


def test_a_server_that_is_away_is_said_to_be_so_to_inner_blocks_too(own: Any) -> None:
    sql.ask("SELECT 1")
    process = connection.connection.info.backend_pid

    def outer() -> None:
        with transaction.atomic():
            own.ask("SELECT pg_terminate_backend(%s)", [process])
            tell("vip")
            with transaction.atomic():
                tell("fair")

    with pytest.raises(OperationalError):
        outer()
