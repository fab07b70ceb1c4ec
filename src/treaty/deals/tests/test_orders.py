"""The list of deals in the order of each column that offers one, page by page and all at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from treaty.deals import commands, queries
from treaty.deals.rules import PIPELINE, DealDraft
from treaty.deals.tests.factories import euros, pia
from treaty.deals.views.table import columns
from treaty.people.commands import add_company
from treaty.people.rules import CompanyDraft
from treaty.people.tests.test_orders import pages
from treaty.staff.models import User
from treaty.staff.tests import factories as staff
from treaty.staff.tests.factories import SINCE

pytestmark = pytest.mark.django_db

STAGES = [stage.key for stage in PIPELINE]
KEYS: dict[str, Callable[[Any], Any]] = {
    "stage": lambda row: STAGES.index(row.stage.key) + 1,
    "owner": lambda row: row.owner.name if row.owner else None,
    "company": lambda row: row.company.folded if row.company else None,
    "closed": lambda row: row.closed_at,
    "value": lambda row: row.value_minor,
    "close": lambda row: row.close_on,
}


@pytest.fixture(name="mia", params=[0, 1_000], ids=["along the indexes", "by their ids"])
def settled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> User:
    """Twelve deals in five stages, of two owners or nobody, at two companies or none."""
    monkeypatch.setattr("treaty.kit.stretches.FEW", request.param)
    ann, bo, buyer = staff.ann(), staff.bo(), pia()
    commands.prepare(at=SINCE)
    firms = [add_company(CompanyDraft(name=name), at=SINCE, by=None).company_id for name in ("Żubr", "Huta")]
    for number in range(12):
        owner, at = (ann, bo, None)[number % 3], SINCE + timedelta(days=number)
        draft = DealDraft(
            f"Deal {number}",
            person=buyer,
            company=[*firms, None][number // 2 % 3],
            owner=owner.pk if owner else None,
            stage=("new", "proposal", "qualified")[number % 3],
            value=(None, euros(70), euros(5))[number % 3],
            close_on=(None, at.date(), SINCE.date())[number // 3 % 3],
        )
        made = commands.open_deal(draft, at=at, by=None)
        if number % 4 == 0:
            commands.win(made, at=at + timedelta(days=40 - number), by=None)
        if number % 4 == 1:
            commands.lose(made, reason="Price", at=at + timedelta(days=40), by=None)
    return staff.mia()


@pytest.mark.parametrize("name", KEYS)
def test_deals_stand_in_the_order_of_a_column(mia: User, name: str) -> None:
    [column] = [one for one in columns(queries.stages(), []) if one.key == name]
    rows, key = queries.visible_deals(mia).select_related("company", "owner", "stage"), KEYS[name]
    assert len(rows) == 12
    assert column.orders is not None
    for is_descending in (False, True):
        order = column.orders(is_descending)
        found = list(order.walk(rows))
        told = [key(row) for row in found]
        said = [one for one in told if one is not None]
        assert said == sorted(said, reverse=is_descending)
        assert told[len(said) :] == [None] * (12 - len(said))
        assert pages(order, rows, "after") == [row.pk for row in found]
        assert pages(order, rows, "before") == [row.pk for row in found]
