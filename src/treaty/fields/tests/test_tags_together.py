"""Tags that several people write at the same moment: none is lost, and nobody waits in a round."""

import time
from collections.abc import Mapping
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from treaty.fields import commands, queries
from treaty.fields.commands import FieldDraft
from treaty.fields.commands.growing import grow
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import SINCE
from treaty.fields.tests.test_tags import offered, wear, worn
from treaty.kit.tests.together import at_once
from treaty.people import verbs as people_verbs
from treaty.people.commands import add_companies, add_persons, change_company, change_person
from treaty.people.models import Company
from treaty.people.rules import CompanyDraft, PersonDraft
from treaty.people.tests.factories import company
from treaty.staff.tests import factories as staff


@pytest.fixture(autouse=True)
def installed(transactional_db: None) -> None:
    commands.prepare(at=SINCE)


live = pytest.mark.django_db(transaction=True)


@live
def test_two_who_write_at_once_lose_no_tag() -> None:
    one, other = (company(name).pk for name in ("Huta", "Odlewnia"))
    at_once(lambda: wear(one, "left", "shared"), lambda: wear(other, "right", "shared"))
    assert sorted(offered()) == ["left", "right", "shared"]
    assert [sorted(held) for held in worn(one, other)] == [["left", "shared"], ["right", "shared"]]


@live
def test_who_writes_a_tag_that_is_there_waits_for_nobody() -> None:
    one, other = (company(name).pk for name in ("Huta", "Odlewnia"))
    wear(one, "Fair")
    begun, ended = Event(), Event()

    def bring() -> None:
        with transaction.atomic():
            wear(one, "Fair", "New")
            begun.set()
            assert ended.wait(10), "the other one waited"

    def write() -> None:
        assert begun.wait(10)
        wear(other, "Fair")
        ended.set()

    at_once(bring, write)
    assert worn(one, other) == [["Fair", "New"], ["Fair"]]


@live
def test_a_file_and_a_form_that_bring_tags_do_not_wait_in_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form holds the company, and the file the tags, before each comes to what the other holds: were that so."""
    one, grown = company("Huta").pk, Event()

    def slow(record: str, told: Mapping[str, object]) -> Any:
        made = grow(record, told)
        if "file" in str(told):
            grown.set()
            time.sleep(1.5)
        return made

    monkeypatch.setattr("treaty.fields.commands.writing.grow", slow)

    def bring() -> None:
        add_companies(
            [CompanyDraft(name="Huta", city="Wrocław", fields={"tags": ["file"]})], at=SINCE, by=None
        )

    def write() -> None:
        assert grown.wait(10)
        change_company(one, changes={"sector": "steel"}, own={"tags": ["form"]}, at=SINCE, by=None)

    at_once(bring, write)
    assert sorted(offered()) == ["file", "form"]
    assert Company.objects.filter(city="Wrocław", sector="steel").exists()


@live
@pytest.mark.parametrize("by_list", [True, False])
def test_a_list_and_a_form_that_bring_tags_do_not_wait_in_a_round(
    monkeypatch: pytest.MonkeyPatch, by_list: bool
) -> None:
    topics = commands.add_field(FieldDraft("person", "Topics", Kind.TAGS), at=SINCE, by=None)
    draft = PersonDraft(name="Ada", emails=("ada@example.com",))
    one = add_persons([draft], at=SINCE, by=None, source="hand")[0].person_id
    grown = Event()

    def slow(record: str, told: Mapping[str, object]) -> Any:
        made = grow(record, told)
        if "many" in str(told):
            grown.set()
            time.sleep(1.5)
        return made

    monkeypatch.setattr("treaty.fields.commands.writing.grow", slow)

    def bring() -> None:
        if by_list:
            told = {"field": "own_topics", "how": "add", "value": "many"}
            with transaction.atomic():
                people_verbs.CHANGE.apply([one], told, SINCE, ann)
        else:
            add_persons([draft.but(fields={"topics": ["many"]})], at=SINCE, by=None, source="hand")

    def write() -> None:
        assert grown.wait(10)
        change_person(one, changes={"city": "Opole"}, own={"topics": ["form"]}, at=SINCE, by=None)

    ann = staff.ann().pk
    at_once(bring, write)
    row = queries.field_row(topics)
    assert row
    assert sorted(option.name for option in row.options) == ["form", "many"]
