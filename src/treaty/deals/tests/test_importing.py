"""Deals of another system come in set at once, and tell the ledger their past."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from treaty.deals import commands
from treaty.deals.facts import DealLost, DealMoved, DealOpened, DealReopened, DealWon
from treaty.deals.models import Deal
from treaty.deals.projections import rebuild
from treaty.deals.rules import DealDraft, PastDeal
from treaty.deals.tests.factories import euros, facts_of, pia
from treaty.people.models import Person
from treaty.people.rules import Outcome

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WON_AT = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


def past(key: str, stage: str = "won", person: int | None = None, **more: object) -> PastDeal:
    """A deal of the other system."""
    told: dict[str, object] = {"closed_at": WON_AT if stage in {"won", "lost"} else None} | more
    draft = DealDraft(
        f"Deal {key}", person=person, stage=stage, value=euros(1_000), close_on=date(2026, 4, 1)
    )
    return PastDeal(key, draft, OPENED, **told)  # type: ignore[arg-type]


def add(*deals: PastDeal, at: datetime) -> list[Outcome]:
    commands.prepare(at=at)
    outcomes = [added.outcome for added in commands.add_deals(deals, at=at, by=None, batch=3)]
    assert rebuild(check=True, at=at) == 0
    return outcomes


def test_a_won_deal_tells_when_it_was_opened_and_won(now: datetime) -> None:
    person = pia()
    assert add(past("a", person=person, flags=("unknown_product",)), at=now) == [Outcome.NEW]
    one = Deal.objects.get(external_key="a")
    opened, won = facts_of(one.pk)
    assert (opened.fact, opened.occurred_at) == (DealOpened("new", person, None, 100_000, "EUR"), OPENED)
    assert (won.fact, won.occurred_at, won.batch) == (DealWon(person, 100_000, "EUR"), WON_AT, 3)
    assert won.known_at == WON_AT, "imported history was known when it occurred"
    assert (one.closed_at, one.flags) == (WON_AT, ["unknown_product"])
    stands = Person.objects.get(pk=person)
    assert (stands.stage, stands.stage_since) == ("customer", WON_AT)


def test_the_same_deals_again_change_nothing(now: datetime) -> None:
    deals = [past("a"), past("b", "lost", reason="Price"), past("c", "proposal")]
    assert set(add(*deals, at=now)) == {Outcome.NEW}
    lines = [len(facts_of(one)) for one in Deal.objects.order_by("pk").values_list("pk", flat=True)]
    assert set(add(*deals, at=now + timedelta(days=1))) == {Outcome.UNCHANGED}
    assert [len(facts_of(one)) for one in Deal.objects.order_by("pk").values_list("pk", flat=True)] == lines


def test_where_a_key_comes_twice_the_first_deal_holds(now: datetime) -> None:
    assert add(past("a"), past("a", "lost"), at=now) == [Outcome.NEW, Outcome.UNCHANGED]
    assert Deal.objects.get(external_key="a").stage.key == "won"


def test_a_deal_that_went_on_elsewhere_goes_on_here(now: datetime) -> None:
    add(past("a", "proposal"), at=now)
    one = Deal.objects.get(external_key="a").pk
    assert add(past("a", "negotiation"), at=now) == [Outcome.CHANGED]
    assert add(past("a", "lost", reason="Price"), at=now) == [Outcome.CHANGED]
    assert add(past("a", "qualified"), at=now) == [Outcome.CHANGED]
    assert [line.fact for line in facts_of(one)[1:]] == [
        DealMoved("proposal", "negotiation"),
        DealLost(None),
        DealReopened("qualified", None, 100_000, "EUR"),
    ]


def test_a_deal_won_before_it_was_opened_is_kept_won(now: datetime) -> None:
    early = OPENED - timedelta(days=2)
    add(past("a", closed_at=early, flags=("won_before_first_contact",)), at=now)
    assert Deal.objects.get(external_key="a").closed_at == early


def test_a_lost_deal_leaves_its_person_without_opportunity(now: datetime) -> None:
    lost, kept = pia(), pia(name="Marek Dąbrowski")
    deals = [past("a", "lost", lost), past("b", "lost", kept), past("c", "proposal", kept)]
    add(*deals, at=now)
    stages = dict(Person.objects.values_list("pk", "stage"))
    assert (stages[lost], stages[kept]) == ("sql", "opportunity")


def test_many_deals_cost_no_more_statements_than_few_times_their_pages(now: datetime) -> None:
    commands.prepare(at=now)
    with CaptureQueriesContext(connection) as few:
        commands.add_deals([past(f"few {n}") for n in range(10)], at=now, by=None)
    with CaptureQueriesContext(connection) as many:
        commands.add_deals([past(f"many {n}") for n in range(400)], at=now, by=None)
    # 400 rows are more statements only where an engine limits the parameters of one.
    assert len(many) <= len(few) + 20
