"""Many deals change owners at once, and go back to whose they were."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from treaty.deals.commands import change_deals
from treaty.deals.models import Deal
from treaty.deals.tests.factories import deal
from treaty.kit.models import Bulk
from treaty.staff.models import AuditRow, User
from treaty.staff.tests.factories import ann, bo, head_of_sales, user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 19, 9, 31, tzinfo=UTC)


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def owners() -> list[int | None]:
    return list(Deal.objects.order_by("pk").values_list("owner_id", flat=True))


def test_deals_are_given_to_an_owner_and_go_back() -> None:
    rows = [deal(ann(), name="Pumps"), deal(bo(), name="Valves")]
    head = signed_in(head_of_sales())
    head.post("/deals/bulk/deals.owner", {"pick": rows, "owner": bo().pk})
    assert owners() == [bo().pk, bo().pk]
    head.post(f"/bulk/{Bulk.objects.get().pk}/undoing")
    assert owners() == [ann().pk, bo().pk]


def test_only_deals_one_sees_are_meant_and_only_who_may_edit_does_it() -> None:
    rows = [deal(bo(), name="Valves")]
    signed_in(ann()).post("/deals/bulk/deals.owner", {"pick": rows, "owner": ann().pk})
    assert owners() == [bo().pk]
    onlooker = user("Olga", "onlooker")
    assert signed_in(onlooker).post("/deals/bulk/deals.owner", {"pick": rows}).status_code == 403
    assert "list-bulk" not in signed_in(onlooker).get("/deals/table/").content.decode()


def test_close_dates_are_changed_in_the_table_and_go_back() -> None:
    row, client = deal(ann(), name="Pumps"), signed_in(ann())
    assert f'type="date" value="" maxlength="200" class="input" name="cell-{row}"' in (
        client.get("/deals/table/?edit=close").content.decode()
    )
    told = {"pick": [row], "field": "close", f"was-{row}": "", f"cell-{row}": "2026-12-24"}
    client.post("/deals/bulk/deals.cells", told)
    assert Deal.objects.get().close_on == date(2026, 12, 24)
    client.post("/deals/bulk/deals.cells", told | {f"was-{row}": "2026-12-24", f"cell-{row}": "soon"})
    assert Deal.objects.get().close_on == date(2026, 12, 24)
    client.post(f"/bulk/{Bulk.objects.earliest('pk').pk}/undoing")
    assert Deal.objects.get().close_on is None


def test_many_deals_change_with_the_statements_of_few(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    rows, head = [deal(ann(), name=f"Pumps {place}") for place in range(40)], head_of_sales()
    close = date(2026, 12, 24)
    with django_assert_max_num_queries(12):
        assert change_deals(rows, changes={"close_on": close}, at=AT, by=head.pk) == 40
    assert change_deals(rows, changes={"close_on": close}, at=AT, by=head.pk) == 0
    lines = AuditRow.objects.filter(verb="deal_changed").order_by("about_id")
    told = {"close_on": [None, "2026-12-24"]}
    assert [(line.about_id, line.changes) for line in lines] == [(row, told) for row in rows]
    with pytest.raises(ValueError, match="name"):
        change_deals(rows, changes={"name": "One"}, at=AT, by=head.pk)
