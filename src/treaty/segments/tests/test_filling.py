"""A segment whose members cannot be found holds up no other, and one that asks for what is not there is refused."""

from contextlib import AbstractContextManager
from typing import Any

import pytest

from treaty.kit import jobs
from treaty.people.commands import change_person
from treaty.people.tests.factories import pia
from treaty.segments import commands, projections, queries
from treaty.segments.building import ATTRIBUTES as OFFERED
from treaty.segments.bulk.compiling import ADDRESSES, YES_OR_NO
from treaty.segments.models import Segment
from treaty.segments.rules import NotAPredicate, parse
from treaty.segments.rules.known import ATTRIBUTES
from treaty.segments.tests.test_following import segment
from treaty.segments.tests.world import AT

pytestmark = pytest.mark.django_db


def test_others_are_followed_while_the_members_of_one_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    buyer, poles = pia(), segment("Poland", {"attribute": "country", "is": "pl"})
    outer = segment("Not Poland", {"not": {"segment": poles}})
    asked = queries.everybody
    while jobs.run_next():
        pass

    def broken(*told: Any) -> AbstractContextManager[Any]:
        raise RecursionError

    monkeypatch.setattr(queries, "everybody", broken)
    tree = parse({"match": {"attribute": "country", "is": "fr"}})
    commands.change_segment(poles, name="Poland", tree=tree, at=AT, by=None)
    germans = commands.add_segment(
        "Germany", tree=parse({"match": {"attribute": "country", "is": "de"}}), at=AT, by=None
    )
    assert [jobs.run_next(), jobs.run_next()] == [True, True]
    monkeypatch.setattr(queries, "everybody", asked)
    assert not Segment.objects.exclude(filling_since=None).exists()
    change_person(buyer.pk, changes={"country": "DE"}, at=AT, by=None)
    assert projections.follow(AT) == 1
    assert germans not in [one.id for one in queries.followed()]
    assert projections.fill(germans, AT) == 1
    assert projections.fill(poles, AT) == 0
    assert queries.member_ids(outer) == {buyer.pk}


@pytest.mark.parametrize(
    ("node", "code"),
    [
        ({"attribute": "citty", "is": "Łódź"}, "no_such_attribute"),
        ({"not": {"attribute": "company.revenue", "at_least": 1}}, "no_such_attribute"),
        ({"not": {"did": "PageSen"}}, "no_such_kind"),
        ({"since": {"did": "CallMade"}, "then": {"did": "PageSen"}}, "no_such_kind"),
        ({"not": {"did": "DealWon"}}, "kind_of_others"),
        ({"sequence": [{"did": "PageSeen"}, {"did": "CompanyChanged"}]}, "kind_of_others"),
        ({"did": "DealPaid"}, "no_such_kind"),
    ],
)
def test_a_segment_that_asks_for_what_nobody_has_is_refused(node: object, code: str) -> None:
    with pytest.raises(NotAPredicate) as wrong:
        commands.add_segment("Nobody", tree=parse({"match": node}), at=AT, by=None)
    assert [problem.code for problem in wrong.value.problems] == [code]


def test_whatever_a_form_offers_can_be_asked() -> None:
    assert set(OFFERED) <= ATTRIBUTES
    assert {*YES_OR_NO, *ADDRESSES} <= ATTRIBUTES
