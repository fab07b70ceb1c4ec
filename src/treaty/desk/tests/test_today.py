"""Today: its content follows the role, the first clock is on top, a swap equals a reload, and it stays cheap."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.harness.snapshots import QueryCount
from treaty.conversations import commands as conversations
from treaty.deals import commands as deals
from treaty.deals.rules import Step
from treaty.deals.tests.factories import deal, euros
from treaty.desk.rules import HEAD, MARKETER, ONLOOKER, SELLER, face
from treaty.handovers import commands as handovers
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import NOW, World, buyer, lead, only_ann
from treaty.people import commands as people
from treaty.staff.models import User
from treaty.staff.rules import STARTER_ROLES, side_of
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SWAP = {"HX-Request": "true", "HX-Target": "div#day"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def today(user: User, **headers: str) -> str:
    answer = signed_in(user).get("/", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def without_tokens(page: str) -> str:
    """A page without its CSRF tokens, which differ at every rendering, and without indents."""
    return "".join(line.strip() for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("administrator", HEAD),
        ("head_of_marketing", HEAD),
        ("head_of_sales", HEAD),
        ("marketer", MARKETER),
        ("team_lead", SELLER),
        ("representative", SELLER),
        ("onlooker", ONLOOKER),
    ],
)
def test_each_role_has_its_face(role: str, expected: str) -> None:
    starter = next(one for one in STARTER_ROLES if one.key == role)
    assert face(side_of(role, None), starter.permissions) == expected


def test_ann_sees_what_is_offered_to_her_the_first_clock_on_top() -> None:
    cast = only_ann()
    lead(buyer("Paul"), at=NOW)
    lead(buyer("Pia"), at=NOW - HOUR)
    page = today(cast.ann)
    assert page.index("Pia") < page.index("Paul")
    assert '<a class="f" href="/handovers/table?asked=me" title="Open the rows">2 leads</a>' in page
    # Pia was offered at 08:30, before the doors opened at 09:00; four business hours end at 13:00.
    assert "3 h 30 min left" in page
    assert "due 13:00" in page
    assert "Offered by hand." in page


def test_only_the_first_lead_is_selected_so_that_keys_press_on_one() -> None:
    cast = only_ann()
    for name in ("Pia", "Paul", "Pavel"):
        lead(buyer(name))
    page = today(cast.ann)
    assert page.count('class="lead sel"') == 1
    assert page.index('class="lead sel"') < page.index('class="lead"')
    assert page.count('data-key="a"') == page.count('data-key="r"') == 3


def test_bo_sees_an_empty_queue_that_says_what_it_is_for() -> None:
    cast = only_ann()
    lead()
    page = today(cast.bo)
    assert "No leads wait for you" in page
    assert "Pia" not in page
    assert "Nothing is due today" in page


def test_the_head_line_tells_when_the_own_day_ends() -> None:
    # 09:30 on a Thursday; the company of the tests works until 17:00.
    assert "Thursday 19 November, 09:30. Your day ends at 17:00." in today(only_ann().ann)


def test_a_phone_number_is_offered_only_where_calls_are_allowed() -> None:
    cast = only_ann()
    pia = buyer("Pia", phones=("+48321234567",))
    lead(pia)
    page = today(cast.ann)
    assert 'href="tel:+48321234567"' in page
    assert 'href="mailto:pia@example.com"' in page
    people.refuse_calls([pia.pk], at=NOW, by=None)
    people.unsubscribe([pia.pk], at=NOW, by=None)
    page = today(cast.ann)
    assert "tel:" not in page
    assert "mailto:" not in page
    assert "Pia asked not to be called" in page
    assert "Pia asked not to be written to" in page


def test_next_steps_tell_what_is_overdue_soon_and_missing() -> None:
    cast = only_ann()
    late, soon, none = (deal(cast.ann, name=name, value=euros(1000)) for name in ("Late", "Soon", "None"))
    deals.set_next_step(late, kind=Step.CALL, text="Ask", due=NOW - timedelta(days=2), at=NOW, by=cast.ann.pk)
    deals.set_next_step(
        soon, kind=Step.QUOTE, text="Send", due=NOW + timedelta(minutes=13), at=NOW, by=cast.ann.pk
    )
    page = today(cast.ann)
    assert "1 overdue" in page
    assert "1 due today" in page
    assert "1 deal without one" in page
    assert "in 13 min" in page
    assert "€3,000" in page
    assert f'href="/deals/{none}/"' in page


def test_marketing_sees_what_came_back_with_its_reason_and_words() -> None:
    cast = only_ann()
    row = lead()
    handovers.return_lead(row.pk, reason="no_fit", note="A student of hydraulics.", at=NOW, by=cast.ann.pk)
    page = today(cast.mia)
    assert "Returned leads to read" in page
    assert "A student of hydraulics." in page
    assert "Promised and delivered" in page
    assert "Offered to you" not in page


def test_marketing_sees_channels_and_every_figure_opens_its_rows() -> None:
    cast = only_ann()
    for name, channel in (("Pia", "search"), ("Paul", "search"), ("Pavel", "fair")):
        lead(buyer(name, channel=channel))
    page = today(cast.mia)
    assert page.index("search") < page.index("fair")
    for opening in (
        "?channel=search",
        "?channel=search&amp;state=accepted",
        "?channel=fair&amp;state=returned",
    ):
        assert f'href="/today/channel{opening}"' in page
    for figure in ("delivered", "delivered_a", "waiting"):
        assert f'href="/scoreboard/rows?month=2026-11&amp;figure={figure}"' in page
    rows = signed_in(cast.mia).get("/today/channel?channel=search").content.decode()
    assert "Pia" in rows
    assert "Paul" in rows
    assert "Pavel" not in rows


def test_all_leads_of_a_channel_are_there_page_by_page_and_as_a_spreadsheet(query_count: QueryCount) -> None:
    cast = only_ann()
    for number in range(53):
        lead(buyer(f"Buyer {number:02}", channel="search"), at=NOW - timedelta(minutes=number))
    client = signed_in(cast.mia)
    first = client.get("/today/channel?channel=search").content.decode()
    assert "53 rows" in first
    assert "Buyer 00" in first
    assert "Buyer 52" not in first
    following = re.search(r'href="(\?[^"]*after=[^"]*)"', first)
    assert following is not None
    with query_count("channel"):
        second = client.get(f"/today/channel{unescape(following[1])}").content.decode()
    assert "Buyer 52" in second
    assert "Buyer 00" not in second
    swapped = client.get(
        "/today/channel?channel=search", headers={"HX-Request": "true", "HX-Target": "section#list"}
    )
    assert without_tokens(swapped.content.decode()) in without_tokens(first)
    file = client.get("/today/channel?channel=search&state=offered&format=csv").getvalue().decode("utf-8-sig")
    assert len(file.splitlines()) == 54
    assert "53 rows" not in client.get("/today/channel?channel=search&state=returned").content.decode()


def test_a_head_sees_the_clocks_that_break_soon_and_both_sides() -> None:
    cast = only_ann()
    lead(buyer("Pia"), at=NOW - 3 * HOUR)
    page = today(cast.head)
    assert "Clocks that break soon" in page
    assert "Pia" in page
    assert "promises, November" in page
    assert "figure=promise.sales...open" in page


def test_an_administrator_is_led_to_the_guide_until_it_is_finished() -> None:
    assert "Open the guide" in today(staff.admin())
    assert "Open the guide" not in today(only_ann().head)


def test_an_onlooker_sees_the_figures_and_no_verbs() -> None:
    only_ann()
    lead()
    page = today(staff.user("Olga", "onlooker"))
    assert "Promised and delivered" in page
    assert "Accept lead" not in page
    assert "New touch" not in page
    assert "Pia" not in page


def test_a_swap_equals_a_reload() -> None:
    cast = only_ann()
    lead()
    deal(cast.ann)
    for user in (cast.ann, cast.mia, cast.head):
        whole, part = today(user), today(user, **SWAP)
        assert part.strip().startswith('<div class="day" id="day"')
        assert without_tokens(MARK.sub("", part)) in without_tokens(whole)


MARK = re.compile(r'<span class="cnt" id="waits-\w+" hx-swap-oob="true">\d*</span>')


def test_a_swap_carries_the_figures_of_the_rail_as_a_reload_shows_them() -> None:
    cast = only_ann()
    row = lead()
    client = signed_in(cast.ann)
    assert '<span class="cnt" id="waits-today">1</span>' in today(cast.ann)
    answer = client.post(f"/handovers/{row.pk}/acceptance", {"next": "/"}, headers=SWAP, follow=True)
    marks = MARK.findall(answer.content.decode())
    assert marks == [
        '<span class="cnt" id="waits-today" hx-swap-oob="true"></span>',
        '<span class="cnt" id="waits-handovers" hx-swap-oob="true"></span>',
    ]
    whole = today(cast.ann)
    assert all(mark.replace(' hx-swap-oob="true"', "") in whole for mark in marks)


def test_accepting_swaps_the_day_and_offers_an_undo() -> None:
    cast = only_ann()
    row = lead()
    client = signed_in(cast.ann)
    answer = client.post(
        f"/handovers/{row.pk}/acceptance", {"next": "/"}, headers={"HX-Request": "true"}, follow=True
    )
    assert answer.status_code == 200
    assert "No leads wait for you" in answer.content.decode()
    assert answer.content.decode().strip().startswith('<div class="day" id="day"')
    assert f"/handovers/{row.pk}/acceptance" in answer["HX-Trigger"]
    assert "Pia is your lead now." in answer["HX-Trigger"]


def test_without_a_script_accepting_leads_back_to_today_with_its_toast() -> None:
    cast = only_ann()
    row = lead()
    answer = signed_in(cast.ann).post(f"/handovers/{row.pk}/acceptance", {"next": "/"}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Pia is your lead now." in answer.content.decode()


def test_an_accepted_lead_stays_on_today_until_somebody_reached_out() -> None:
    cast = only_ann()
    row = lead()
    assert "First touch owed" not in today(cast.ann)
    handovers.accept(row.pk, at=NOW, by=cast.ann.pk)
    page = today(cast.ann)
    owed = page[page.index('id="untouched"') : page.index('id="next-steps"')]
    assert f'href="/handovers/{row.pk}/"' in owed
    assert f'href="/people/{row.person_id}/messages?handover={row.pk}"' in owed, "no phone of hers is known"
    assert "left" in owed
    assert "First touch owed" not in today(cast.bo)
    conversations.log_call(row.person_id, outcome="reached", at=NOW, by=cast.ann.pk)
    assert "First touch owed" not in today(cast.ann)


def test_own_promises_open_the_rows_behind_their_counts() -> None:
    cast = only_ann()
    row = lead()
    handovers.accept(row.pk, at=NOW, by=cast.ann.pk)
    handovers.sweep_clocks(NOW + timedelta(minutes=1))
    page = today(cast.ann)
    assert "Accept or return" in page
    assert "1 kept" in page
    assert "100.0 %" in page
    rows = signed_in(cast.ann).get("/today/promises?clause=4.1&verdict=kept").content.decode()
    assert "Pia" in rows
    assert "No promise of this kind" in signed_in(cast.bo).get("/today/promises").content.decode()


def test_what_ann_won_opens_her_deals_and_nobody_elses() -> None:
    cast = only_ann()
    for owner, name in ((cast.ann, "Pumps"), (cast.bo, "Valves")):
        deals.win(deal(owner, name=name, value=euros(500)), at=NOW - HOUR, by=owner.pk)
    assert "€500" in today(cast.ann)
    rows = signed_in(cast.ann).get("/today/won").content.decode()
    assert "Pumps" in rows
    assert "Valves" not in rows


def test_what_one_promised_and_won_comes_as_a_spreadsheet_for_those_who_export() -> None:
    cast = only_ann()
    deals.win(deal(cast.head, name="Pumps", value=euros(500)), at=NOW - HOUR, by=cast.head.pk)
    page = signed_in(cast.head).get("/today/won")
    assert 'href="?format=csv"' in page.content.decode()
    lines = signed_in(cast.head).get("/today/won?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Deal,Person,Company,Won,Value,Currency"
    assert lines[1].startswith("Pumps,")
    assert lines[1].endswith(",500.00,EUR")
    row = lead()
    handovers.accept(row.pk, at=NOW, by=cast.ann.pk)
    handovers.sweep_clocks(NOW + timedelta(minutes=1))
    cast.ann.role = cast.head.role
    cast.ann.save(update_fields=["role"])
    lines = signed_in(cast.ann).get("/today/promises?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Person,Company,Grade,Clause,Verdict,Due"
    assert [line.split(",")[3:5] for line in lines[1:]] == [["4.1", "kept"]]


def questions(user: User) -> int:
    client = signed_in(user)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    return len(asked)


def busy(cast: World, number: int) -> None:
    for place in range(number):
        lead(buyer(f"Buyer {Handover.objects.count()} {place}"))
        deal(cast.ann, name=f"Deal {place}")


def test_today_asks_as_many_questions_for_fifty_leads_as_for_ten(query_count: QueryCount) -> None:
    cast = only_ann()
    busy(cast, 10)
    before = {user.pk: questions(user) for user in (cast.ann, cast.mia, cast.head)}
    busy(cast, 40)
    after = {user.pk: questions(user) for user in (cast.ann, cast.mia, cast.head)}
    assert after == before
    for name, user in (("sales", cast.ann), ("marketing", cast.mia), ("head", cast.head)):
        client = signed_in(user)
        client.get("/")
        with query_count(name):
            assert client.get("/").status_code == 200


def test_the_first_leads_stand_on_today_and_the_others_are_one_click_away() -> None:
    cast = only_ann()
    for number in range(10):
        lead(buyer(f"Buyer {number}"), at=NOW + timedelta(minutes=number))
    page = today(cast.ann)
    assert page.count('class="lead') == 8
    assert "10 leads" in page
    assert "2 more leads wait for you" in page
    rows = signed_in(cast.ann).get("/handovers/table?asked=me").content.decode()
    assert all(f"Buyer {number}" in rows for number in range(10))
    first = Handover.objects.order_by("next_due_at", "pk")[0]
    signed_in(cast.ann).post(f"/handovers/{first.pk}/acceptance", {"next": "/"}, headers=SWAP)
    part = today(cast.ann, **SWAP)
    assert part.count('class="lead') == 8
    assert "Buyer 8" in part
    assert "1 more lead waits for you" in part


def test_steps_that_are_not_shown_are_counted_and_open_in_the_table() -> None:
    cast = only_ann()
    for number in range(12):
        one = deal(cast.ann, name=f"Deal {number}", value=euros(number + 1))
        due = NOW - timedelta(days=1) + timedelta(minutes=number)
        if number < 9:
            deals.set_next_step(one, kind=Step.CALL, text="Ask", due=due, at=NOW, by=cast.ann.pk)
    page = today(cast.ann)
    assert page.count('id="step-') == 8 + 3
    assert "9 overdue" in page
    assert "1 more step is due" in page
    assert "more deal" not in page
    owner = f"owner={cast.ann.pk}"
    rows = signed_in(cast.ann).get(f"/deals/table/?{owner}&step_to=2026-11-18").content.decode()
    assert [f"Deal {number}<" in rows for number in (0, 8, 9)] == [True, True, False]


def test_strangers_are_sent_to_the_sign_in() -> None:
    staff.ann()
    assert Client().get("/").status_code == 302
    assert timezone.now() == NOW
