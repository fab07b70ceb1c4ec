"""Kill -9 at a random moment: a whole command with its children, or any one of its processes."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from subprocess import Popen

ENDED = "ZX"


def processes_of(session: int) -> list[int]:
    """The living processes of a session, the leader among them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                state, *rest = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(rest[2]) == session and state not in ENDED:
                    found.append(int(entry.name))
    return sorted(found)


def kill_one_day(process: "Popen[str]", chance: Random, *, within: float) -> bool:
    """Waits some part of `within` seconds, then kills; whether the command is gone.

    Half of the time the power fails: all die at once. Else one process dies; if it was the first one, whatever
    guards the command ends the rest, and if it was another one, the command has to mend itself.
    """
    time.sleep(chance.uniform(0, within))
    alive = processes_of(process.pid)
    victim = chance.choice(alive) if alive and chance.random() < 0.5 else None
    if victim is not None and victim != process.pid:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        return process.poll() is not None
    end(process)
    return True


class Service:
    """A command that is started again whenever it ended, as the shipped units do it: a web server gives up, for one,
    when its processes die twice within seconds."""

    def __init__(self, start: "Callable[[], Popen[str]]") -> None:
        self.start = start
        self.process = start()

    def is_up(self) -> bool:
        """True, for who waits for something; started again if need be."""
        if self.process.poll() is not None:
            self.process = self.start()
        return True


def end(process: "Popen[str]") -> None:
    """Ends a command whose work is done."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
