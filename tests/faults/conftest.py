"""One installation for all rounds, and what the tests ask of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from treaty.kit.tests.installation import ROOT, Installation, as_json, installation

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))
SEED = 2026
"""The same moments on every run, as far as the machine is as fast."""


ANSWERS = """
import sys
import django; django.setup()
from tests.faults.house import *
for call in sys.stdin:
    exec(call)
    sys.stdout.flush()
"""


class House:
    """The installation whose processes are killed, with an agreement in force and a key for its API."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        # One that is never killed and answers call after call: a process for each call cost more than the rounds.
        self.inside = subprocess.Popen(
            [sys.executable, "-c", ANSWERS],
            env=place.env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        place.running.append(self.inside)
        self.key: str = self.ask("move_in()")

    def ask(self, call: str) -> Any:
        """What a function of house.py prints, run inside the installation."""
        assert self.inside.stdin is not None
        assert self.inside.stdout is not None
        self.inside.stdin.write(f"{call}\n")
        self.inside.stdin.flush()
        answer = self.inside.stdout.readline()
        assert answer, f"{call} failed; the traceback stands among what was printed"
        return json.loads(answer)

    def leave(self) -> None:
        """Ends the one that answers."""
        self.inside.communicate()

    def has_settled(self) -> bool:
        """Whether no promise is open any more, once the worker has looked."""
        self.place.run("work", "--once")
        return bool(self.ask("open_clocks()") == 0)

    def differences(self) -> dict[str, int]:
        """How many rows a rebuild would change, by noun, once the worker has done what is due."""
        done = self.place.run("work", "--once")
        assert done.returncode == 0, done.stderr
        checked = self.place.run("rebuild", "--check", "--json")
        found: dict[str, int] = as_json(checked.stdout)["by_projection"]
        return {noun: number for noun, number in found.items() if number}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Made once: every round brings its own people."""
    folder: Path = tmp_path_factory.mktemp("faults")
    with installation(folder, TREATY_WORKERS="1") as place:
        house = House(place)
        yield house
        house.leave()


@pytest.fixture(params=range(ROUNDS), ids=lambda number: f"round{number}")
def turn(request: pytest.FixtureRequest) -> int:
    """Which round it is."""
    return int(request.param)


@pytest.fixture
def chance(request: pytest.FixtureRequest, turn: int) -> Random:
    """The moments of this test in this round."""
    return Random(f"{SEED}:{request.function.__name__}:{turn}")
