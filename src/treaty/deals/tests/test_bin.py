"""Deals in the bin: out of boards, lists and next steps, back with all they had; what was won counts on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.api.world import caller
from treaty.deals import commands, queries
from treaty.deals.facts import DealBinned, DealErased, DealOpened, DealRestored
from treaty.deals.models import Deal
from treaty.deals.queries.open_ones import with_open_deal
from treaty.deals.queries.quarter import won_by
from treaty.deals.queries.wins import named_deals, won_between
from treaty.deals.rules import DealDraft, PastDeal, Refused
from treaty.deals.tests.factories import deal, euros, facts_of, pia
from treaty.people.models import Person
from treaty.people.rules import Outcome
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
MONTH = timedelta(days=30)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_ann_puts_a_deal_into_the_bin_and_brings_it_back() -> None:
    ann = staff.ann()
    one, client = deal(ann), signed_in(ann)
    answer = client.post(f"/deals/{one}/bin", follow=True)
    assert "Flow meters is in the bin." in text(answer)
    assert f'action="/deals/{one}/bin" data-undo="DELETE"' in text(answer)
    assert client.get(f"/deals/{one}/").headers["Location"] == "/deals/bin/"
    shown = text(client.get("/deals/bin/"))
    assert "Flow meters" in shown
    assert "19 Dec" in shown
    client.post(f"/deals/{one}/bin", {"_method": "DELETE"})
    page = text(client.get(f"/deals/{one}/"))
    assert "Deal put into the bin" in page
    assert "Deal came back from the bin" in page
    assert [type(line.fact) for line in facts_of(one)] == [DealOpened, DealBinned, DealRestored]


def test_an_open_deal_in_the_bin_is_on_no_board_and_in_no_sum() -> None:
    ann = staff.ann()
    buyer = pia(ann)
    one, other = deal(ann, person=buyer, value=euros(900)), deal(ann, name="Pumps", value=euros(100))
    commands.bin_deals([one], at=AT, by=None)
    board = queries.board(ann, AT)
    assert (board.open_count, board.open_values) == (1, (euros(100),))
    assert [card.id for column in board.columns for card in column.cards] == [other]
    assert queries.next_steps(ann, AT.date()).without_count == 1
    assert queries.found(ann, "flow", 5) == []
    assert with_open_deal([buyer]) == set()
    assert queries.deals_by_outcome().open == 1
    commands.restore_deals([one], at=AT, by=None)
    assert queries.board(ann, AT).open_count == 2
    assert [hit.id for hit in queries.found(ann, "flow", 5)] == [one]


def test_what_was_won_counts_on_and_keeps_its_name_for_who_saw_it() -> None:
    ann, cy = staff.ann(), staff.cy()
    one = deal(ann, value=euros(900))
    commands.win(one, at=AT, by=ann.pk)
    commands.bin_deals([one], at=AT, by=None)
    day = timedelta(days=1)
    assert won_by(ann.pk, AT - day, AT + day).values == (euros(900),)
    assert [win.id for win in won_between(AT - day, AT + day)] == [one]
    assert named_deals(ann, [one])[one].name == "Flow meters"
    assert named_deals(cy, [one]) == {}


def test_many_are_deleted_at_once_and_it_is_undone() -> None:
    ann = staff.ann()
    rows = [deal(ann, name=f"Deal {n}") for n in range(3)]
    client = signed_in(ann)
    client.post("/deals/bulk/deals.bin", {"pick": rows[:2]})
    assert [one.pk for one in queries.visible_deals(ann)] == [rows[2]]
    client.post("/deals/bin/bulk/deal_bin.restore", {"pick": rows[:1]})
    assert {one.pk for one in queries.visible_deals(ann)} == {rows[0], rows[2]}
    olu = signed_in(staff.user("Olu", "onlooker"))
    assert olu.post("/deals/bulk/deals.bin", {"pick": rows}).status_code == 403


def test_the_bin_of_deals_obeys_rights_and_is_a_list(query_count: Any) -> None:
    ann, cy = staff.ann(), staff.cy()
    rows = [deal(ann, name=f"Deal {n}", person=pia(ann)) for n in range(3)]
    commands.bin_deals(rows, at=AT, by=ann.pk)
    assert "Deal 1" not in text(signed_in(cy).get("/deals/bin/"))
    assert signed_in(cy).post(f"/deals/{rows[0]}/bin", {"_method": "DELETE"}).status_code == 404
    client = signed_in(staff.admin())
    with query_count("/deals/bin/"):
        client.get("/deals/bin/")
    assert client.get("/deals/bin/?format=csv").getvalue().decode().count("Deal ") == 3


def test_after_a_month_its_texts_are_gone_and_its_value_stays() -> None:
    ann = staff.ann()
    one = deal(ann, value=euros(900))
    commands.win(one, at=AT, by=ann.pk, reason="Best price")
    commands.bin_deals([one], at=AT, by=None)
    assert commands.purge_deals(at=AT + MONTH - timedelta(seconds=1)) == 0
    assert commands.purge_deals(at=AT + MONTH) == 1
    row = Deal.objects.get()
    assert (row.name, row.reason, row.value_minor) == (f"#{one}", "", 90_000)
    assert not any(line.text for line in facts_of(one))
    assert type(facts_of(one)[-1].fact) is DealErased
    assert commands.restore_deals([one], at=AT + MONTH, by=None) == []
    assert "No deal is in the bin" in text(signed_in(ann).get("/deals/bin/"))


def test_an_import_leaves_a_deal_in_the_bin_as_it_is() -> None:
    commands.prepare(at=AT)
    told = PastDeal("erp:7", DealDraft("Meters", value=euros(5)), AT)
    [made] = commands.add_deals([told], at=AT, by=None)
    commands.bin_deals([made.deal_id], at=AT, by=None)
    again = PastDeal("erp:7", DealDraft("Gauges", value=euros(9)), AT)
    assert [one.outcome for one in commands.add_deals([again, again], at=AT, by=None)] == [Outcome.BINNED] * 2
    assert Deal.objects.get().name == "Meters"


def test_a_lead_whose_deal_lies_in_the_bin_gets_no_second_one() -> None:
    commands.prepare(at=AT)
    draft = DealDraft("Meters", handover=7)
    commands.bin_deals([commands.open_deal(draft, at=AT, by=None)], at=AT, by=None)
    with pytest.raises(Refused, match="binned"):
        commands.open_deal(draft, at=AT, by=None)


def test_a_person_whose_other_deal_lies_in_the_bin_steps_back_after_a_loss() -> None:
    ann = staff.ann()
    buyer = pia(ann)
    one, other = deal(ann, person=buyer), deal(ann, person=buyer)
    commands.bin_deals([other], at=AT, by=None)
    commands.lose(one, reason="Price", at=AT, by=ann.pk)
    assert Person.objects.get(pk=buyer).stage == "sql"


def test_the_bin_of_deals_over_the_api() -> None:
    call = caller(staff.admin())
    one = deal()
    path = f"/deals/{one}"
    assert call("POST", f"{path}/restoration").status_code == 404
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).status_code == 404
    assert call("GET", "/deals").json()["items"] == []
    assert call("POST", f"{path}/restoration").json()["name"] == "Flow meters"
    assert call("GET", path).status_code == 200
