"""Who writes the lake is killed at random moments: what it shows is whole at each of them, and nothing is lost or doubled."""

from random import Random

import pytest

from tests.faults.conftest import House
from tests.faults.killing import end, kill_one_day
from treaty.kit.tests.installation import as_json

pytestmark = [pytest.mark.faults, pytest.mark.slow]

KILLS = 5
FOLLOWS = """
import django; django.setup()
from django.utils import timezone
from treaty.warehouse import commands
while True:
    commands.follow(timezone.now())
"""
"""A worker that takes one turn after the other, so that a kill meets it at work."""
ANEW = FOLLOWS.replace("follow(", "rebuild(")
WRITES = """
from tests.faults.house import *
busy_days({prefix!r}, {rounds})
"""
ROUNDS = 60


def assert_whole(house: House) -> None:
    """The lake shows each line up to its own once, and no other; where there is one."""
    if found := house.ask("lake_lines()"):
        assert found["rows"] == found["different"] == found["ledger"], found


def test_the_lake_is_whole_whenever_its_writer_is_killed(house: House, turn: int, chance: Random) -> None:
    writes = "import django; django.setup()\n" + WRITES.format(prefix=f"lake{turn}", rounds=ROUNDS)
    writer, follower = house.place.start("-c", writes), house.place.start("-c", FOLLOWS)
    for number in range(KILLS):
        if kill_one_day(follower, chance, within=4):
            assert_whole(house)
            follower = house.place.start("-c", ANEW if number % 2 else FOLLOWS)
    assert writer.wait(timeout=120) == 0
    end(follower)
    assert_whole(house)
    done = house.place.run("lake", "follow", "--json")
    assert done.returncode == 0, done.stderr
    checked = house.place.run("lake", "rebuild", "--check", "--json")
    assert as_json(checked.stdout)["differences"] == 0, checked.stdout
    found = house.ask("lake_lines()")
    assert found["rows"] == found["ledger"] == found["lines"]
    assert_whole(house)
