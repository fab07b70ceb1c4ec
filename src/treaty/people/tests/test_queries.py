"""Who sees whom, and what a few letters find."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from treaty.people import queries
from treaty.people.models import Person
from treaty.people.tests.factories import company, person, pia
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db


def names(rows: object) -> list[str]:
    return sorted(row.name for row in rows)  # type: ignore[attr-defined]


def test_ann_sees_her_own_persons_cy_sees_none_of_them_and_mia_sees_all() -> None:
    pia(owner=staff.ann())
    person("Of Bo", owner=staff.bo())
    person("Of Nobody")
    assert names(queries.visible_persons(staff.ann())) == ["Pia Kowalska"]
    assert names(queries.visible_persons(staff.bo())) == ["Of Bo"]
    assert names(queries.visible_persons(staff.cy())) == []
    assert names(queries.visible_persons(staff.lea())) == ["Of Bo", "Of Nobody", "Pia Kowalska"]
    assert names(queries.visible_persons(staff.mia())) == ["Of Bo", "Of Nobody", "Pia Kowalska"]


def test_a_person_one_may_not_see_has_no_page() -> None:
    buyer = pia(owner=staff.ann())
    assert queries.person_page(staff.ann(), buyer.pk) is not None
    assert queries.person_page(staff.cy(), buyer.pk) is None


def test_ann_sees_the_companies_her_persons_work_for() -> None:
    company("Elsewhere")
    pia(owner=staff.ann(), company="Huta Wschód")
    assert names(queries.visible_companies(staff.ann())) == ["Huta Wschód"]
    assert names(queries.visible_companies(staff.cy())) == []


@pytest.mark.parametrize("text", ["pia", "PÍA KOW", "kowal", "pia.kow", "+48 32 123", "Пиа"])
def test_the_palette_finds_a_person_by_a_few_letters(text: str) -> None:
    pia(name_local="Пиа")
    person("Someone Else")
    (hit,) = queries.found(staff.mia(), text)
    assert (hit.kind, hit.title) == ("person", "Pia Kowalska")


def test_names_that_begin_so_come_before_names_with_it_inside() -> None:
    person("Marianna Pol")
    person("Anna Nowak")
    assert [hit.title for hit in queries.found(staff.mia(), "anna")] == ["Anna Nowak", "Marianna Pol"]


def test_the_palette_finds_only_what_one_may_see() -> None:
    pia(owner=staff.ann(), company="Huta Wschód")
    assert queries.found(staff.cy(), "huta") == queries.found(staff.cy(), "pia") == []
    assert [hit.kind for hit in queries.found(staff.ann(), "huta")] == ["company"]


@pytest.mark.parametrize("text", ["", "  ", "\0", "'", "%", "_", "\\"])
def test_nonsense_finds_nothing(text: str) -> None:
    pia()
    assert queries.found(staff.mia(), text.replace("\0", "")) == []


def test_somebody_with_the_same_address_is_hinted_at() -> None:
    buyer = pia()
    assert queries.similar(staff.mia(), email="PIA.kowalska@example.com") == [buyer]
    assert queries.similar(staff.mia(), phone="32 123 45 67", country="PL") == [buyer]
    assert queries.similar(staff.cy(), email="pia.kowalska@example.com") == []
    assert queries.similar(staff.mia()) == []


def test_attributes_ask_one_question_however_many_persons() -> None:
    for number in range(4):
        person(f"Person {number}", company="Acme", tags=("x",))
    ids = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    for asked in (ids[:1], ids):
        with CaptureQueriesContext(connection) as queried:
            assert len(queries.attributes(asked)) == len(asked)
        assert len(queried) == 1


def test_channels_are_walked_through_the_index() -> None:
    for number, channel in enumerate(["email", "social", "email", ""]):
        person(f"Person {number}", channel=channel)
    assert queries.channels() == ["email", "social"]


def test_the_order_of_names_is_the_same_on_every_engine() -> None:
    for name in ("Zofia A", "anna b", "Łukasz C", "Émile D", "王 小明"):
        person(name, emails=(f"x{len(name)}{ord(name[0])}@example.com",))
    rows = Person.objects.order_by("folded", "pk").values_list("name", flat=True)
    assert list(rows) == ["anna b", "Émile D", "Łukasz C", "Zofia A", "王 小明"]
