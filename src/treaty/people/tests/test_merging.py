"""Merging and splitting persons: what goes over, what the stricter refusal is, and that undoing gives everything back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treaty.ledger.facts import about_identity
from treaty.ledger.queries import history
from treaty.people import commands, projections, queries
from treaty.people.facts import PersonsMerged, PersonsSplit
from treaty.people.models import Candidate, Employment, Merge, Person, PersonIdentity, PersonTag, Unscanned
from treaty.people.rules import Stage
from treaty.people.tests.factories import person, pia
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def doublet(**told: Any) -> Person:
    """Pia again, as another form told her."""
    given = {"emails": ("pia@home.example",), "city": "Katowice", "company": "Huta Zachód", "tags": ("fair",)}
    return person("P. Kowalska", **given | told)


def merge(survivor: Person, merged: Person, **more: Any) -> commands.Merged:
    return commands.merge_persons(survivor.pk, merged=merged.pk, at=AT, by=None, **more)


def standing(*persons: int) -> dict[str, Any]:
    """Everything people knows of some persons, but for when rows were last written."""
    rows = Person.objects.filter(pk__in=persons).order_by("pk").values()
    return {
        "rows": [{name: value for name, value in row.items() if name != "changed_at"} for row in rows],
        "links": sorted(
            PersonIdentity.objects.filter(person__in=persons).values_list(
                "identity_id", "person_id", "label", "is_valid", "is_main"
            )
        ),
        "work": sorted(
            Employment.objects.filter(person__in=persons).values_list("person_id", "company_id", "title")
        ),
        "tags": sorted(PersonTag.objects.filter(person__in=persons).values_list("person_id", "tag_id")),
    }


def test_the_survivor_is_found_by_every_identity_and_the_other_is_gone() -> None:
    buyer, other = pia(), doublet()
    merge(buyer, other)
    assert not Person.objects.filter(pk=other.pk).exists()
    held = queries.identities_of([buyer.pk])[buyer.pk]
    assert set(queries.persons_of(held).values()) == {buyer.pk}
    assert {buyer.anchor_id, other.anchor_id} <= set(held)
    assert queries.survivor(other.pk) == buyer.pk


def test_the_survivor_keeps_what_it_has_and_gets_what_it_lacks() -> None:
    buyer, other = pia(title="Buyer", company="Huta Wschód"), doublet(title="Head of buying")
    merge(buyer, other)
    row = Person.objects.select_related("company").get(pk=buyer.pk)
    assert (row.name, row.title, row.city) == ("Pia Kowalska", "Buyer", "Katowice")
    assert row.company is not None
    assert row.company.name == "Huta Wschód"
    assert Employment.objects.filter(person=buyer.pk).count() == 2
    assert PersonTag.objects.filter(person=buyer.pk, tag__name="fair").exists()


def test_what_is_taken_comes_from_the_other() -> None:
    buyer, other = pia(title="Buyer"), doublet(title="Head of buying", phones=("+48327654321",))
    merge(buyer, other, take=("title", "email", "name"))
    row = Person.objects.get(pk=buyer.pk)
    assert (row.name, row.title, row.email, row.phone) == (
        "P. Kowalska",
        "Head of buying",
        "pia@home.example",
        "+48321234567",
    )


def test_the_facts_name_who_went_where() -> None:
    buyer, other = pia(), doublet()
    merged = merge(buyer, other)
    commands.undo_merge(merged.id, at=LATER, by=None)
    lines = history([about_identity(buyer.anchor_id)], ["PersonsMerged", "PersonsSplit"])
    assert [line.fact for line in lines] == [
        PersonsMerged(other.pk, buyer.pk, other.anchor_id, merged.id),
        PersonsSplit(buyer.pk, other.pk, merged.id),
    ]


@pytest.mark.parametrize("refusing", ["survivor", "merged"])
def test_the_stricter_refusal_wins_whenever_it_was_said(refusing: str) -> None:
    buyer, other = pia(), doublet()
    strict, lenient = (buyer, other) if refusing == "survivor" else (other, buyer)
    commands.unsubscribe([strict.pk], at=AT - timedelta(days=9), by=None)
    commands.refuse_calls([strict.pk], at=AT - timedelta(days=9), by=None)
    commands.unsubscribe([lenient.pk], at=AT - timedelta(days=8), by=None)
    commands.allow([lenient.pk], way="mail", at=AT - timedelta(days=1), by=None)
    merge(buyer, other)
    row = Person.objects.get(pk=buyer.pk)
    assert row.unsubscribed_at == row.do_not_call_at == AT - timedelta(days=9)


def test_what_is_allowed_after_the_merge_is_allowed() -> None:
    buyer, other = pia(), doublet()
    commands.unsubscribe([other.pk], at=AT - timedelta(days=1), by=None)
    merge(buyer, other)
    commands.allow([buyer.pk], way="mail", at=LATER, by=None)
    assert Person.objects.get(pk=buyer.pk).unsubscribed_at is None


def test_the_stage_is_where_both_histories_lead() -> None:
    buyer, other = pia(), doublet()
    commands.enter_stage([other.pk], Stage.MQL, at=AT - timedelta(days=2), cause="")
    merged = merge(buyer, other)
    assert Person.objects.get(pk=buyer.pk).stage == Stage.MQL
    commands.undo_merge(merged.id, at=LATER, by=None)
    assert Person.objects.get(pk=buyer.pk).stage == Stage.SUBSCRIBER
    assert Person.objects.get(pk=other.pk).stage == Stage.MQL


def test_the_owner_of_the_survivor_stays_unless_there_is_none() -> None:
    ann, bo = staff.ann(), staff.bo()
    buyer, other = pia(owner=ann), doublet(owner=bo)
    commands.assign_owner([other.pk], owner=bo.pk, at=AT - timedelta(minutes=1), by=None)
    merge(buyer, other)
    assert Person.objects.get(pk=buyer.pk).owner_id == ann.pk
    nobodys, bos = person("No Body"), person("Nob Ody", owner=bo)
    merge(nobodys, bos)
    assert Person.objects.get(pk=nobodys.pk).owner_id == bo.pk


def test_a_merge_with_oneself_or_of_unknown_fields_is_a_mistake() -> None:
    buyer, other = pia(), doublet()
    with pytest.raises(ValueError, match="with itself"):
        merge(buyer, buyer)
    with pytest.raises(ValueError, match="no field stage"):
        merge(buyer, other, take=("stage",))


def test_who_was_merged_meanwhile_is_not_merged_again() -> None:
    buyer, other = pia(), doublet()
    merge(buyer, other)
    with pytest.raises(commands.CannotMerge, match="not here any more"):
        merge(buyer, other)


def test_undoing_brings_everything_back() -> None:
    buyer = pia(title="Buyer", company="Huta Wschód", owner=staff.ann(), tags=("expo", "fair"))
    other = doublet(owner=staff.bo(), tags=("fair", "vip"), title="Head of buying")
    before = standing(buyer.pk, other.pk)
    merged = merge(buyer, other, take=("title", "email", "owner_id", "company_id"))
    assert standing(buyer.pk, other.pk) != before
    assert commands.undo_merge(merged.id, at=LATER, by=None) == other.pk
    assert standing(buyer.pk, other.pk) == before
    assert queries.survivor(other.pk) is None


def test_undoing_leaves_what_staff_changed_since() -> None:
    buyer, other = pia(), doublet(title="Head of buying")
    merged = merge(buyer, other)
    commands.change_person(buyer.pk, changes={"title": "Director", "city": "Kraków"}, at=LATER, by=None)
    commands.add_identity(buyer.pk, kind="email", value="pia@new.example", at=LATER, by=None)
    commands.undo_merge(merged.id, at=LATER, by=None)
    row = Person.objects.get(pk=buyer.pk)
    assert (row.title, row.city) == ("Director", "Kraków")
    assert PersonIdentity.objects.filter(person=buyer.pk).count() == 4
    assert Person.objects.get(pk=other.pk).title == "Head of buying"


def test_a_merge_is_undone_once_and_the_last_one_first() -> None:
    buyer, other, third = pia(), doublet(), person("Pia K.")
    inner = merge(other, third)
    outer = merge(buyer, other)
    assert queries.survivor(third.pk) == buyer.pk
    with pytest.raises(commands.CannotSplit) as refused:
        commands.undo_merge(inner.id, at=LATER, by=None)
    assert refused.value.code == "gone"
    commands.undo_merge(outer.id, at=LATER, by=None)
    assert queries.survivor(third.pk) == other.pk
    commands.undo_merge(inner.id, at=LATER, by=None)
    with pytest.raises(commands.CannotSplit) as refused:
        commands.undo_merge(inner.id, at=LATER, by=None)
    assert refused.value.code == "undone"
    assert Person.objects.count() == 3


def test_nothing_of_a_forgotten_person_is_left_in_what_merges_kept() -> None:
    buyer, other, third = pia(), doublet(), person("Pia K.")
    merge(other, third)
    merge(buyer, other)
    commands.forget_person(buyer.pk, at=LATER, by=None)
    assert set(Merge.objects.values_list("name", flat=True)) == {""}
    assert [row.kept for row in Merge.objects.order_by("pk")] == [{}, {}]


def test_a_merge_that_was_undone_keeps_nothing_that_forgetting_would_miss() -> None:
    buyer, other = pia(), doublet()
    merged = merge(buyer, other)
    commands.undo_merge(merged.id, at=LATER, by=None)
    row = Merge.objects.get()
    assert (row.name, row.kept, row.undone_at) == ("", {}, LATER)


def test_who_is_apart_from_the_merged_is_apart_from_the_survivor() -> None:
    buyer, other, third = pia(), doublet(), person("Pia K.")
    pair = Candidate.objects.create(one=other, other=third, bits=12, found_at=AT)
    commands.decide(pair.pk, state="apart", at=AT, by=None)
    merged = merge(buyer, other)
    assert set(Candidate.objects.values_list("one_id", "other_id", "state")) == {
        (buyer.pk, third.pk, "apart")
    }
    commands.undo_merge(merged.id, at=LATER, by=None, apart=True)
    assert set(Candidate.objects.values_list("one_id", "other_id", "state")) == {
        (other.pk, third.pk, "apart"),
        (buyer.pk, other.pk, "apart"),
    }


def test_merged_and_split_persons_are_looked_at_again() -> None:
    buyer, other = pia(), doublet()
    Unscanned.objects.all().delete()
    merged = merge(buyer, other)
    assert set(Unscanned.objects.values_list("person_id", flat=True)) == {buyer.pk}
    Unscanned.objects.all().delete()
    commands.undo_merge(merged.id, at=LATER, by=None)
    assert set(Unscanned.objects.values_list("person_id", flat=True)) == {buyer.pk, other.pk}


def test_rows_are_as_their_facts_say_after_merging_and_after_undoing() -> None:
    buyer, other = pia(owner=staff.ann(), unsubscribed=True), doublet(owner=staff.bo(), do_not_call=True)
    merged = merge(buyer, other, take=("owner_id",))
    assert projections.rebuild(check=True, at=LATER) == 0
    commands.undo_merge(merged.id, at=LATER, by=None)
    assert projections.rebuild(check=True, at=LATER) == 0


def test_an_identity_of_somebody_else_leaves_with_a_record_of_its_own() -> None:
    buyer = pia(emails=("pia@huta.example", "jan@huta.example"), owner=staff.ann(), unsubscribed=True)
    identities = {value: pk for pk, (_, value) in queries_values(buyer.pk).items()}
    other = commands.split_person(
        buyer.pk, identities=[identities["jan@huta.example"]], name="Jan Nowak", at=AT, by=None
    )
    row = Person.objects.get(pk=other)
    assert (row.name, row.email, row.owner_id) == ("Jan Nowak", "jan@huta.example", staff.ann().pk)
    assert row.unsubscribed_at is not None
    assert Person.objects.get(pk=buyer.pk).email == "pia@huta.example"
    assert projections.rebuild(check=True, at=LATER) == 0


@pytest.mark.parametrize("leaving", [(), ("pia@huta.example", "+48321234567")])
def test_a_record_without_any_identity_is_not_split_off_or_left(leaving: tuple[str, ...]) -> None:
    buyer = pia(emails=("pia@huta.example",))
    identities = {value: pk for pk, (_, value) in queries_values(buyer.pk).items()}
    with pytest.raises(commands.CannotSplit) as refused:
        commands.split_person(
            buyer.pk, identities=[identities[value] for value in leaving], name="Jan", at=AT, by=None
        )
    assert refused.value.code == "nothing_left"


def queries_values(person_id: int) -> dict[int, tuple[str, str]]:
    from treaty.ledger.queries import identity_values

    return identity_values(queries.identities_of([person_id])[person_id])


ACTS: dict[str, Callable[[int], object]] = {
    "unsubscribe": lambda who: commands.unsubscribe([who], at=AT - timedelta(days=3), by=None),
    "allow": lambda who: commands.allow([who], way="mail", at=AT - timedelta(days=2), by=None),
    "refuse": lambda who: commands.refuse_calls([who], at=AT - timedelta(days=2), by=None),
    "lead": lambda who: commands.enter_stage([who], Stage.LEAD, at=AT - timedelta(days=4), cause=""),
    "customer": lambda who: commands.enter_stage([who], Stage.CUSTOMER, at=AT - timedelta(days=1), cause=""),
    "tag": lambda who: commands.tag([who], tags=["a", "b"], at=AT, by=None),
    "rename": lambda who: commands.change_person(who, changes={"title": "T", "city": "C"}, at=AT, by=None),
    "invalidate": lambda who: commands.invalidate_identity(
        who, identity=queries.identities_of([who])[who][-1], at=AT, by=None
    ),
}
NUMBERS = count(1)


@given(
    ours=st.lists(st.sampled_from(sorted(ACTS)), max_size=5),
    theirs=st.lists(st.sampled_from(sorted(ACTS)), max_size=5),
    take=st.sets(st.sampled_from(["name", "title", "city", "email", "phone", "company_id", "owner_id"])),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_undoing_restores_exactly_whatever_happened_before(
    ours: list[str], theirs: list[str], take: set[str]
) -> None:
    number = next(NUMBERS)
    one = person(f"Ola {number}", emails=(f"ola{number}@a.example", f"o{number}@a.example"), company="Huta")
    two = person(f"Aleksandra {number}", phones=(f"+4832{number:07d}",), owner=staff.bo())
    for who, acts in ((one.pk, ours), (two.pk, theirs)):
        for act in acts:
            ACTS[act](who)
    before = standing(one.pk, two.pk)
    merged = merge(one, two, take=take)
    commands.undo_merge(merged.id, at=LATER, by=None)
    assert standing(one.pk, two.pk) == before
    assert Merge.objects.get(pk=merged.id).undone_at == LATER
