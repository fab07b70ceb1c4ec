"""Verbs about one person, by the facts and rows they leave."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from treaty.ledger.commands import record
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import Recorded, history
from treaty.people import commands, projections, queries
from treaty.people.facts import OwnerAssigned, StageEntered
from treaty.people.models import Employment, Person, PersonIdentity
from treaty.people.rules import Stage
from treaty.people.tests.factories import SINCE, company, person, pia
from treaty.staff.models import AuditRow
from treaty.staff.queries import audit_lines
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

LATER = SINCE + timedelta(hours=3)


def stage_of(someone: Person) -> tuple[str, datetime]:
    return Person.objects.values_list("stage", "stage_since").get(pk=someone.pk)


def kinds(someone: Person) -> list[str]:
    return [line.kind for line in history([about_identity(someone.anchor_id)])]


def test_entering_a_stage_is_recorded_and_folded() -> None:
    buyer = pia()
    assert commands.enter_stage([buyer.pk], Stage.MQL, at=LATER, cause="LeadQualified") == 1
    assert stage_of(buyer) == ("mql", LATER)
    line = history([about_identity(buyer.anchor_id)])[-1]
    assert line.fact == StageEntered("mql", "LeadQualified", back=False)


def test_a_stage_behind_is_neither_entered_nor_recorded() -> None:
    buyer = pia(stage=Stage.SQL)
    assert commands.enter_stage([buyer.pk], Stage.LEAD, at=LATER, cause="FormSubmitted") == 0
    assert kinds(buyer) == ["PersonAdded", "StageEntered"]


def test_two_facts_of_one_batch_enter_a_stage_once_at_the_earlier_time() -> None:
    buyer = pia()
    sooner = SINCE + timedelta(hours=1)
    anchor = about_identity(buyer.anchor_id)
    batch = [record(OwnerAssigned(None), about=anchor, at=at) for at in (LATER, sooner)]
    commands.stage_listener(Stage.LEAD)([line for line in batch if line is not None])
    assert stage_of(buyer) == ("lead", sooner)
    assert kinds(buyer).count("StageEntered") == 1


def test_a_return_leads_back_but_never_from_customer() -> None:
    buyer, customer = pia(stage=Stage.SAL), person("Old Customer", stage=Stage.CUSTOMER)
    commands.enter_stage([buyer.pk, customer.pk], Stage.LEAD, at=LATER, cause="LeadReturned", back=True)
    assert stage_of(buyer)[0] == "lead"
    assert stage_of(customer)[0] == "customer"


def test_a_late_fact_completes_the_history_and_moves_nobody_back() -> None:
    buyer = pia()
    commands.enter_stage([buyer.pk], Stage.OPPORTUNITY, at=LATER, cause="DealOpened")
    commands.enter_stage([buyer.pk], Stage.MQL, at=SINCE + timedelta(hours=1), cause="LeadQualified")
    commands.enter_stage([buyer.pk], Stage.MQL, at=SINCE + timedelta(hours=1), cause="LeadQualified")
    assert stage_of(buyer) == ("opportunity", LATER)
    assert kinds(buyer).count("StageEntered") == 2


def test_a_listener_lets_the_persons_of_a_batch_enter_a_stage() -> None:
    buyer = pia()
    email = next(
        identity for identity in queries.identities_of([buyer.pk])[buyer.pk] if identity != buyer.anchor_id
    )
    line = record(StageEntered("lead"), about=about_identity(email), at=LATER)
    stranger = record(StageEntered("lead"), about=about_identity(buyer.anchor_id + 10_000), at=LATER)
    assert line is not None
    assert stranger is not None
    commands.stage_listener(Stage.MQL)([line, stranger])
    assert stage_of(buyer) == ("mql", LATER)


def test_a_listener_can_be_told_whose_a_touchpoint_is() -> None:
    buyer = pia()

    def persons(batch: Sequence[Recorded]) -> dict[int, int]:
        return {line.id: buyer.pk for line in batch}

    line = record(StageEntered("lead"), about=about_identity(1), at=LATER)
    assert line is not None
    commands.stage_listener(Stage.CUSTOMER, persons=persons)([line])
    assert stage_of(buyer)[0] == "customer"


def test_an_owner_is_assigned_once_and_audited() -> None:
    buyer, ann = pia(), staff.ann()
    assert commands.assign_owner([buyer.pk], owner=ann.pk, at=LATER, by=ann.pk) == 1
    assert commands.assign_owner([buyer.pk], owner=ann.pk, at=LATER, by=ann.pk) == 0
    assert Person.objects.get(pk=buyer.pk).owner_id == ann.pk
    assert kinds(buyer).count("OwnerAssigned") == 1
    assert [line.verb for line in audit_lines(kind="person")] == ["person_OwnerAssigned"]


def test_what_is_done_to_many_stands_in_the_audit_of_each() -> None:
    both, ann = [pia().pk, person("Quin").pk], staff.ann().pk
    commands.assign_owner(both[:1], owner=ann, at=LATER, by=None)
    commands.assign_owner(both, owner=staff.cy().pk, at=LATER, by=ann)
    commands.tag(both, tags=["Fair"], at=LATER, by=ann)
    commands.untag(both, tags=["Fair"], at=LATER, by=ann)
    lines = AuditRow.objects.filter(about_kind="person").order_by("about_id", "pk")
    assert [(line.about_id, line.verb, line.changes) for line in lines] == [
        (one, *told)
        for one, owner in zip(both, (ann, None), strict=True)
        for told in (
            ("person_OwnerAssigned", {"owner_id": [owner, staff.cy().pk]}),
            ("person_tagged", {"tags": [None, ["Fair"]]}),
            ("person_untagged", {"tags": [["Fair"], None]}),
        )
    ]


def test_who_refuses_may_be_written_to_only_after_allowing_it() -> None:
    buyer = pia()
    commands.unsubscribe([buyer.pk], at=LATER, by=None, source="mail")
    commands.refuse_calls([buyer.pk], at=LATER, by=None)
    assert queries.reachable([buyer.pk]) == {buyer.pk: (False, False)}
    commands.allow([buyer.pk], way="mail", at=LATER + timedelta(minutes=1), by=None)
    assert queries.reachable([buyer.pk]) == {buyer.pk: (True, False)}
    assert projections.rebuild(check=True, at=LATER) == 0


def test_rebuilding_finds_and_mends_a_row_that_differs_from_its_fold() -> None:
    buyer = pia()
    Person.objects.filter(pk=buyer.pk).update(stage="customer")
    assert projections.rebuild(check=True, at=LATER) == 1
    assert projections.rebuild(check=False, at=LATER) == 1
    assert projections.rebuild(check=True, at=LATER) == 0
    assert stage_of(buyer)[0] == "subscriber"


def test_rebuilding_finds_links_that_lead_nowhere_and_takes_them_out() -> None:
    buyer, nobody = pia(), 999_999
    PersonIdentity.objects.create(identity_id=nobody, person_id=nobody)
    Employment.objects.create(person=buyer, company_id=nobody)
    assert projections.rebuild(check=True, at=LATER) == 2
    assert projections.rebuild(check=False, at=LATER) == 2
    assert projections.rebuild(check=True, at=LATER) == 0
    assert PersonIdentity.objects.filter(person=buyer).exists()


def test_a_hand_made_change_is_audited_with_before_and_after() -> None:
    buyer, ann = pia(), staff.ann()
    changes = {"city": "Katowice", "country": "PL", "name": "Pia Nowak"}
    assert commands.change_person(buyer.pk, changes=changes, at=LATER, by=ann.pk)
    assert not commands.change_person(buyer.pk, changes=changes, at=LATER, by=ann.pk)
    (line,) = audit_lines(kind="person")
    assert line.changes == {"city": ["", "Katowice"], "name": ["Pia Kowalska", "Pia Nowak"]}
    assert Person.objects.get(pk=buyer.pk).folded == "pia nowak"


def test_a_field_nobody_may_change_is_refused() -> None:
    with pytest.raises(ValueError, match="stage"):
        commands.change_person(pia().pk, changes={"stage": "customer"}, at=LATER, by=None)


def test_an_identity_has_one_holder() -> None:
    buyer, other = pia(), person("Other One")
    identity = commands.add_identity(buyer.pk, kind="email", value="P.K@Example.org", at=LATER, by=None)
    assert (
        commands.add_identity(buyer.pk, kind="email", value="p.k@example.org", at=LATER, by=None) == identity
    )
    with pytest.raises(commands.IdentityTaken) as taken:
        commands.add_identity(other.pk, kind="email", value="p.k@example.org", at=LATER, by=None)
    assert taken.value.person == buyer.pk
    assert Person.objects.get(pk=buyer.pk).email == "pia.kowalska@example.com"


def test_an_address_that_does_not_reach_gives_its_place_to_the_next() -> None:
    buyer = pia(emails=("first@example.com", "second@example.com"))
    page = queries.person_page(staff.mia(), buyer.pk)
    assert page is not None
    first = next(line for line in page.identities if line.value == "first@example.com")
    commands.invalidate_identity(buyer.pk, identity=first.id, at=LATER, by=None)
    assert Person.objects.get(pk=buyer.pk).email == "second@example.com"
    commands.make_main(buyer.pk, identity=first.id, at=LATER, by=None)
    assert Person.objects.get(pk=buyer.pk).email == "first@example.com"


def test_tags_are_put_on_once_and_taken_off() -> None:
    buyer = pia()
    for _ in range(2):
        commands.tag([buyer.pk], tags=["fair", " vip  2026 "], at=LATER, by=None)
    commands.untag([buyer.pk], tags=["fair"], at=LATER, by=None)
    assert queries.attributes([buyer.pk])[buyer.pk]["tags"] == ["vip 2026"]


def test_employment_makes_the_company_an_attribute() -> None:
    buyer, works = pia(), company("Huta Wschód", sector="steel", employees=250)
    commands.change_person(buyer.pk, changes={"company_id": works.pk}, at=LATER, by=None)
    told = queries.attributes([buyer.pk])[buyer.pk]
    assert told["company"] == {
        "name": "Huta Wschód",
        "sector": "steel",
        "employees": 250,
        "country": "",
        "city": "",
        "domain": "",
        "fields": {},
    }
    assert (told["has_email"], told["has_phone"], told["unsubscribed"]) == (True, True, False)
