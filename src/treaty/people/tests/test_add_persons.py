"""The bulk door of persons: what becomes of drafts, what facts they leave, and that a second time changes nothing."""

import sys
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from treaty.ledger.facts import about_identity
from treaty.ledger.queries import history
from treaty.people import commands, projections, queries
from treaty.people.models import Company, Employment, Person, PersonIdentity
from treaty.people.rules import CompanyDraft, Outcome, PersonDraft, Stage, made_ready
from treaty.people.tests import factories
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

DOOR = sys.modules[commands.add_persons.__module__]
FULL = PersonDraft(
    name="Pia Kowalska",
    name_local="Пиа",
    emails=("pia@example.com", "p.k@example.org"),
    phones=("+48321234567",),
    external=("crm:1",),
    company="Huta Wschód",
    tags=("fair", "vip"),
    stage=Stage.LEAD,
    country="PL",
)


def add(*drafts: PersonDraft, at: datetime = factories.SINCE) -> list[commands.Added]:
    return commands.add_persons(drafts, at=at, by=None, source="import")


def outcomes(added: list[commands.Added]) -> list[str]:
    return [one.outcome.value for one in added]


def kinds(person: Person) -> list[str]:
    return [line.kind for line in history([about_identity(person.anchor_id)])]


def test_a_draft_becomes_a_person_with_all_it_tells() -> None:
    (added,) = add(FULL)
    person = Person.objects.select_related("company").get(pk=added.person_id)
    assert (person.name, person.folded, person.stage) == ("Pia Kowalska", "pia kowalska пиа", "lead")
    assert (person.email, person.phone) == ("pia@example.com", "+48321234567")
    assert person.company is not None
    assert person.company.folded == "huta wschod"
    assert Employment.objects.filter(person=person, company=person.company).exists()
    page = queries.person_page(staff.mia(), person.pk)
    assert page is not None
    assert page.tags == ["fair", "vip"]
    assert {(line.kind, line.value, line.is_main) for line in page.identities} == {
        ("email", "pia@example.com", True),
        ("email", "p.k@example.org", False),
        ("phone", "+48321234567", True),
        ("external", "crm:1", True),
    }
    assert kinds(person) == ["PersonAdded", "StageEntered"]


def test_every_person_holds_its_anchor() -> None:
    (added,) = add(PersonDraft(name="Nobody Known"))
    person = Person.objects.get(pk=added.person_id)
    assert queries.persons_of([person.anchor_id]) == {person.anchor_id: person.pk}


def test_the_same_drafts_again_change_nothing() -> None:
    drafts = [
        FULL,
        PersonDraft(name="Someone Else", emails=("pia@example.com",)),
        PersonDraft(phones=("+4930123456",)),
    ]
    first = add(*drafts)
    before = list(Person.objects.order_by("pk").values())
    second = add(*drafts, at=factories.SINCE + timedelta(days=1))
    assert outcomes(first) == ["new", "unchanged", "new"]
    assert outcomes(second) == ["unchanged"] * 3
    assert list(Person.objects.order_by("pk").values()) == before


def test_what_a_draft_leaves_blank_stays() -> None:
    add(FULL)
    (added,) = add(PersonDraft(emails=("pia@example.com",), title="Buyer"))
    person = Person.objects.get(pk=added.person_id)
    assert added.outcome is Outcome.CHANGED
    assert (person.name, person.country, person.title) == ("Pia Kowalska", "PL", "Buyer")


def test_a_new_address_of_somebody_known_is_a_change_and_the_main_one_stays() -> None:
    add(FULL)
    (added,) = add(PersonDraft(external=("crm:1",), emails=("new@example.com",)))
    assert added.outcome is Outcome.CHANGED
    assert Person.objects.get(pk=added.person_id).email == "pia@example.com"


def test_where_identities_belong_to_two_persons_the_row_is_flagged_and_nothing_is_lost() -> None:
    one, two = add(
        PersonDraft(name="One", external=("crm:1",)), PersonDraft(name="Two", emails=("two@example.com",))
    )
    (added,) = add(PersonDraft(external=("crm:1",), emails=("two@example.com",), title="Buyer"))
    assert (added.person_id, added.is_conflict) == (one.person_id, True)
    assert Person.objects.get(pk=two.person_id).email == "two@example.com"
    assert Person.objects.get(pk=one.person_id).title == "Buyer"
    assert Person.objects.count() == 2


def test_an_import_moves_a_stage_forward_only() -> None:
    add(FULL)
    (ahead,) = add(PersonDraft(external=("crm:1",), stage=Stage.MQL))
    (behind,) = add(PersonDraft(external=("crm:1",), stage=Stage.LEAD))
    assert (ahead.outcome, behind.outcome) == (Outcome.CHANGED, Outcome.UNCHANGED)
    assert Person.objects.get(pk=ahead.person_id).stage == "mql"


