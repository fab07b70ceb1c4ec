"""The installations of the rounds, and what the tests ask of them."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random
from typing import Any

import pytest

from treaty.kit.tests.installation import Installation, as_json, installation

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))
ROUNDS_OF_A_HOUSE = 5
SEED = 2026
"""The same moments on every run, as far as the machine is as fast."""


class House:
    """The installation whose processes are killed, with an agreement in force and a key for its API."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        self.calm: dict[str, int] = {}
        self.key: str = self.ask("move_in()")

    def ask(self, call: str) -> Any:
        """What a function of house.py prints, run inside the installation."""
        return json.loads(self.place.python(f"from tests.faults.house import *\n{call}"))

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


class Street:
    """The houses, one after the other: what a rebuild reads grows with every round that was in a house before."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self.folders, self.number, self.open = folders, -1, ExitStack()
        self.house: House

    def move(self, number: int) -> House:
        """The house of a number; the one before is left."""
        if number != self.number:
            self.open.close()
            place = self.open.enter_context(installation(self.folders.mktemp("faults"), TREATY_WORKERS="1"))
            place.warm_up()
            self.house, self.number = House(place), number
        return self.house


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Where the rounds take place."""
    street = Street(tmp_path_factory)
    with street.open:
        yield street


@pytest.fixture(params=range(ROUNDS), ids=lambda number: f"round{number}")
def turn(request: pytest.FixtureRequest) -> int:
    """Which round it is."""
    return int(request.param)


@pytest.fixture
def house(street: Street, turn: int) -> House:
    """The installation of a round; each round brings its own people."""
    return street.move(turn // ROUNDS_OF_A_HOUSE)


@pytest.fixture
def chance(request: pytest.FixtureRequest, turn: int) -> Random:
    """The moments of this test in this round."""
    return Random(f"{SEED}:{request.function.__name__}:{turn}")
