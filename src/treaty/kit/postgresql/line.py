"""The short way to a PostgreSQL server: what needs no answer waits for the next question and travels along with it.

A round trip costs several times what such a statement costs the server, and the driver's own cursors cost Python as much
again. So statements are put to the server together: BEGIN with the first of them, COMMIT with the last.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.abc import PQGen, PyFormat
from psycopg.adapt import Transformer
from psycopg.rows import tuple_row
from psycopg.waiting import Ready, Wait

Question = tuple[str, Sequence[Any]]
"""A statement and its values."""
Rows = list[tuple[Any, ...]]
Key = tuple[str, tuple[int, ...]]
"""A statement, and the types of its values as the driver tells them."""

OFTEN = 5
"""How often a statement is put before the server keeps its plan, as with the driver."""
KEPT = 200
"""Statements of which a connection keeps count, or a plan."""
MOST = 200
"""Statements that wait for their answers; what comes behind waits for theirs."""

GOOD = {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK, pq.ExecStatus.EMPTY_QUERY}
IDLE, FAILED, BAD = pq.TransactionStatus.IDLE, pq.TransactionStatus.INERROR, pq.ConnStatus.BAD
NOTHING_DONE = "A statement of this transaction had failed, so that nothing of it was done."
STALE, GONE = b"0A000", b"26000"
"""A table changed below a plan that was kept; there is no such plan."""
PLACE = re.compile("%[s%]")


@lru_cache(maxsize=1_000)
def in_numbers(statement: str) -> tuple[bytes, list[PyFormat]]:
    """A statement whose places are numbered, as the server reads them, and that the driver chooses the form of each value."""
    number = 0

    def place(found: re.Match[str]) -> str:
        nonlocal number
        if found[0] == "%%":
            return "%"
        number += 1
        return f"${number}"

    numbered = PLACE.sub(place, statement)
    return numbered.encode(), [PyFormat.AUTO] * number


class Plans:
    """Which statements the server keeps for a connection, under which names."""

    def __init__(self) -> None:
        self._names: OrderedDict[Key, bytes | int] = OrderedDict()
        """A name, or how often a statement was put without one."""
        self._last = 0
        self.gone: list[bytes] = []
        """Names that the server need not keep any more."""

    def name(self, key: Key) -> tuple[bytes, bool]:
        """Under which name a statement is kept, empty while it is not; and whether it is so from now on."""
        known = self._names.get(key, 0)
        if isinstance(known, bytes):
            self._names.move_to_end(key)
            return known, False
        if known + 1 < OFTEN:
            self._names[key] = known + 1
            name, is_new = b"", False
        else:
            self._last += 1
            self._names[key] = name = b"treaty_%d" % self._last
            is_new = True
        self._names.move_to_end(key)
        if len(self._names) > KEPT:
            self.forget(next(iter(self._names)))
        return name, is_new

    def forget(self, key: Key) -> None:
        """Keep a statement no longer."""
        name = self._names.pop(key, b"")
        if isinstance(name, bytes) and name:
            self.gone.append(name)

    def forget_all(self) -> None:
        """Keep none of them."""
        for key in list(self._names):
            self.forget(key)

    def are_gone(self) -> None:
        """The server has given them up by itself, and could only complain of being told to."""
        self._names.clear()
        self.gone.clear()

    def was_not_kept(self, key: Key) -> None:
        """The server did not come to keep a statement."""
        self._names.pop(key, None)


class Line(psycopg.Connection[tuple[Any, ...]]):
    """A connection of psycopg that can also be told statements now and send them with the next question.

    Whatever the driver itself does on this connection, it does after all that was told: each of its ways to the server
    leads through `wait`. An error of what was told comes with the next question, or at the latest with `commit`, which then
    has committed nothing: of a transaction in which something failed it never says that it was committed.
    """

    def __init__(self, pgconn: Any, row_factory: Any = tuple_row) -> None:
        super().__init__(pgconn, row_factory)
        self._expected = 0
        """Answers that have yet to come."""
        self._plans = Plans()
        self._planning: list[tuple[int, Key | bytes]] = []
        """The places of those answers that tell whether a statement is kept, or a name given up."""
        self._begun: dict[int, int] = {}
        """The places of those answers that somebody asks for later, and under which number."""
        self._heard: dict[int, Any] = {}
        """Such answers by their number; where they did not come, the error."""
        self._last = 0
        self._failed_at, self._failed_begun = -1, False
        """The place of the statement that failed last, and whether it was begun to be asked for later."""

    def later(self, statement: str, values: Sequence[Any], *, often: bool) -> None:
        """Put a statement with the next one that is waited for. Nobody learns what it answered, only that it failed."""
        if self._expected >= MOST:
            self.settle()
        self._put(statement, values, often=often)

    def asked(self, questions: Sequence[Question]) -> list[Rows]:
        """The rows that answer each of some questions."""
        places = [self._put(statement, values, often=True) for statement, values in questions]
        answers = self.settle()
        return [self._rows(answers[place]) for place in places]

    def begin(self, statement: str, values: Sequence[Any]) -> int:
        """Put a question that the server answers meanwhile; the number under which `heard` gives its rows, once.

        Only for what reads: outside of a transaction it is over with the next thing that is waited for.
        """
        self._last += 1
        self._begun[self._put(statement, values, often=True)] = self._last
        self.pgconn.flush()
        return self._last

    def heard(self, number: int) -> Rows:
        """The rows that answer what was begun."""
        self.settle()
        found = self._heard.pop(number)
        if isinstance(found, Exception):
            raise found
        return self._rows(found)

    def told(self, statement: str, values: Sequence[Any], *, often: bool) -> int:
        """Put a statement; how many rows it wrote."""
        place = self._put(statement, values, often=often)
        return self.settle()[place].command_tuples or 0

    def settle(self) -> list[Any]:
        """Wait for all answers; the first error among them is raised."""
        if not self._expected:
            return []
        begun, self._begun = self._begun, {}
        try:
            answers = self._settled()
        except Exception as error:
            self._heard |= dict.fromkeys(begun.values(), error)
            self._failed_begun = self._failed_at in begun
            raise
        self._heard |= {number: answers[place] for place, number in begun.items()}
        return answers

    def _settled(self) -> list[Any]:
        """All answers that are due."""
        answers: list[Any] = []
        self._failed_at = -1
        try:
            super().wait(self._answers(answers))
        finally:
            is_whole, self._expected = len(answers) == self._expected, 0
            if is_whole:
                self.pgconn.exit_pipeline_mode()
            else:  # nobody knows which answers are still on their way
                self.pgconn.finish()
        for place, answer in enumerate(answers):
            if answer.status not in GOOD:
                self._failed_at = place
                self._failed(answers)
                raise errors.error_from_result(answer, encoding="utf-8")
        if not is_whole:
            raise errors.OperationalError("The server ended the connection before it had answered.")
        self._planning.clear()
        return answers

    def forget(self, numbers: Collection[int]) -> None:
        """What was begun and nobody asks for any more; that it failed is nobody's matter then."""
        try:
            self.settle()
        except errors.Error:
            if not self._failed_begun:
                raise
        finally:
            for number in numbers:
                self._heard.pop(number, None)

    def wait(self, gen: Any, *how: Any, **more: Any) -> Any:
        """What the driver does, after all that was told."""
        self.settle()
        return super().wait(gen, *how, **more)

    def commit(self) -> None:
        """End the transaction; what was told goes along with it."""
        if self._expected:
            self.commit_asking(())
        elif self.pgconn.transaction_status == FAILED:
            raise errors.InFailedSqlTransaction(NOTHING_DONE)
        else:
            super().commit()

    def commit_asking(self, last: Sequence[Question]) -> list[Rows]:
        """End the transaction along with its last questions; the rows that answer each of them."""
        places = [self._put(statement, values, often=True) for statement, values in last]
        self._send(self.pgconn.send_query_params, b"COMMIT", None)
        answers = self.settle()
        if answers[-1].command_status == b"ROLLBACK":
            raise errors.InFailedSqlTransaction(NOTHING_DONE)
        return [self._rows(answers[place]) for place in places]

    def rollback(self) -> None:
        """Take the transaction back, whatever became of what was told."""
        with suppress(errors.Error):
            self.settle()
        super().rollback()

    def close(self) -> None:
        """Hang up; what was told is lost, as all of an open transaction."""
        self._expected = 0
        self._begun.clear()
        self.__dict__.pop("_forms", None)  # it knows this connection, as this knows it
        super().close()

    def _put(self, statement: str, values: Sequence[Any], *, often: bool) -> int:
        """Put a statement behind those that wait; the place of its answer among theirs."""
        text, forms = in_numbers(statement)
        if len(values) != len(forms):
            raise errors.ProgrammingError(f"{len(values)} values for the {len(forms)} places of: {statement}")
        told = self._forms.dump_sequence(values, forms)
        types, formats = self._forms.types or (), self._forms.formats
        self._begin()
        try:
            self._put_dumped((statement, types), text, (told, formats), often=often)
        except BaseException:
            if not self._expected:  # nothing of it went out
                self.pgconn.exit_pipeline_mode()
            raise
        return self._expected - 1

    def _put_dumped(
        self, key: Key, text: bytes, values: tuple[Sequence[Any], Sequence[Any]], *, often: bool
    ) -> None:
        """Put a statement whose values are written, after what has to be said about plans."""
        types, (told, formats) = key[1], values
        name, is_new = self._plans.name(key) if often else (b"", False)
        while self._plans.gone:
            given_up = self._plans.gone.pop()
            self._send(self.pgconn.send_query_params, b"DEALLOCATE " + given_up, None)
            self._planning.append((self._expected - 1, given_up))
        if is_new:
            try:
                self._send(self.pgconn.send_prepare, name, text, types)
            except BaseException:
                self._plans.was_not_kept(key)
                raise
            self._planning.append((self._expected - 1, key))
        if name:
            self._send(self.pgconn.send_query_prepared, name, told, formats)
        else:
            self._send(self.pgconn.send_query_params, text, told, types, formats)

    def _begin(self) -> None:
        """Begin the transaction that is due, along with what comes next."""
        if self._expected:
            return
        self._check_connection_ok()
        is_due = not self.autocommit and self.pgconn.transaction_status == IDLE
        self.pgconn.enter_pipeline_mode()
        if is_due:
            self._send(self.pgconn.send_query_params, b"BEGIN", None)

    def _send(self, put: Callable[..., None], *what: Any) -> None:
        put(*what)
        self._expected += 1

    def _answers(self, answers: list[Any]) -> PQGen[None]:
        """Fetch all answers that are due, in the order of what was put."""
        line = self.pgconn
        line.pipeline_sync()
        while line.flush():
            if (yield Wait.RW) & Ready.R:
                line.consume_input()
        for _each in range(self._expected):
            while line.is_busy():
                yield Wait.R
                line.consume_input()
            if (answer := line.get_result()) is None:
                return  # the connection ended
            answers.append(answer)
            while line.is_busy():
                yield Wait.R
                line.consume_input()
            line.get_result()  # None: one statement has one answer
        while line.is_busy():
            yield Wait.R
            line.consume_input()
        line.get_result()  # that all of them came

    def _failed(self, answers: list[Any]) -> None:
        """What came behind the error was passed over: what had to be kept, or given up, is not."""
        for place, what in self._planning:
            if place >= len(answers) or answers[place].status not in GOOD:
                self._plans.gone.append(what) if isinstance(what, bytes) else self._plans.was_not_kept(what)
        self._planning.clear()
        states = {answer.error_field(pq.DiagnosticField.SQLSTATE) for answer in answers}
        if GONE in states:
            self._plans.are_gone()
        elif STALE in states:
            self._plans.forget_all()

    def _rows(self, answer: Any) -> Rows:
        forms = self._forms
        forms.set_pgresult(answer)
        try:
            rows: Rows = forms.load_rows(0, answer.ntuples, tuple)
            return rows
        finally:
            forms.set_pgresult(None)

    @cached_property
    def _forms(self) -> Any:  # the driver names two types, of C and of Python
        """How values are written for the server and read from it."""
        return Transformer(self)
