"""The pages of handovers: what they show, who sees what, and that a swap equals a reload."""

import html
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests.harness.snapshots import QueryCount
from treaty.conversations.commands import log_call
from treaty.conversations.facts import CallMade
from treaty.deals.commands import lose, win
from treaty.deals.tests.factories import deal
from treaty.handovers import commands, queries
from treaty.handovers.models import Handover
from treaty.handovers.queries import is_lead
from treaty.handovers.queries.rows import Condition, awaited_by, cards_where, seen_by
from treaty.handovers.queries.today import breaking, breaks
from treaty.handovers.tests.factories import NOW, buyer, lead, only_ann, world
from treaty.ledger.commands import record
from treaty.ledger.facts import about_identity
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_queue_is_ordered_by_the_clock_that_runs_out_first() -> None:
    cast = only_ann()
    second = lead(buyer("Paul"), at=NOW)
    first = lead(buyer("Pia"), at=NOW - HOUR)
    third = lead(buyer("Pavel"), at=NOW + HOUR)
    found = queries.offered_to(cast.ann, NOW + 2 * HOUR)
    assert [card.id for card in found] == [first.pk, second.pk, third.pk]
    assert [(card.ring.words, card.ring.state) for card in found] == [
        ("1 h 30 min left", "run"),
        ("2 h 0 min left", "run"),
        ("3 h 0 min left", "run"),
    ]
    assert found[0].ring.due == "due 13:00"
    assert found[0].touches == ()


def test_a_clock_that_ran_out_says_how_long_ago() -> None:
    cast = only_ann()
    lead()
    (card,) = queries.offered_to(cast.ann, NOW + 4 * HOUR + timedelta(minutes=12))
    assert (card.ring.state, card.ring.words, card.ring.due) == ("late", "12 min over", "was due 13:30")


def test_a_representative_sees_own_leads_and_those_the_team_was_offered() -> None:
    cast = only_ann()
    row = lead()
    Handover.objects.filter(pk=row.pk).update(owner=None)
    assert [card.id for card in queries.offered_to(cast.bo, NOW)] == [row.pk]
    Handover.objects.filter(pk=row.pk).update(owner=cast.ann)
    seen = {
        who.name: queries.visible_handovers(who).exists()
        for who in (cast.ann, cast.bo, cast.cy, cast.lea, cast.mia, cast.head)
    }
    assert seen == {"Ann": True, "Bo": False, "Cy": False, "Lea": True, "Mia": True, "Saul": True}


def test_what_is_written_out_and_what_the_orm_says_mean_the_same_handovers() -> None:
    cast = only_ann()
    rows = [lead(buyer(name)).pk for name in ("Pia", "Paul", "Pavel", "Petra")]
    teams = (cast.ann.team_id, cast.cy.team_id) * 2
    for pk, owner, team in zip(rows, (cast.bo.pk, None, None, cast.cy.pk), teams, strict=True):
        Handover.objects.filter(pk=pk).update(owner=owner, team=team)
    for who in (cast.ann, cast.bo, cast.cy, cast.lea, cast.mia, cast.head):
        assert written_out(seen_by(who)) == set(queries.visible_handovers(who)), who.name
        assert written_out(awaited_by(who)) == set(
            queries.visible_handovers(who).filter(queries.asked_of(who))
        )
    soon = Handover.objects.filter(pk=rows[0]).values_list("next_due_at", flat=True).get() or NOW
    Handover.objects.filter(pk=rows[1]).update(state="accepted", next_due_at=soon - HOUR)
    for until in (soon, soon + HOUR):
        assert written_out(breaks(until)) == set(Handover.objects.filter(breaking(until)))
    of_no_team = User(pk=cast.bo.pk)
    for role in (cast.ann.role, cast.lea.role, cast.head.role):
        of_no_team.role = role
        assert written_out(seen_by(of_no_team)) == set(queries.visible_handovers(of_no_team)), role.name


def written_out(which: Condition) -> set[Handover]:
    """The handovers of a condition that is written out."""
    return set(Handover.objects.in_bulk([row.pk for row in cards_where(which)]).values())