def test_refusals_come_in_with_their_facts() -> None:
    (added,) = add(PersonDraft(emails=("no@example.com",), unsubscribed=True, do_not_call=True))
    person = Person.objects.get(pk=added.person_id)
    assert not queries.may_write(person)
    assert not queries.may_call(person)
    assert Counter(kinds(person)) == {"PersonAdded": 1, "Unsubscribed": 1, "CallsRefused": 1}


def test_a_person_known_for_long_was_added_then() -> None:
    long_ago = factories.SINCE - timedelta(days=400)
    (added,) = add(PersonDraft(emails=("old@example.com",), stage=Stage.LEAD, added_at=long_ago))
    person = Person.objects.get(pk=added.person_id)
    lines = history([about_identity(person.anchor_id)])
    assert person.created_at == person.stage_since == long_ago
    assert {(line.occurred_at, line.known_at) for line in lines} == {(long_ago, long_ago)}


def test_what_the_bulk_door_writes_equals_its_fold() -> None:
    add(
        FULL,
        PersonDraft(name="A", stage=Stage.CUSTOMER),
        PersonDraft(name="B", unsubscribed=True, owner=staff.ann().pk),
    )
    assert projections.rebuild(check=True, at=factories.SINCE) == 0


def test_persons_of_one_company_share_it_however_it_is_written() -> None:
    add(
        *(
            PersonDraft(name=str(n), company=name)
            for n, name in enumerate(["Huta Wschód", "HUTA WSCHOD", "huta  wschód"])
        )
    )
    assert Company.objects.count() == 1


def test_chunks_tell_how_far_they_are() -> None:
    told: list[int] = []
    drafts = (PersonDraft(external=(f"crm:{n}",)) for n in range(12))
    commands.add_persons(drafts, at=factories.SINCE, by=None, source="import", progress=told.append)
    assert told == [12]


def test_a_long_import_begins_with_few_so_that_it_need_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DOOR, "FIRST", 1)
    monkeypatch.setattr(DOOR, "CHUNK", 3)
    told: list[int] = []
    drafts = (made_ready(PersonDraft(external=(f"crm:{n}",)), b"pepper") for n in range(8))
    added = commands.add_ready(
        drafts,
        at=factories.SINCE,
        by=None,
        source="import",
        batch=7,
        progress=told.append,
        follow=lambda _persons: None,
        admit=None,
        keep=lambda _kept: None,
    )
    assert sum(map(len, added)) == 8
    assert told == [1, 3, 6, 8]


def test_the_number_of_statements_does_not_grow_with_the_drafts(
    django_assert_max_num_queries: object,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (5, 50):
        drafts = [
            PersonDraft(external=(f"n{number}:{n}",), company=f"C{n}", tags=("x",)) for n in range(number)
        ]
        with CaptureQueriesContext(connection) as asked:
            add(*drafts)
        counts.append(
            sum(
                not query["sql"].startswith(("COPY", "SAVEPOINT", "RELEASE"))
                for query in asked.captured_queries
            )
        )
    # executemany is logged once, and what is left over by itself; the first call also reads the installation's key.
    assert counts[1] <= counts[0] + 1


def test_companies_are_met_by_key_and_by_name() -> None:
    (first,) = commands.add_companies(
        [CompanyDraft(name="Acme Corporation", key="maven:1")], at=factories.SINCE, by=None
    )
    drafts = [
        CompanyDraft(name="ACME corporation", sector="software"),
        CompanyDraft(name="Renamed", key="maven:1"),
        CompanyDraft(name="Acme Corporation", key="maven:2", parent="Acme Corporation"),
    ]
    added = commands.add_companies(drafts, at=factories.SINCE, by=None)
    assert [one.company_id == first.company_id for one in added] == [True, True, False]
    assert [one.outcome for one in added] == [Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NEW]
    again = commands.add_companies(drafts, at=factories.SINCE, by=None)
    assert {one.outcome for one in again} == {Outcome.UNCHANGED}


letters = st.sampled_from("abcd")
drafts_strategy = st.lists(
    st.builds(
        lambda emails, external, title, stage, tags: PersonDraft(
            emails=tuple(f"{letter}@example.com" for letter in emails),
            external=tuple(f"crm:{letter}" for letter in external),
            title=title,
            stage=stage,
            tags=tuple(tags),
        ),
        st.lists(letters, max_size=2, unique=True),
        st.lists(letters, min_size=1, max_size=1),
        st.sampled_from(["", "Buyer", "Head"]),
        st.sampled_from([None, *Stage]),
        st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True),
    ),
    max_size=8,
)


class AnyDrafts(TestCase):
    """Whatever drafts come: a second time is a no-op, and the rows equal their fold."""

    @given(drafts_strategy)
    def test_a_second_time_changes_nothing_and_the_fold_agrees(self, drafts: list[PersonDraft]) -> None:
        first = add(*drafts)
        second = add(*drafts)
        assert {one.outcome for one in second} <= {Outcome.UNCHANGED}
        assert [one.person_id for one in second] == [one.person_id for one in first]
        assert projections.rebuild(check=True, at=factories.SINCE) == 0
        assert PersonIdentity.objects.filter(is_main=True).count() <= PersonIdentity.objects.count()
