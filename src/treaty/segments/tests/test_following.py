"""Members follow the facts: what folding touched persons leaves is what asking everybody finds."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from treaty.capture.facts import PageSeen
from treaty.deals.commands import (
    bin_deals,
    change_deal,
    change_deals,
    move_deal,
    restore_deals,
)
from treaty.deals.models import BinnedDeal, Deal
from treaty.fields.commands import FieldDraft, add_field, set_values
from treaty.fields.rules import Kind
from treaty.kit import jobs
from treaty.kit.rules.money import Money
from treaty.ledger.commands import record
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import histories, lines_of_kinds
from treaty.people.commands import change_company, tag, unsubscribe, untag
from treaty.people.models import Company, Person
from treaty.people.queries import identities_of
from treaty.people.tests.factories import pia
from treaty.scoring.commands import sweep
from treaty.scoring.tests.factories import model
from treaty.segments import commands, projections, queries
from treaty.segments.facts import SegmentEntered, SegmentLeft
from treaty.segments.models import Membership, Touched
from treaty.segments.rules import NotAPredicate, parse
from treaty.segments.tests.trees import TAGS
from treaty.segments.tests.world import AT, own, sell, settle
from treaty.segments.wording import sentence
from treaty.warehouse import commands as warehouse

pytestmark = pytest.mark.django_db

AT_FAIR = {"attribute": "tags", "contains": "fair"}
PRICES = {"did": "PageSeen", "where": {"page": {"contains": "pricing"}}}
TREES = {
    "seen prices twice this week": PRICES | {"times": 2, "within_days": 7},
    "never saw prices": {"not": PRICES},
    "warm": {"engagement_at_least": 25},
    "first seen this month": {"first": "PageSeen", "within_days": 30},
    "silent for a week": {"last": "PageSeen", "longer_than_days": 7},
    "prices, then a form": {"sequence": [{"did": "PageSeen"}, {"did": "FormSubmitted"}], "within_days": 7},
    "pages since a form": {"since": {"did": "FormSubmitted"}, "then": {"did": "PageSeen"}},
    "until soon": {"date": "fields.until", "from_days": -1, "to_days": 10},
    "of a gold company": {"attribute": "company.fields.plan", "is": "gold"},
    "the company's end comes near": {"date": "company.fields.until", "from_days": 0, "to_days": 7},
    "a deal of that plan": {"deal": [{"attribute": "fields.plan", "is": "gold"}]},
    "no deal worth much": {"not": {"deal": [{"attribute": "value", "at_least": 100}]}},
    "two deals, not lost": {"deal": [{"attribute": "state", "in": ["open", "won"]}], "times": 2},
    "a deal's end comes near": {
        "deal": [
            {"date": "fields.until", "from_days": 0, "to_days": 7},
            {"attribute": "state", "is": "open"},
        ]
    },
    "at the fair": AT_FAIR,
    "graded": {"any": [{"grade_in": ["B1", "B2", "C1", "C2"]}, {"fit_in": ["A"]}]},
    "may be written to": {
        "all": [{"attribute": "unsubscribed", "is": False}, {"attribute": "has_email", "is": True}]
    },
    "in turn": {"all": [{"segment": 1}, {"not": {"segment": 2}}]},
    "at the edge of a turn": {"any": [{"segment": 0}, {"segment": 17}]},
}


def segment(name: str, node: object, at: datetime = AT) -> int:
    made = commands.add_segment(name, tree=parse({"match": node}), at=at, by=None)
    projections.fill(made, at)
    return made


def told(person: Person) -> list[str]:
    lines = histories([person.anchor_id], ("SegmentEntered", "SegmentLeft"))
    return [type(line.fact).__name__ for line in lines.get(person.anchor_id, [])]


def test_pia_enters_when_she_looks_and_leaves_when_the_window_has_passed() -> None:
    buyer, made = pia(), segment("Seen prices", PRICES | {"within_days": 7})
    record(PageSeen("/pricing"), about=about_identity(buyer.anchor_id), at=AT, recorded_at=AT)
    assert queries.member_ids(made) == set()
    projections.follow(AT)
    assert queries.member_ids(made) == {buyer.pk}
    projections.follow(AT + timedelta(days=7) - timedelta(microseconds=1))
    assert queries.member_ids(made) == {buyer.pk}
    projections.follow(AT + timedelta(days=7))
    assert queries.member_ids(made) == set()
    assert told(buyer) == [SegmentEntered.__name__, SegmentLeft.__name__]


def test_who_fades_below_a_threshold_leaves_without_a_fact() -> None:
    model()
    buyer = pia()
    made = segment("Warm", {"engagement_at_least": 5})
    record(PageSeen("/pricing"), about=about_identity(buyer.anchor_id), at=AT, recorded_at=AT)
    projections.follow(AT)
    assert queries.member_ids(made) == {buyer.pk}
    # 10 points halve in the model's 20 days: 5 are left then, and a moment later fewer.
    projections.follow(AT + timedelta(days=20))
    assert queries.member_ids(made) == {buyer.pk}
    projections.follow(AT + timedelta(days=20, seconds=1))
    assert queries.member_ids(made) == set()


def test_a_date_that_comes_near_moves_her_without_a_fact() -> None:
    add_field(FieldDraft("person", "Renewal", Kind.DATE), at=AT, by=None)
    buyer = pia()
    made = segment("Renews", {"date": "fields.renewal", "from_days": 0, "to_days": 7})
    set_values("person", {buyer.pk: {"renewal": "2026-11-30"}}, at=AT, by=None)
    commands.touch([buyer.pk])
    projections.follow(AT)
    assert queries.member_ids(made) == set()
    # Seven days before it begin at midnight, UTC, of the 23rd; behind it is the 1st.
    midnight = AT.replace(day=23, hour=0, minute=0)
    projections.follow(midnight - timedelta(microseconds=1))
    assert queries.member_ids(made) == set()
    projections.follow(midnight)
    assert queries.member_ids(made) == {buyer.pk}
    projections.follow(midnight + timedelta(days=8))
    assert queries.member_ids(made) == set()


def test_who_is_in_from_the_start_has_not_entered() -> None:
    buyer = pia()
    made = segment("Poland", {"attribute": "country", "is": "pl"})
    projections.follow(AT)
    assert queries.member_ids(made) == {buyer.pk}
    assert told(buyer) == []


def test_while_members_are_found_marks_wait() -> None:
    buyer, made = pia(), segment("Fair", {"attribute": "tags", "is": "fair"})
    queries.listed().filter(pk=made).update(filling_since=AT)
    tag([buyer.pk], tags=["fair"], at=AT, by=None)
    assert projections.follow(AT) == 0
    assert Touched.objects.filter(person_id=buyer.pk).exists()
    queries.listed().filter(pk=made).update(filling_since=None)
    projections.follow(AT)
    assert queries.member_ids(made) == {buyer.pk}
    # Entering is a fact about her, too, and segments may ask for it.
    projections.follow(AT)
    assert not Touched.objects.exists()


def test_without_a_segment_nobody_is_marked() -> None:
    tag([pia().pk], tags=["fair"], at=AT, by=None)
    assert not Touched.objects.exists()


def test_following_a_history_leaves_what_asking_everybody_finds() -> None:
    model()
    persons, chance = settle(), random.Random(3)
    made = list[int]()
    for name, node in TREES.items():
        made.append(segment(name, named(node, made)))
    at = AT
    for _turn in range(6):
        happen(chance, persons, at)
        at += timedelta(days=chance.choice((0, 0.5, 1, 7)), seconds=1)
        sweep(at)
        projections.follow(at)
        assert projections.rebuild(check=True, at=at) == 0
    assert lines_of_kinds(["SegmentEntered"])
    assert lines_of_kinds(["SegmentLeft"])


def named(node: object, made: Sequence[int]) -> object:
    """A tree whose segments are numbered by their places, with the numbers that they have."""
    if isinstance(node, dict):
        return {key: made[value] if key == "segment" else named(value, made) for key, value in node.items()}
    return [named(one, made) for one in node] if isinstance(node, list) else node


def happen(chance: random.Random, persons: Sequence[int], at: datetime) -> None:
    """Some of what moves persons in and out."""
    for person in chance.sample(persons, 6):
        for identity in identities_of([person])[person][:1]:
            record(
                PageSeen(chance.choice(("/pricing", "/blog"))),
                about=about_identity(identity),
                at=at,
                recorded_at=at,
            )
    tag(chance.sample(persons, 3), tags=chance.sample(TAGS, 1), at=at, by=None)
    untag(chance.sample(persons, 3), tags=chance.sample(TAGS, 1), at=at, by=None)
    unsubscribe(chance.sample(persons, 2), at=at, by=None)
    deal_by(chance, persons, at)


def deal_by(chance: random.Random, persons: Sequence[int], at: datetime) -> None:
    """What changes of companies and of deals."""
    companies = Company.objects.order_by("pk").values_list("pk", flat=True)
    change_company(chance.choice(companies), changes={}, own=own(chance), at=at, by=None)
    sell(chance, chance.choice(persons))
    ids = list(Deal.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True))
    for deal in chance.sample(ids, 5):
        change_deal(deal, fields=own(chance), at=at, by=None)
    change_deal(chance.choice(ids), value=chance.choice((None, Money(11950, "EUR"))), at=at, by=None)
    change_deals(chance.sample(ids, 3), changes={}, own=own(chance), at=at, by=None)
    moved, binned = chance.sample(ids, 2)
    move_deal(moved, stage=chance.choice(("won", "lost", "proposal")), reason="Price", at=at, by=None)
    bin_deals([binned], at=at, by=None)
    restore_deals(chance.sample(list(BinnedDeal.objects.values_list("pk", flat=True)), 1), at=at, by=None)


def test_a_rebuild_mends_what_was_broken() -> None:
    buyer, made = pia(), segment("Poland", {"attribute": "country", "is": "pl"})
    Membership.objects.filter(person=buyer.pk).delete()
    assert projections.rebuild(check=True, at=AT) == 1
    assert queries.member_ids(made) == set()
    assert projections.rebuild(check=False, at=AT) == 1
    assert queries.member_ids(made) == {buyer.pk}


def test_a_changed_predicate_is_followed_anew_by_a_job() -> None:
    buyer = pia()
    made = segment("Poland", {"attribute": "country", "is": "pl"})
    tree = parse({"match": {"attribute": "country", "is": "de"}})
    commands.change_segment(made, name="Germany", tree=tree, at=AT, by=None)
    assert buyer.pk in queries.member_ids(made)
    while jobs.run_next():
        pass
    assert queries.member_ids(made) == set()


def test_a_name_is_given_once() -> None:
    segment("Poland", {"attribute": "country", "is": "pl"})
    with pytest.raises(commands.NameTaken):
        segment("Poland", {"attribute": "country", "is": "de"})


def test_a_removed_segment_takes_its_members_along() -> None:
    pia()
    made = segment("Poland", {"attribute": "country", "is": "pl"})
    commands.remove_segment(made, at=AT, by=None)
    assert not Membership.objects.exists()
    assert queries.segment(made) is None


def test_who_leaves_a_segment_leaves_those_that_ask_for_it_in_the_same_turn() -> None:
    buyer, inner = pia(), segment("Seen prices", PRICES | {"within_days": 7})
    outer = segment("Seen prices, not at the fair", {"all": [{"segment": inner}, {"not": AT_FAIR}]})
    last = segment("Nobody special", {"not": {"segment": outer}})
    record(PageSeen("/pricing"), about=about_identity(buyer.anchor_id), at=AT, recorded_at=AT)
    projections.follow(AT)
    assert [queries.member_ids(one) for one in (inner, outer, last)] == [{buyer.pk}, {buyer.pk}, set()]
    projections.follow(AT + timedelta(days=7))
    assert [queries.member_ids(one) for one in (inner, outer, last)] == [set(), set(), {buyer.pk}]
    assert Counter(told(buyer)) == {"SegmentEntered": 3, "SegmentLeft": 3}


def test_where_a_segment_means_others_so_do_those_that_ask_for_it() -> None:
    buyer, inner = pia(), segment("Poland", {"attribute": "country", "is": "pl"})
    outer = segment("Not Poland", {"not": {"segment": inner}})
    assert queries.member_ids(outer) == set()
    tree = parse({"match": {"attribute": "country", "is": "de"}})
    commands.change_segment(inner, name="Germany", tree=tree, at=AT, by=None)
    while jobs.run_next():
        pass
    assert queries.member_ids(outer) == {buyer.pk}
    assert told(buyer) == []


def test_a_segment_that_others_ask_for_stays_and_none_asks_for_itself() -> None:
    inner = segment("Poland", {"attribute": "country", "is": "pl"})
    outer = segment("Not Poland", {"not": {"segment": inner}})
    with pytest.raises(commands.StillAsked) as asked:
        commands.remove_segment(inner, at=AT, by=None)
    assert asked.value.names == ("Not Poland",)
    circle = parse({"match": {"segment": outer}})
    with pytest.raises(NotAPredicate) as wrong:
        commands.change_segment(inner, name="Poland", tree=circle, at=AT, by=None)
    assert [problem.code for problem in wrong.value.problems] == ["segment_of_itself"]
    with pytest.raises(NotAPredicate):
        commands.add_segment("Of none", tree=parse({"match": {"segment": outer + 1}}), at=AT, by=None)


def test_who_is_marked_by_a_kind_that_no_segment_asks_for_is_not_asked() -> None:
    buyer = pia()
    segment("At the fair", AT_FAIR)
    entered = segment("Entered something", {"did": "SegmentEntered"})
    tag([buyer.pk], tags=["fair"], at=AT, by=None)
    assert projections.follow(AT) == 1
    # Entering the one is what the other asks for; entering the other changes no answer more.
    assert projections.follow(AT) == 1
    assert queries.member_ids(entered) == {buyer.pk}
    commands.remove_segment(entered, at=AT, by=None)
    record(SegmentEntered(7, "Any"), about=about_identity(buyer.anchor_id), at=AT, recorded_at=AT)
    assert Touched.objects.exists()
    assert projections.follow(AT) == 0
    assert not Touched.objects.exists()


def test_a_rebuild_by_the_lake_finds_what_one_by_the_database_finds(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    model()
    persons, chance, made = settle(), random.Random(3), list[int]()
    for name, node in TREES.items():
        made.append(segment(name, named(node, made)))
    before = [queries.member_ids(one) for one in made]
    Membership.objects.all().delete()
    assert warehouse.rebuild(AT)
    assert projections.rebuild(check=False, at=AT) == sum(map(len, before))
    assert [queries.member_ids(one) for one in made] == before
    at = AT + timedelta(days=1)
    happen(chance, persons, at)
    sweep(at)
    projections.follow(at)
    assert projections.rebuild(check=True, at=at) == 0
    warehouse.after_restore(at=at)
    assert projections.rebuild(check=True, at=at) == 0


def test_what_a_segment_meant_is_kept_and_comes_back() -> None:
    buyer = pia()
    made = segment("Poland", {"attribute": "country", "is": "pl"})
    tree = parse({"match": {"attribute": "country", "is": "de"}})
    commands.change_segment(made, name="Poland", tree=tree, at=AT, by=None)
    commands.change_segment(made, name="Germany", tree=tree, at=AT, by=None)
    commands.restore_version(made, version=1, at=AT, by=None)
    assert [(one.number, sentence(one.tree)) for one in queries.versions(made)] == [
        (3, "A person matches when the country is “pl”."),
        (2, "A person matches when the country is “de”."),
        (1, "A person matches when the country is “pl”."),
    ]
    while jobs.run_next():
        pass
    assert queries.member_ids(made) == {buyer.pk}