def test_the_board_has_a_column_for_each_state_of_the_work() -> None:
    cast = only_ann()
    offered, accepted, returned = (lead(buyer(name)) for name in ("Pia", "Paul", "Pavel"))
    commands.accept(accepted.pk, at=NOW + HOUR, by=cast.ann.pk)
    commands.return_lead(returned.pk, reason="later", note="", at=NOW + HOUR, by=cast.ann.pk)
    shown = {
        column.key: [card.id for card in column.cards]
        for column in queries.board(cast.ann, NOW + HOUR).columns
    }
    assert shown == {
        "offered": [offered.pk],
        "accepted": [accepted.pk],
        "working": [],
        "returned": [returned.pk],
        "done": [],
    }


def test_what_came_back_says_why_in_the_words_of_the_agreement_wherever_it_stands() -> None:
    cast = only_ann()
    row = lead()
    commands.return_lead(row.pk, reason="spam", note="", at=NOW, by=cast.ann.pk)
    client = signed_in(cast.head)
    for path in ("/handovers/", "/handovers/table", "/handovers/table?format=csv", f"/handovers/{row.pk}/"):
        answer = client.get(path)
        page = answer.getvalue().decode() if answer.streaming else answer.content.decode()
        assert "Spam or a joke" in page, path
    assert "min over" not in client.get("/handovers/").content.decode(), "its clock stopped"
    story = client.get(f"/people/{row.person_id}/").content.decode()
    assert "Lead returned to marketing as spam" in story


def test_what_was_won_or_lost_is_done_and_work_shows_the_last_touch_newest_first() -> None:
    cast = only_ann()
    first, second, won, lost = (lead(buyer(name)) for name in ("Pia", "Paul", "Pavel", "Petra"))
    for row in (first, second, won, lost):
        commands.accept(row.pk, at=NOW, by=cast.ann.pk)
        record(
            CallMade("reached", 5),
            about=about_identity(row.person.anchor_id),
            at=NOW + HOUR,
            recorded_at=NOW + HOUR,
        )
    opened = {row.pk: deal(cast.ann, person=row.person_id, at=NOW + HOUR) for row in (second, won, lost)}
    win(opened[won.pk], at=NOW + 2 * HOUR, by=cast.ann.pk)
    lose(opened[lost.pk], reason="No budget", at=NOW + 3 * HOUR, by=cast.ann.pk)
    shown = {column.key: column.cards for column in queries.board(cast.ann, NOW + 4 * HOUR).columns}
    assert [card.id for card in shown["working"]] == [second.pk, first.pk]
    assert [card.id for card in shown["done"]] == [lost.pk, won.pk]
    assert [card.deal.name if card.deal else "" for card in shown["working"]] == ["Flow meters", ""]
    assert all(card.touches for card in shown["working"])


def test_the_rail_counts_the_offers_that_wait() -> None:
    cast = only_ann()
    lead(buyer("Pia"))
    lead(buyer("Paul"))
    assert queries.waiting(cast.ann) == queries.Waiting(mine=2, seen=2)
    assert queries.waiting(cast.bo) == queries.Waiting(mine=0, seen=0)
    assert queries.waiting(cast.head) == queries.Waiting(mine=0, seen=2)
    assert (
        '<span class="cnt" id="waits-handovers">2</span>'
        in signed_in(cast.ann).get("/handovers/").content.decode()
    )


def test_the_board_shows_cards_with_their_keys() -> None:
    cast = only_ann()
    row = lead()
    page = signed_in(cast.ann).get("/handovers/").content.decode()
    assert "Pia" in page
    assert "4 h 0 min left" in page
    assert 'data-key="a"' in page
    assert f'action="/handovers/{row.pk}/acceptance"' in page


def test_a_long_column_shows_more_in_its_place_and_leads_to_the_table_without_a_script() -> None:
    cast = only_ann()
    made = [lead(buyer(f"Buyer {number}"), at=NOW + number * HOUR / 10) for number in range(10)]
    client = signed_in(cast.ann)
    page = client.get("/handovers/").content.decode()
    assert page.count('class="kcard"') == 8
    found = re.search(r'href="/handovers/table\?state=offered" hx-get="([^"]+)"', page)
    assert found
    address = unescape(found[1])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert re.findall(r'id="handover-(\d+)"', part) == [str(row.pk) for row in made[8:]]
    assert "hx-get" not in part
    broken = client.get("/handovers/?column=offered&after=nonsense", headers={"HX-Request": "true"})
    assert broken.status_code == 404


def test_an_empty_board_says_what_it_is_for() -> None:
    cast = only_ann()
    assert "No handovers yet" in signed_in(cast.ann).get("/handovers/").content.decode()


