"""Web and worker are killed at random moments: what was acknowledged is there, and nothing is there twice."""

from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import House
from tests.faults.killing import Service, end, kill_one_day
from tests.faults.work import HASTY, LEADS, PERSONS, SPREAD, TOUCHES, Buyers, grown, persons_file
from treaty.kit.tests.installation import as_json, free_port, until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

KILLS = 3


@pytest.fixture
def undisturbed(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What an import brings that nobody disturbs; tried once in each house."""
    if not house.calm:
        before = house.ask("counts()")
        path = persons_file(tmp_path_factory.mktemp("calm"), "calm")
        done = house.place.run("import", "persons", str(path), "--json")
        assert as_json(done.stdout)["new"] == PERSONS, done.stderr
        house.calm = grown(before, house.ask("counts()"))
    return house.calm


def import_until_done_by_command(house: House, path: Path, chance: Random) -> None:
    """Killed twice, then let be."""
    for _ in range(2):
        process = house.place.treaty("import", "persons", str(path), "--json")
        kill_one_day(process, chance, within=7)
    done = house.place.run("import", "persons", str(path), "--json")
    counts = as_json(done.stdout)
    assert counts["new"] + counts["unchanged"] == PERSONS, counts


def import_until_done_by_job(house: House, path: Path, chance: Random) -> None:
    """The worker is killed twice; the third does what is left."""
    job = house.ask(f"ask_for_import({str(path)!r})")
    worker = Service(lambda: house.place.start("-c", HASTY))
    for _ in range(2):
        kill_one_day(worker.process, chance, within=7)
        worker.is_up()
    until(lambda: worker.is_up() and house.ask(f"state_of({job})")["state"] == "done")
    end(worker.process)


def test_an_import_that_is_killed_and_run_again_brings_each_person_once(
    house: House, undisturbed: dict[str, int], tmp_path: Path, turn: int, chance: Random
) -> None:
    before = house.ask("counts()")
    path = persons_file(tmp_path, f"torn{turn}")
    (import_until_done_by_command, import_until_done_by_job)[turn % 2](house, path, chance)
    assert grown(before, house.ask("counts()")) == undisturbed
    again = house.place.run("import", "persons", str(path), "--json")
    assert as_json(again.stdout)["unchanged"] == PERSONS, again.stderr
    assert house.differences() == {}


def test_touches_told_to_a_web_server_that_is_killed_are_there_once(
    house: House, turn: int, chance: Random
) -> None:
    prefix, port = f"web{turn}", free_port()
    web = Service(lambda: house.place.treaty("serve", "--port", str(port)))
    buyers = Buyers(port, house.key, prefix)
    buyers.thread.start()
    buyers.await_an_answer(web.is_up)
    for _ in range(KILLS):
        kill_one_day(web.process, chance, within=1.5)
        buyers.await_an_answer(web.is_up)
    buyers.may_end.set()
    until(lambda: web.is_up() and not buyers.thread.is_alive())
    end(web.process)
    assert buyers.refused == []
    number = buyers.calls * TOUCHES
    found = house.ask(f"written({prefix!r}, {number})")
    assert found == {"times": {str(n): 1 for n in range(number)}, "persons": number, "offers": number}
    until(house.has_settled)
    assert house.differences() == {}


def test_each_due_promise_breaks_once_though_the_worker_is_killed(
    house: House, turn: int, chance: Random
) -> None:
    prefix = f"sweep{turn}"
    house.ask(f"offer_leads({prefix!r}, {LEADS}, {SPREAD})")
    worker = Service(lambda: house.place.treaty("work"))
    for _ in range(3):
        kill_one_day(worker.process, chance, within=6)
        worker.is_up()
    until(lambda: worker.is_up() and house.ask("open_clocks()") == 0)
    end(worker.process)
    found = house.ask(f"broken({prefix!r})")
    assert len(found["wanted"]) >= LEADS
    assert found["facts"] == found["wanted"]
    assert found["verdicts"] == found["wanted"]
    assert house.differences() == {}
