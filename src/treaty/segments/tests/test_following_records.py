"""Members follow what changes of their companies and of their deals, with a fact or without one."""

from datetime import timedelta

import pytest

from treaty.deals.commands import (
    KeptDeals,
    add_deals,
    bin_deals,
    change_deal,
    open_deal,
    prepare,
    remove_added_deals,
    restore_deals,
)
from treaty.deals.rules import DealDraft, PastDeal
from treaty.fields.commands import FieldDraft, add_field
from treaty.fields.rules import Kind
from treaty.people.commands import add_company, change_company, merge_persons
from treaty.people.rules import CompanyDraft
from treaty.people.tests.factories import person, pia
from treaty.segments import projections, queries
from treaty.segments.models import Touched
from treaty.segments.tests.test_following import segment
from treaty.segments.tests.world import AT

pytestmark = pytest.mark.django_db


def test_a_field_of_her_company_and_of_her_deal_moves_her_in_and_out() -> None:
    for of in ("company", "deal"):
        add_field(FieldDraft(of, "Meters", Kind.NUMBER), at=AT, by=None)
    works = add_company(CompanyDraft(name="Huta"), at=AT, by=None).company_id
    buyer, other = pia(company="Huta"), person("Ola Lis")
    prepare(at=AT)
    deal = open_deal(DealDraft("Flow meters", person=buyer.pk), at=AT, by=None)
    of_company = segment("Their company", {"attribute": "company.fields.meters", "at_least": 5})
    of_deal = segment("Their deal", {"deal": [{"attribute": "fields.meters", "at_least": 5}]})
    change_company(works, changes={}, own={"meters": 7}, at=AT, by=None)
    change_deal(deal, fields={"meters": 7}, at=AT, by=None)
    assert projections.follow(AT) == 1
    assert [queries.member_ids(one) for one in (of_company, of_deal)] == [{buyer.pk}, {buyer.pk}]
    add_company(CompanyDraft(name="Huta", fields={"meters": 3}), at=AT, by=None)
    bin_deals([deal], at=AT, by=None)
    projections.follow(AT)
    assert [queries.member_ids(one) for one in (of_company, of_deal)] == [set(), set()]
    restore_deals([deal], at=AT, by=None)
    projections.follow(AT)
    assert queries.member_ids(of_deal) == {buyer.pk}
    merge_persons(other.pk, merged=buyer.pk, at=AT, by=None)
    projections.follow(AT)
    assert queries.member_ids(of_deal) == {other.pk}


def test_only_segments_that_ask_for_deals_are_asked_where_only_a_deal_changed() -> None:
    buyer = pia()
    prepare(at=AT)
    deal = open_deal(DealDraft("Flow meters", person=buyer.pk), at=AT, by=None)
    segment("Poland", {"attribute": "country", "is": "pl"})
    change_deal(deal, product="Valves", at=AT, by=None)
    assert Touched.objects.filter(person_id=buyer.pk).exists()
    assert projections.follow(AT) == 0
    asking = segment("Valves", {"deal": [{"attribute": "product", "is": "valves"}]})
    change_deal(deal, product="Pumps", at=AT, by=None)
    assert projections.follow(AT) == 1
    assert queries.member_ids(asking) == set()


def test_an_import_of_deals_and_what_takes_it_back_move_her() -> None:
    buyer = pia()
    prepare(at=AT)
    made = segment("Valves", {"deal": [{"attribute": "product", "is": "valves"}]})
    kept: list[KeptDeals] = []
    told = PastDeal("7", DealDraft("Past", person=buyer.pk, product="Valves", stage="won"), opened_at=AT)
    add_deals([told], at=AT, by=None, batch=3, keep=kept.append)
    projections.follow(AT)
    assert queries.member_ids(made) == {buyer.pk}
    remove_added_deals(kept[0].added, batch=3, undone=[])
    projections.follow(AT)
    assert queries.member_ids(made) == set()


def test_a_date_of_her_deal_that_comes_near_moves_her_without_a_fact() -> None:
    add_field(FieldDraft("deal", "Renewal", Kind.DATE), at=AT, by=None)
    buyer = pia()
    prepare(at=AT)
    draft = DealDraft("Flow meters", person=buyer.pk, fields={"renewal": "2026-11-30"})
    open_deal(draft, at=AT, by=None)
    made = segment("Renews", {"deal": [{"date": "fields.renewal", "from_days": 0, "to_days": 7}]})
    midnight = AT.replace(day=23, hour=0, minute=0)
    projections.follow(midnight - timedelta(microseconds=1))
    assert queries.member_ids(made) == set()
    projections.follow(midnight)
    assert queries.member_ids(made) == {buyer.pk}
    projections.follow(midnight + timedelta(days=8))
    assert queries.member_ids(made) == set()