def test_the_table_shows_the_same_rows() -> None:
    cast = only_ann()
    lead()
    page = signed_in(cast.ann).get("/handovers/table")
    assert page.status_code == 200
    assert "Pia" in page.content.decode()
    heads = re.findall(r'data-head="([^"]+)"', page.content.decode())
    assert heads == ["Company", "Grade", "State", "Came back because", "Clock", "Due", "Owner", "Offered"]
    everything = signed_in(cast.ann).get("/handovers/table?cols=all").content.decode()
    assert [head in everything for head in ("Decided", "First touch", "Version")] == [True] * 3


def test_the_table_of_what_waits_for_me_holds_the_own_offers_and_those_of_the_whole_team() -> None:
    cast = only_ann()
    rows = {name: lead(buyer(name)) for name in ("Pia", "Paul", "Pavel")}
    Handover.objects.filter(pk=rows["Paul"].pk).update(owner=None)
    commands.accept(rows["Pavel"].pk, at=NOW, by=cast.ann.pk)
    page = signed_in(cast.ann).get("/handovers/table?asked=me").content.decode()
    assert [name in page for name in rows] == [True, True, False]
    page = signed_in(cast.cy).get("/handovers/table?asked=me").content.decode()
    assert not any(name in page for name in rows)


def test_the_return_screen_says_which_reasons_need_a_note_or_an_address() -> None:
    cast = only_ann()
    row = lead()
    page = signed_in(cast.ann).get(f"/handovers/{row.pk}/return").content.decode()
    seen = queries.handover_page(cast.ann, row.pk, NOW)
    assert seen is not None
    for name in ("note", "identity"):
        asking = ", ".join(one.label for one in seen.reasons if getattr(one.demands, name))
        assert asking
        assert f"(needed for: {asking})" in html.unescape(page)
    # The date to try again may always be left out.
    assert page.count("(optional") == 1


def test_accepting_by_the_button_offers_an_undo_and_undoing_works() -> None:
    cast = only_ann()
    row = lead()
    client = signed_in(cast.ann)
    answer = client.post(f"/handovers/{row.pk}/acceptance", follow=True)
    assert "is your lead now" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "accepted"
    undone = client.post(f"/handovers/{row.pk}/acceptance", {"_method": "DELETE"}, follow=True)
    assert "offered again" in undone.content.decode()
    row.refresh_from_db()
    assert row.state == "offered"


def test_a_stranger_gets_404_and_a_marketer_may_look_and_not_accept() -> None:
    cast = only_ann()
    row = lead()
    assert signed_in(cast.cy).get(f"/handovers/{row.pk}/").status_code == 404
    assert signed_in(cast.cy).post(f"/handovers/{row.pk}/acceptance").status_code == 404
    mia = signed_in(cast.mia)
    assert mia.get(f"/handovers/{row.pk}/").status_code == 200
    assert mia.post(f"/handovers/{row.pk}/acceptance").status_code == 403
    row.refresh_from_db()
    assert row.state == "offered"


def test_the_page_shows_all_clocks_both_readings_and_why_this_owner() -> None:
    cast = world()
    row = lead()
    owner = cast.ann if row.owner_id == cast.ann.pk else cast.bo
    page = signed_in(owner).get(f"/handovers/{row.pk}/").content.decode()
    for words in (
        "Accept or return, the team",
        "Accept or return, personally",
        "First touch, the representative’s reading",
        "First touch, the buyer’s reading",
        "It was this person’s turn by capacity.",
        "version 1 of the agreement",
        "0.50",
    ):
        assert words in page, words


def test_a_kept_clock_says_its_verdict_once_and_how_much_time_there_was_left() -> None:
    cast = only_ann()
    row = lead()
    commands.accept(row.pk, at=NOW + timedelta(minutes=30), by=cast.ann.pk)
    commands.sweep_clocks(NOW + timedelta(minutes=31))
    page = signed_in(cast.ann).get(f"/handovers/{row.pk}/").content.decode()
    accepting = page[page.index("Accept or return, the team") : page.index("First touch, the representative")]
    # Offered at 09:30 with four hours of a day that begins at 09:00, answered at 10:00.
    assert accepting.count("3 h 30 min to spare") == 2
    assert accepting.count("kept") - accepting.count('class="clock kept') == 2


