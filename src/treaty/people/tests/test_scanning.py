"""Looking for duplicates: step by step as all at once, no more work than what changed, and decisions that stay."""

from datetime import UTC, datetime

import pytest

from treaty.people import commands
from treaty.people.models import Candidate, DuplicateBlock, Person, Unscanned
from treaty.people.queries.duplicates import probable, waiting
from treaty.people.rules import PersonDraft
from treaty.people.rules.duplicates import MOST
from treaty.people.tests.factories import person, pia
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def scan(limit: int = 5_000) -> commands.Scan:
    work = commands.Scan()
    while work.step(at=AT, limit=limit):
        pass
    return work


def shown() -> set[tuple[str, str]]:
    return set(Candidate.objects.filter(state="open").values_list("one__name", "other__name"))


def a_few() -> None:
    pia(company="Huta Wschód", city="Katowice")
    person("Pia Kowalksa", company="Huta Wschód", emails=("pia@home.example",))
    person("Kowalska Pia", city="Katowice", emails=())
    person("Jan Nowak", city="Katowice")
    person("Иван Петров", emails=("ivan@a.example",))
    person("Ivan Petrov", emails=("ivan.petrov@b.example",))


ALIKE = {
    ("Pia Kowalska", "Pia Kowalksa"),
    ("Pia Kowalska", "Kowalska Pia"),
    ("Pia Kowalksa", "Kowalska Pia"),
    ("Иван Петров", "Ivan Petrov"),
}


@pytest.mark.parametrize("limit", [1, 2, 5_000])
def test_a_scan_in_steps_shows_what_one_at_once_shows(limit: int) -> None:
    a_few()
    assert scan(limit).found == len(ALIKE)
    assert shown() == ALIKE
    assert waiting() == 0


def test_each_pair_is_kept_with_its_reasons_the_lower_id_first() -> None:
    a_few()
    scan()
    pair = Candidate.objects.get(one__name="Pia Kowalska", other__name="Pia Kowalksa")
    assert pair.one_id < pair.other_id
    assert ["family_name", "misspelt", 5.5] in pair.reasons
    assert pair.bits == pytest.approx(sum(bits for _, _, bits in pair.reasons))


def test_only_who_came_or_changed_is_looked_at() -> None:
    a_few()
    scan()
    jan = Person.objects.get(name="Jan Nowak")
    commands.change_person(
        jan.pk, changes={"name": "Pia Kowalska", "given_name": "", "family_name": ""}, at=AT, by=None
    )
    assert set(Unscanned.objects.values_list("person_id", flat=True)) == {jan.pk}
    scan()
    assert any(jan.pk in pair for pair in Candidate.objects.values_list("one_id", "other_id"))


def test_a_pair_that_is_alike_no_more_is_gone() -> None:
    a_few()
    scan()
    ivan = Person.objects.get(name="Ivan Petrov")
    commands.change_person(ivan.pk, changes={"name": "Ola Zielińska"}, at=AT, by=None)
    scan()
    assert ("Иван Петров", "Ola Zielińska") not in shown()
    assert len(shown()) == len(ALIKE) - 1


@pytest.mark.parametrize("state", ["apart", "later"])
def test_what_was_decided_stays_though_both_change(state: str) -> None:
    a_few()
    scan()
    pair = Candidate.objects.get(one__name="Иван Петров")
    commands.decide(pair.pk, state=state, at=AT, by=None)
    commands.change_person(pair.one_id, changes={"city": "Kraków"}, at=AT, by=None)
    scan()
    assert Candidate.objects.get(pk=pair.pk).state == state
    commands.change_person(pair.one_id, changes={"name": "Ola Zielińska"}, at=AT, by=None)
    scan()
    assert Candidate.objects.filter(pk=pair.pk).exists() == (state == "apart")


def test_a_decision_has_a_name() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        commands.decide(1, state="perhaps", at=AT, by=None)


def test_a_full_block_is_kept_small_and_compared_no_more() -> None:
    drafts = [
        PersonDraft(given_name="Anna", family_name="Nowak", emails=(f"a{n}@x{n}.example",))
        for n in range(MOST + 9)
    ]
    commands.add_persons(drafts, at=AT, by=None, source="import")
    assert scan().found == 0
    sizes: dict[int, int] = {}
    for number in DuplicateBlock.objects.values_list("number", flat=True):
        sizes[number] = sizes.get(number, 0) + 1
    assert max(sizes.values()) == MOST + 1


def test_an_import_waits_to_be_looked_at_and_again_it_does_not() -> None:
    draft = PersonDraft(name="Pia Kowalska", emails=("pia@huta.example",))
    commands.add_persons([draft], at=AT, by=None, source="import")
    assert waiting() == 1
    scan()
    commands.add_persons([draft], at=AT, by=None, source="import")
    assert waiting() == 0


def test_who_is_about_to_be_added_twice_is_shown_to_those_who_may_see_the_other() -> None:
    buyer = pia(company="Huta Wschód", owner=staff.ann())
    scan()
    draft = PersonDraft(given_name="Pia", family_name="Kowalksa", company="Huta Wschód Sp. z o.o.")
    assert [one.pk for one in probable(staff.ann(), draft)] == [buyer.pk]
    assert probable(staff.cy(), draft) == []
    assert (
        probable(staff.ann(), PersonDraft(given_name="Jan", family_name="Nowak", company="Huta Wschód")) == []
    )
