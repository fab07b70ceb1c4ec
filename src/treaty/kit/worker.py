"""The worker: processes that do jobs (django-q2's), and beside them one that runs what recurs.

docs/decisions/0005 says why the queue carries only tokens, and what happens to the work of a killed process.
"""

import multiprocessing
import os
import signal
import threading
import time
import uuid
from collections.abc import Sequence
from multiprocessing import Event, Process, Value
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event as Flag
from types import FrameType

import structlog
from django.db import Error, connection, connections
from django.utils import timezone
from django_q.cluster import Sentinel

from treaty.kit import commands, jobs, outage, queries
from treaty.kit.schedule import Recurring, recurring, run_all, run_if_due

BEAT_SECONDS = 5.0
LOOK_SECONDS = 0.5

log = structlog.get_logger("treaty.worker")


def work_once() -> None:
    """Does everything that recurs and all waiting jobs in this process; then again what recurs, for what jobs left."""
    works = recurring()
    prepare(works)
    run_all(works)
    while jobs.run_next():
        pass
    run_all(works)


def work_until_stopped() -> None:
    """Does jobs and what recurs until SIGTERM or SIGINT; running jobs end first. Waits for a database that is away."""
    while not is_prepared(recurring()):
        time.sleep(BEAT_SECONDS)
    os.register_at_fork(after_in_child=die_with_parent)
    stop = Stop()
    crew = Crew(stop, Event(), uuid.uuid4(), start=False)
    signal.signal(signal.SIGTERM, stop.asked)
    signal.signal(signal.SIGINT, stop.asked)
    log.info("worker began", processes=crew.pool_size)
    crew.start()
    log.info("worker ended")


def prepare(works: Sequence[Recurring]) -> None:
    """The rows of recurring work."""
    commands.prepare_ticks({work.name: work.every for work in works}, at=timezone.now())


def is_prepared(works: Sequence[Recurring]) -> bool:
    """Prepares them; False where the database is away."""
    try:
        prepare(works)
    except Error as error:
        if outage.cause(error) != outage.AWAY:
            raise
        log.warning("the worker waits for the database", error=type(error).__name__)
        connection.close()
        return False
    return True


def die_with_parent() -> None:
    """Ends a forked process whose parent was killed: nobody would give it work or stop it any more."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="watches the parent", daemon=True).start()


class Stop:
    """Whether the worker was asked to stop: a flag for the guard, and an event that its children can wait for.

    A signal may interrupt the guard while it holds the event's lock, so the handler must not touch the event.
    """

    def __init__(self) -> None:
        self.was_asked = False
        self.told = Event()

    def asked(self, _number: int, _frame: FrameType | None) -> None:
        """The signals' handler. Children inherit it and go on: the guard tells them when to end."""
        self.was_asked = True

    def is_set(self) -> bool:
        """Whether the end has begun."""
        return self.was_asked

    def wait(self, seconds: float) -> bool:
        """Sleeps; then tells the children if the end has begun."""
        time.sleep(seconds)
        if self.was_asked:
            self.told.set()
        return self.was_asked


class Crew(Sentinel):  # type: ignore[misc]
    """django-q2's guard of its processes, with one more to guard: the one that runs what recurs."""

    ticker: Process
    pool: list[Process]
    monitor: Process
    pusher: Process
    task_queue: "Queue[object]"
    result_queue: "Queue[object]"

    def spawn_cluster(self) -> None:
        """The library's processes and ours."""
        super().spawn_cluster()
        self.spawn_ticker()

    def spawn_ticker(self) -> None:
        """A process of its own: no thread of it may be alive where others are forked."""
        self.ticker = self.spawn_process(tick_until, self.stop_event.told)
        self.ticker.timer = Value("f", -1)  # type: ignore[attr-defined]
        self.pool.append(self.ticker)

    def reincarnate(self, process: Process) -> None:
        """Replaces a process that died."""
        if process is self.ticker:
            log.error("what recurs is started again", exit=process.exitcode)
            self.pool.remove(process)
            self.spawn_ticker()
        elif process in self.pool and was_killed(process):
            log.error("job processes begin anew", exit=process.exitcode)
            self.begin_anew()
        elif process in {*self.pool, self.monitor, self.pusher}:
            super().reincarnate(process)

    def begin_anew(self) -> None:
        """New job processes with new queues: a killed one may hold a queue's lock for ever, and all would wait for it.

        What the others were doing is taken back when its signs of life stop, as after any death.
        """
        for process in (*self.pool, self.monitor, self.pusher):
            if process is not self.ticker:
                process.kill()
                process.join()
        self.task_queue, self.result_queue = multiprocessing.Queue(), multiprocessing.Queue()
        self.pool = [self.ticker]
        connections.close_all()
        for _ in range(self.pool_size):
            self.spawn_worker()
        self.monitor, self.pusher = self.spawn_monitor(), self.spawn_pusher()


def was_killed(process: Process) -> bool:
    """Whether a signal ended a process."""
    return process.exitcode is not None and process.exitcode < 0


def tick_until(stop: Flag) -> None:
    """Looks twice a second for what is due; each piece has a thread, so that a slow one delays no other."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    works = recurring()
    lanes = {work.name: Lane(work) for work in works}
    look = Look(min(LOOK_SECONDS, *(work.every.total_seconds() for work in works)))
    while not stop.wait(look.pause):
        for name in look.due() & lanes.keys():
            lanes[name].called.set()
    for lane in lanes.values():
        lane.end()
    connection.close()


class Look:
    """The question what is due, asked by one thread for all; a database that is away is asked less often, and told of once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self.pause = seconds
        self.beat = 0.0

    def due(self) -> set[str]:
        """The names of what is due; nothing while nobody answers."""
        try:
            self.give_sign_of_life()
            found = queries.due_ticks(timezone.now())
        except Error as error:
            if self.pause == self.seconds:
                log.warning("the worker waits for the database", error=type(error).__name__)
            self.pause = BEAT_SECONDS
            connection.close()
            return set()
        if self.pause != self.seconds:
            log.info("the database answers again")
        self.pause = self.seconds
        return found

    def give_sign_of_life(self) -> None:
        """Writes down, now and then, that the worker lives."""
        if time.monotonic() - self.beat >= BEAT_SECONDS:
            commands.give_sign_of_life(at=timezone.now())
            self.beat = time.monotonic()


class Lane:
    """One piece of recurring work and its thread, which holds a connection only while it works: there are many of them."""

    def __init__(self, work: Recurring) -> None:
        self.work = work
        self.called = threading.Event()
        self.is_over = False
        self.thread = threading.Thread(target=self.go_on, name=work.name)
        self.thread.start()

    def go_on(self) -> None:
        """Runs the work whenever it is called and still due."""
        while self.called.wait() and not self.is_over:
            self.called.clear()
            try:
                run_if_due(self.work)
            except Error as error:
                log.warning(
                    "recurring work waits for the database", work=self.work.name, error=type(error).__name__
                )
            finally:
                connection.close()

    def end(self) -> None:
        """Returns when what it does is done."""
        self.is_over = True
        self.called.set()
        self.thread.join()
