"""Persons that several programs add at the same moment are written at once; each is told of its own, as if it were alone."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from treaty.kit.tests.installation import Installation, free_port, installation, until
from treaty.ledger.models import Touchpoint
from treaty.people import commands
from treaty.people.api import persons
from treaty.people.models import Person
from treaty.people.tests.factories import SINCE, pia
from treaty.staff.commands import issue_key
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db(transaction=True)

Told = dict[str, Any]

in_threads = pytest.mark.skipif(
    "config.getoption('--engine') == 'sqlite'",
    reason="The SQLite of tests lies in memory, where whoever writes turns readers away; a server's does not: see the last test.",
)


class Counted:
    """How many were written at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.crews: list[int] = []
        before = commands.add_newcomers

        def add(drafts: Sequence[Any], **told: Any) -> list[commands.Added]:
            self.crews.append(len(drafts))
            return before(drafts, **told)

        monkeypatch.setattr(commands, "add_newcomers", add)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def key_of(user: User) -> str:
    return issue_key("test", owner=user.pk, scopes=["people:read", "people:write"], at=SINCE, by=user.pk)


def sent(key: str, told: Told) -> tuple[int, Any]:
    """What a call is answered, in a thread of its own."""
    try:
        client = Client(headers={"Authorization": f"Bearer {key}"})
        answer = client.post("/api/persons", data=json.dumps(told), content_type="application/json")
        return answer.status_code, answer.json()
    finally:
        connection.close()


def at_once(*calls: tuple[str, Told]) -> list[tuple[int, Any]]:
    """What calls are answered that were all read before one of them was done."""
    with ThreadPoolExecutor(len(calls)) as threads:
        with persons.ADDING.expected():
            waiting = [threads.submit(sent, *call) for call in calls]
            while len(persons.ADDING._seats) < len(calls) and not any(one.done() for one in waiting):
                Event().wait(0.005)
        return [one.result(20) for one in waiting]


@in_threads
def test_newcomers_are_written_at_once_and_told_one_by_one(counted: Counted) -> None:
    key = key_of(staff.ann())
    calls = [{"name": f"Buyer {n}", "emails": [f"b{n}@example.com"], "city": f"City {n}"} for n in range(4)]
    answers = at_once(*[(key, told) for told in calls])
    assert counted.crews == [4]
    assert [status for status, _ in answers] == [201] * 4
    assert [told["person"]["city"] for _, told in answers] == [f"City {n}" for n in range(4)]
    assert {told["person"]["owner_id"] for _, told in answers} == {staff.ann().pk}
    assert Person.objects.count() == 4
    assert Touchpoint.objects.filter(kind="PersonAdded").count() == 4


@in_threads
def test_of_two_who_tell_of_the_same_person_one_adds_and_one_enriches() -> None:
    key = key_of(staff.ann())
    one = {"name": "Pia", "emails": ["pia@example.com"]}
    answers = at_once((key, one), (key, one | {"city": "Gdynia"}), (key, {"name": "Bo"}))
    assert sorted(status for status, _ in answers) == [200, 201, 201]
    assert {told["person"]["id"] for _, told in answers[:2]} == {
        Person.objects.get(email="pia@example.com").pk
    }
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Bo", "Pia"]


@in_threads
def test_one_that_is_refused_refuses_no_other() -> None:
    ann, cy = staff.ann(), staff.cy()
    buyer = pia(owner=ann)
    key = key_of(cy)
    answers = at_once((key, {"name": "Bo"}), (key, {"emails": [buyer.email]}), (key, {"name": "Cy"}))
    assert [status for status, _ in answers] == [201, 409, 201]


@in_threads
def test_each_key_adds_for_its_own_owner(counted: Counted) -> None:
    ann, cy = staff.ann(), staff.cy()
    answers = at_once((key_of(ann), {"name": "Bo"}), (key_of(cy), {"name": "Cy"}))
    assert [told["person"]["owner_id"] for _, told in answers] == [ann.pk, cy.pk]
    assert not counted.crews


@in_threads
def test_a_commit_that_fails_is_told_to_each_and_nothing_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it was written is not known then: nobody tries again by itself, for that could make somebody twice."""
    key = key_of(staff.ann())

    def broken(_several: Sequence[Any]) -> list[Any]:
        raise OSError("the disk is full")

    monkeypatch.setattr(persons.ADDING, "_together", broken)
    with pytest.raises(OSError, match="the disk is full"):
        at_once((key, {"name": "Bo"}), (key, {"name": "Cy"}))
    assert not Person.objects.exists()


PERSONS, PROGRAMS = 12, 4
PREPARING = """
from django.utils import timezone
from treaty.staff import commands as staff
owner = staff.add_user(staff.NewUser("hal@example.com", "Hal", "administrator"), at=timezone.now(), by=None)
print(staff.issue_key("adding", owner=owner, scopes=["people:write"], at=timezone.now(), by=None))
"""
COUNTING = """
from treaty.ledger.models import Identity
from treaty.people.models import Person
print(Person.objects.count(), Identity.objects.filter(kind="email").count())
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def is_open(port: int) -> bool:
    with socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def told_by(program: int, port: int, key: str) -> list[tuple[str, int]]:
    """What a program is answered that adds persons of its own and, in turn with them, some that all programs add."""
    heads = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    answers = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        for n in range(PERSONS):
            for address in (f"own{program}-{n}@example.com", f"all{n}@example.com"):
                line.request("POST", "/api/persons", json.dumps({"emails": [address]}), heads)
                answer = line.getresponse()
                read = json.loads(answer.read())
                assert answer.status in {200, 201}, read
                assert read["person"]["email"] == address
                answers.append((address, answer.status))
    return answers


def test_through_a_server_each_person_is_added_by_one_call_of_many(place: Installation) -> None:
    key, port = place.python(PREPARING), free_port()
    place.treaty("serve", "--port", str(port))
    until(lambda: is_open(port))
    with ThreadPoolExecutor(PROGRAMS) as threads:
        programs = [threads.submit(told_by, program, port, key) for program in range(PROGRAMS)]
        answers = [answer for program in programs for answer in program.result(120)]
    added = Counter(address for address, status in answers if status == 201)
    assert added == Counter(dict.fromkeys({address for address, _status in answers}, 1))
    persons = PERSONS * (PROGRAMS + 1)
    assert place.python(COUNTING) == f"{persons} {persons}"
