"""Who adds or changes persons at the same time: the same person is added once, and with different ones nobody waits for
the other."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from treaty.people import commands
from treaty.people.commands.bulk import LINKING
from treaty.people.models import Person
from treaty.people.rules import Outcome, PersonDraft, folded_name
from treaty.people.tests import factories
from treaty.staff.models import AuditRow

pytestmark = pytest.mark.django_db(transaction=True)

PIA = PersonDraft(name="Pia", emails=("pia@example.com",), phones=("+48321234567",))


def add(**told: Any) -> commands.Added:
    return commands.add_person(PersonDraft(**told), at=factories.SINCE, by=None, source="api")


def and_leave(act: Callable[[], Any]) -> Any:
    """As another process would."""
    try:
        return act()
    finally:
        connection.close()


@contextmanager
def beside(act: Callable[[], object]) -> Iterator[Thread]:
    """Somebody who has acted and not ended; ends with the block, or after two seconds."""
    acted, may_end = Event(), Event()

    def work() -> None:
        with transaction.atomic():
            act()
            acted.set()
            may_end.wait(2)
        connection.close()

    thread = Thread(target=work)
    thread.start()
    assert acted.wait(10)
    try:
        yield thread
    finally:
        may_end.set()
        thread.join()


def both(first: Callable[[], object], second: Callable[[], Any]) -> Any:
    """What came of the second, which began when the first was written and not committed."""
    with ThreadPoolExecutor(1) as threads:
        with beside(first) as thread:
            waiting: Future[Any] = threads.submit(and_leave, second)
            thread.join(0.1)
            assert not waiting.done()
        return waiting.result(10)


def test_who_adds_somebody_else_waits_for_nobody() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    with beside(partial(add, name="Bo", emails=["bo@example.com"])) as thread:
        assert add(name="Cy", emails=["cy@example.com"]).outcome is Outcome.NEW
        assert thread.is_alive()


def test_the_same_person_is_added_once() -> None:
    pia = partial(add, name="Pia", emails=["pia@example.com"])
    assert both(pia, pia).outcome is Outcome.UNCHANGED
    assert Person.objects.count() == 1


def test_what_both_tell_of_one_person_stays_though_they_know_it_by_different_identities() -> None:
    commands.add_persons([PIA], at=factories.SINCE, by=None, source="import")
    both(
        partial(add, emails=["pia@example.com"], title="Buyer"),
        partial(add, phones=["+48321234567"], city="Łódź"),
    )
    assert list(Person.objects.values_list("name", "title", "city")) == [("Pia", "Buyer", "Łódź")]


def test_who_merges_waits_for_who_adds() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    with beside(partial(add, name="Bo", emails=["bo@example.com"])), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LINKING])
        assert cursor.fetchone() == (False,)


def changing(person: int, **changes: object) -> Callable[[], object]:
    return partial(commands.change_person, person, changes=changes, at=factories.SINCE, by=None)


def test_of_two_who_name_one_person_at_once_each_builds_on_the_other() -> None:
    pia = add(name="Pia", emails=["pia@example.com"]).person_id
    both(changing(pia, name="Pia Nowak"), changing(pia, name_local="Πία"))
    row = Person.objects.get(pk=pia)
    assert row.folded == folded_name("Pia Nowak", "Πία")


def test_who_is_forgotten_meanwhile_gets_no_name_back() -> None:
    pia = add(name="Pia", emails=["pia@example.com"]).person_id
    forgetting = partial(commands.forget_person, pia, at=factories.SINCE, by=None, cause="api")
    assert both(forgetting, changing(pia, name="Pia Nowak")) is False
    assert "Pia" not in Person.objects.get(pk=pia).name


def test_who_changes_a_company_at_the_same_time_says_what_stood_there_before() -> None:
    company = factories.company("Nordwind")
    change = partial(commands.change_company, company.pk, at=factories.SINCE, by=None)
    both(partial(change, changes={"city": "Bremen"}), partial(change, changes={"city": "Kiel"}))
    told = AuditRow.objects.filter(verb="company_changed").order_by("pk").values_list("changes", flat=True)
    assert [change["city"] for change in told] == [["", "Bremen"], ["Bremen", "Kiel"]]