def test_the_panel_holds_what_the_page_holds() -> None:
    cast = only_ann()
    row = lead()
    client = signed_in(cast.ann)
    whole = client.get(f"/handovers/{row.pk}/").content.decode()
    panel = client.get(
        f"/handovers/{row.pk}/", headers={"HX-Request": "true", "HX-Target": "aside#panel"}
    ).content.decode()
    assert panel.strip().startswith('<aside id="panel"')
    record = panel[panel.index('class="record-head"') : panel.index('<div class="stack">')]
    assert strip_tokens(record) in strip_tokens(whole)


def strip_tokens(page: str) -> str:
    """A page without its CSRF tokens, which differ at every rendering."""
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_the_return_screen_says_what_becomes_of_the_person_and_asks_for_what_is_missing() -> None:
    cast = only_ann()
    row = lead()
    client = signed_in(cast.ann)
    page = client.get(f"/handovers/{row.pk}/return").content.decode()
    assert "Interested, but later" in page
    assert "Without a date: 90 days." in page
    missing = client.post(f"/handovers/{row.pk}/return", {"reason": "no_fit"})
    assert missing.status_code == 422
    assert "This reason needs a note" in missing.content.decode()
    done = client.post(f"/handovers/{row.pk}/return", {"reason": "no_fit", "note": "A student."})
    assert done.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.return_effect) == ("returned", "not_a_fit")


def test_handing_on_by_the_form() -> None:
    cast = only_ann()
    row = lead()
    client = signed_in(cast.ann)
    client.post(f"/handovers/{row.pk}/owner", {"to": cast.bo.pk, "cause": "absent"})
    row.refresh_from_db()
    assert row.owner_id == cast.bo.pk


def test_an_accepted_lead_offers_to_make_a_deal() -> None:
    cast = only_ann()
    row = lead(buyer("Pia", phones=("+48321112233",)))
    commands.accept(row.pk, at=NOW, by=cast.ann.pk)
    client = signed_in(cast.ann)
    page = client.get(f"/handovers/{row.pk}/").content.decode()
    offer = f'href="/deals/new?person={row.person_id}&amp;handover={row.pk}"'
    assert offer in page
    assert f'href="/people/{row.person_id}/calls?handover={row.pk}"' in page
    log_call(row.person_id, outcome="reached", at=NOW, by=cast.ann.pk)
    assert offer in client.get("/handovers/").content.decode(), "on the card of a lead in work"
    opened = deal(cast.ann, person=row.person_id)
    page = client.get(f"/handovers/{row.pk}/").content.decode()
    assert f'href="/deals/{opened}/"' in page
    assert offer not in page + client.get("/handovers/").content.decode()


def test_the_pages_ask_a_fixed_number_of_questions(query_count: QueryCount) -> None:
    cast = only_ann()
    rows = [lead(buyer(f"Buyer {number}")) for number in range(3)]
    client = signed_in(cast.ann)
    client.get("/handovers/")
    with query_count("board"):
        client.get("/handovers/")
    with query_count("table"):
        client.get("/handovers/table")
    with query_count("page"):
        client.get(f"/handovers/{rows[0].pk}/")
    for number in range(3, 8):
        lead(buyer(f"Buyer {number}"))
    with query_count("board"):
        client.get("/handovers/")
    with query_count("table"):
        client.get("/handovers/table")


def test_the_way_to_the_table_keeps_what_is_asked_of_it() -> None:
    ann = signed_in(only_ann().ann)
    assert (
        ann.get("/handovers/?view=table&group=owner&sort=grade")["Location"]
        == "/handovers/table?group=owner&sort=grade"
    )
    assert ann.get("/handovers/?view=table")["Location"] == "/handovers/table"


def test_what_leads_to_a_deal_names_the_accepted_handover_of_that_person_alone() -> None:
    cast = only_ann()
    row, client = lead(), signed_in(cast.ann)
    path = f"/people/{row.person_id}/calls"
    assert f'href="{path}"' in client.get("/touch/new?q=Pia").content.decode()
    commands.accept(row.pk, at=NOW, by=cast.ann.pk)
    assert f'href="{path}?handover={row.pk}"' in client.get("/touch/new?q=Pia").content.decode()
    assert is_lead(cast.ann, row.person_id, row.pk)
    assert not is_lead(cast.ann, buyer("Ewa").pk, row.pk)
    assert not is_lead(staff.cy(), row.person_id, row.pk)
