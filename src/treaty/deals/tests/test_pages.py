"""The pages of deals by what a person sees, with and without a script."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from tests.harness.snapshots import QueryCount
from treaty.deals import commands, queries
from treaty.deals.models import Deal
from treaty.deals.queries import leads
from treaty.deals.queries.board import CARDS
from treaty.deals.rules import DealDraft
from treaty.deals.tests.factories import deal, euros, facts_of, pia
from treaty.kit.rules.money import Money
from treaty.people.commands import change_person, refuse_calls, unsubscribe
from treaty.staff.models import User
from treaty.staff.tests.factories import ann, cy, head_of_sales, user

pytestmark = pytest.mark.django_db

SCRIPT = {"HX-Request": "true", "HX-Target": "aside#panel"}


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def panel_of(html: str) -> str:
    """The record beside the list, without what differs by request: the form's token."""
    found = re.search(r'<aside id="panel".*?</aside>', html, re.DOTALL)
    assert found
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", found[0])


@pytest.fixture
def flow() -> int:
    """Ann's deal with Pia."""
    return deal(ann(), person=pia(ann()), value=euros(42_000))


def test_the_board_shows_a_card_with_name_person_value_and_the_missing_step(flow: int) -> None:
    html = signed_in(ann()).get("/deals/").content.decode()
    for seen in ("Flow meters", "Pia Nowak", "€42,000", "No next step", "1 open deal"):
        assert seen in html


@pytest.mark.parametrize(("page", "heading"), [("win", "Win Flow meters"), ("loss", "Lose Flow meters")])
def test_a_form_that_ends_a_deal_does_not_say_that_it_is_ended(flow: int, page: str, heading: str) -> None:
    html = signed_in(ann()).get(f"/deals/{flow}/{page}").content.decode()
    assert f"<h1>{heading}</h1>" in html
    assert "is won" not in html
    assert "is lost" not in html


def test_every_way_to_drag_a_card_has_its_menu_twin(flow: int) -> None:
    html = signed_in(ann()).get("/deals/").content.decode()
    assert set(re.findall(r'data-move="(\w+)"', html)) == {
        "qualified",
        "proposal",
        "negotiation",
        "won",
        "lost",
    }
    assert set(re.findall(r'data-column="(\w+)"', html)) == {
        "new",
        "qualified",
        "proposal",
        "negotiation",
        "won",
        "lost",
    }


def test_a_long_column_shows_more_in_its_place_and_leads_to_the_table_without_a_script(now: datetime) -> None:
    commands.prepare(at=now)
    made = [deal(ann(), name=f"Deal {n}", at=now + timedelta(minutes=n)) for n in range(CARDS + 2)]
    client = signed_in(ann())
    html = client.get("/deals/?owner=me").content.decode()
    assert html.count("data-card") == CARDS
    assert 'href="/deals/table/?stage=new" hx-get="/deals/?owner=me&amp;column=new&amp;after=' in html
    found = re.search(r'hx-get="([^"]+)"', html)
    assert found
    address = unescape(found[1])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("<li")
    assert part.endswith("</li>")
    assert re.findall(r'id="move-(\d+)"', part) == [str(made[1]), str(made[0])]
    assert f'href="?owner=me&amp;deal={made[1]}"' in part
    assert "hx-get" not in part
    assert "<html" in client.get(address).content.decode()
    broken = client.get("/deals/?column=new&after=nonsense", headers={"HX-Request": "true"})
    assert broken.status_code == 404


def test_who_may_only_look_finds_nothing_to_press(flow: int) -> None:
    onlooker = signed_in(user("Otto", "onlooker"))
    html = onlooker.get(f"/deals/?deal={flow}").content.decode()
    assert "Flow meters" in html
    assert "data-move" not in html
    assert "New deal" not in html
    assert onlooker.post(f"/deals/{flow}/stage", {"stage": "won"}).status_code == 403


@pytest.mark.parametrize("path", ["/deals/", "/deals/table/"])
def test_a_deal_beside_the_list_is_the_same_by_swap_and_by_reload(flow: int, path: str) -> None:
    client = signed_in(ann())
    whole = client.get(f"{path}?deal={flow}").content.decode()
    part = client.get(f"{path}?deal={flow}", headers=SCRIPT).content.decode()
    assert "<html" not in part
    assert panel_of(part) == panel_of(whole)


def test_a_stranger_finds_neither_page_nor_verb(flow: int) -> None:
    client = signed_in(cy())
    assert "Flow meters" not in client.get("/deals/").content.decode()
    assert "Flow meters" not in client.get("/deals/table/").content.decode()
    assert client.get(f"/deals/{flow}/").status_code == 404
    for verb in ("stage", "win", "loss", "edit", "next-step", "next-step/done", "reopening", "stage/undo"):
        assert client.post(f"/deals/{flow}/{verb}", {"stage": "won"}).status_code == 404
    assert [line.kind for line in facts_of(flow)] == ["DealOpened"]


def test_a_move_answers_with_a_toast_that_takes_it_back(flow: int) -> None:
    client = signed_in(ann())
    html = client.post(f"/deals/{flow}/stage", {"stage": "proposal"}, follow=True).content.decode()
    assert "Flow meters moved to Proposal." in html
    found = re.search(r'action="(/deals/\d+/stage/undo\?was=\d+)"', html)
    assert found
    html = client.post(found[1], follow=True).content.decode()
    assert "stands where it stood before" in html
    assert Deal.objects.get(pk=flow).stage.key == "new"
    html = client.post(found[1], follow=True).content.decode()
    assert "Somebody moved this deal meanwhile" in html


def test_to_lose_a_deal_one_says_why(flow: int) -> None:
    client = signed_in(ann())
    html = client.post(f"/deals/{flow}/stage", {"stage": "lost"}, follow=True).content.decode()
    assert "Say why the deal was lost" in html
    assert client.post(f"/deals/{flow}/loss", {"reason": ""}).status_code == 422
    client.post(f"/deals/{flow}/loss", {"reason": "No budget this year"})
    html = client.get(f"/deals/{flow}/").content.decode()
    assert "No budget this year" in html
    assert "Reopen" in html


def test_a_deal_is_won_at_the_value_one_says(flow: int) -> None:
    client = signed_in(ann())
    assert 'value="42000.00"' in client.get(f"/deals/{flow}/win").content.decode()
    assert client.post(f"/deals/{flow}/win", {"amount": "41000.501", "currency": "EUR"}).status_code == 422
    client.post(f"/deals/{flow}/win", {"amount": "41000.50", "currency": "EUR", "reason": "Speed"})
    assert queries.value_of(Deal.objects.get(pk=flow)) == Money(4_100_050, "EUR")


@pytest.fixture
def lead(monkeypatch: pytest.MonkeyPatch) -> int:
    """Pia, of whom the handover 7 is."""
    person = pia(ann())
    monkeypatch.setattr(leads, "_fits", [lambda _user, *named: named == (person, 7)])
    return person


def test_a_new_deal_is_prefilled_from_the_handover(now: datetime, lead: int) -> None:
    commands.prepare(at=now)
    person, client = lead, signed_in(ann())
    address = f"/deals/new?person={person}&name=Flow+meters&handover=7"
    html = client.get(address).content.decode()
    assert "New deal with Pia Nowak" in html
    told = {"name": "Flow meters", "about": f"person:{person}", "handover": "7", "owner": str(ann().pk)}
    assert client.post(address, told).status_code == 302
    made = Deal.objects.get(handover=7)
    assert (made.person_id, made.company.name if made.company else "", made.owner_id) == (
        person,
        "Odlewnia Śląska",
        ann().pk,
    )


def test_a_handover_of_somebody_else_is_passed_over(now: datetime, lead: int) -> None:
    commands.prepare(at=now)
    client, other = signed_in(ann()), pia(ann(), "Ewa Lis")
    for about, handover in ((lead, 8), (other, 7)):
        address = f"/deals/new?person={about}&handover={handover}"
        assert 'name="handover" value' not in client.get(address).content.decode()
        told = {
            "name": "Meters",
            "about": f"person:{about}",
            "handover": str(handover),
            "owner": str(ann().pk),
        }
        assert client.post(address, told).status_code == 302
    assert list(Deal.objects.values_list("handover", flat=True)) == [None, None]


def test_a_handover_is_one_deal_and_what_comes_after_is_another(now: datetime, lead: int) -> None:
    commands.prepare(at=now)
    person, client = lead, signed_in(ann())
    address = f"/deals/new?person={person}&handover=7"
    assert 'name="handover" value="7"' in client.get(address).content.decode()
    commands.open_deal(DealDraft("Meters", person=person, owner=ann().pk, handover=7), at=now, by=None)
    for path in (address, f"/deals/new?person={person}&handover=x"):
        assert 'name="handover" value' not in client.get(path).content.decode()


def test_a_new_deal_is_about_what_the_person_is_interested_in(now: datetime) -> None:
    person, client = pia(ann()), signed_in(ann())
    change_person(person, changes={"interest": "FM-40 flow meters"}, at=now, by=None)
    html = client.get(f"/deals/new?person={person}").content.decode()
    assert 'value="FM-40 flow meters"' in html


def test_a_call_logged_from_a_handover_leads_to_its_deal(now: datetime) -> None:
    person, client = pia(ann()), signed_in(ann())
    answer = client.post(f"/people/{person}/calls?handover=7", {"outcome": "reached", "then": "deal"})
    assert answer.headers["Location"] == f"/deals/new?person={person}&handover=7"


def test_a_new_deal_finds_its_person_by_name_and_asks_where_several_fit(now: datetime) -> None:
    commands.prepare(at=now)
    client, told = signed_in(ann()), {"name": "Flow meters", "owner": str(ann().pk)}
    assert "Nobody of this name" in client.post("/deals/new", told | {"who": "Pia"}).content.decode()
    first = pia(ann())
    pia(ann(), name="Pia Kowalska")
    html = client.post("/deals/new", told | {"who": "Pia"}).content.decode()
    assert "Several fit. Choose one." in html
    assert client.post("/deals/new", told | {"who": "Pia", "about": f"person:{first}"}).status_code == 302
    assert Deal.objects.get().person_id == first


def test_the_next_step_is_set_and_done_from_the_deals_page(flow: int) -> None:
    client = signed_in(ann())
    client.post(
        f"/deals/{flow}/next-step", {"kind": "call", "due": "2026-11-20T14:45", "text": "Confirm the visit"}
    )
    assert "Confirm the visit" in client.get(f"/deals/{flow}/").content.decode()
    assert client.post(f"/deals/{flow}/next-step", {"kind": "shout"}).status_code == 422
    client.post(f"/deals/{flow}/next-step/done")
    assert "None set." in client.get(f"/deals/{flow}/").content.decode()


def test_logging_a_call_asks_what_comes_next_with_the_open_deal(flow: int, now: datetime) -> None:
    person, client = Deal.objects.get(pk=flow).person_id, signed_in(ann())
    assert "What happens next with Flow meters?" in client.get(f"/people/{person}/calls").content.decode()
    told = {
        "outcome": "reached",
        "minutes": "6",
        "note": "Wants a quote",
        "next-kind": "quote",
        "next-text": "12 pieces",
    }
    assert (
        client.post(f"/people/{person}/calls", told | {"next": f"/deals/{flow}/"}).headers["Location"]
        == f"/deals/{flow}/"
    )
    html = client.get(f"/deals/{flow}/").content.decode()
    for seen in ("Call, reached, 6 min", "Wants a quote", "Next step: send quote", "12 pieces"):
        assert seen in html


def test_a_note_asks_what_comes_next_with_the_open_deal_and_leads_to_a_new_one(
    flow: int, now: datetime
) -> None:
    person, client = Deal.objects.get(pk=flow).person_id, signed_in(ann())
    assert "What happens next with Flow meters?" in client.get(f"/people/{person}/notes").content.decode()
    told = {"text": "Prefers mornings", "next-kind": "meeting", "next": f"/deals/{flow}/"}
    client.post(f"/people/{person}/notes", told)
    html = client.get(f"/deals/{flow}/").content.decode()
    for seen in ("Prefers mornings", "Next step: meeting"):
        assert seen in html
    other = pia(ann(), "Rita Nowak")
    answer = client.post(f"/people/{other}/notes", {"text": "Asks for a price", "then": "deal"})
    assert answer.headers["Location"] == f"/deals/new?person={other}"
    assert client.post(f"/people/{other}/notes", {"text": " "}).status_code == 422


def test_a_refused_call_sets_no_next_step_either(flow: int, now: datetime) -> None:
    person, client = Deal.objects.get(pk=flow).person_id, signed_in(ann())
    assert person
    refuse_calls([person], at=now - timedelta(days=1), by=None)
    answer = client.post(f"/people/{person}/calls", {"outcome": "reached", "next-kind": "quote"})
    assert answer.status_code == 422
    assert "This person asked not to be called." in answer.content.decode()
    assert [line.kind for line in facts_of(flow)] == ["DealOpened"]


def test_who_refused_is_told_before_somebody_calls_or_writes(flow: int, now: datetime) -> None:
    person, client = Deal.objects.get(pk=flow).person_id, signed_in(ann())
    assert person
    unsubscribe([person], at=now - timedelta(days=1), by=None)
    told = "18 November 2026 not to be written to."
    for page in (f"/people/{person}/messages", f"/deals/{flow}/", f"/deals/?deal={flow}"):
        html = client.get(page).content.decode()
        assert told in html, page
        assert "not to be called" not in html, page
    sent = {"outcome": "reached", "next-kind": "message"}
    for page, answer in (
        (f"/people/{person}/calls", sent),
        (f"/deals/{flow}/next-step", {"kind": "message"}),
    ):
        refused = client.post(page, answer)
        assert refused.status_code == 422
        assert "This person unsubscribed from mail. Plan to call" in refused.content.decode()
    assert [line.kind for line in facts_of(flow)] == ["DealOpened"]
    assert "Call, reached" not in client.get(f"/deals/{flow}/").content.decode()


def test_without_a_deal_the_call_leads_to_a_new_one(now: datetime) -> None:
    commands.prepare(at=now)
    person, client = pia(ann()), signed_in(ann())
    assert "Log and make a deal" in client.get(f"/people/{person}/calls").content.decode()
    answer = client.post(f"/people/{person}/calls", {"outcome": "reached", "then": "deal"})
    assert answer.headers["Location"] == f"/deals/new?person={person}"


@pytest.mark.parametrize("page", ["messages", "meetings", "notes"])
def test_each_kind_of_conversation_has_its_page(flow: int, page: str) -> None:
    person, client = Deal.objects.get(pk=flow).person_id, signed_in(ann())
    assert client.get(f"/people/{person}/{page}").status_code == 200
    told = {"way": "mail", "outcome": "interested", "note": "Sent the sheet", "text": "Prefers mornings"}
    answer = client.post(f"/people/{person}/{page}", told)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/people/{person}/")
    assert signed_in(cy()).get(f"/people/{person}/{page}").status_code == 404


def test_the_table_filters_sums_and_downloads(flow: int) -> None:
    deal(head_of_sales(), name="=Pumps", value=euros(8_000), stage="proposal")
    client = signed_in(head_of_sales())
    html = client.get("/deals/table/").content.decode()
    assert "€50,000" in html
    assert "Flow meters" not in client.get("/deals/table/?stage=proposal").content.decode()
    assert "Pumps" not in client.get("/deals/table/?value=EUR:1000000").content.decode()
    answer = client.get("/deals/?view=table&format=csv", follow=True)
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[0].strip('"\ufeff') for line in lines] == ["Deal", "'=Pumps", "Flow meters"]


def test_the_pages_ask_a_fixed_number_of_questions(query_count: QueryCount, flow: int, now: datetime) -> None:
    for number in range(12):
        one = deal(
            ann(), name=f"Deal {number}", person=pia(ann(), name=f"P{number} Nowak"), value=euros(number)
        )
        commands.set_next_step(one, kind="call", due=now, at=now, by=ann().pk)
    client = signed_in(ann())
    for path in ("/deals/", "/deals/table/", f"/deals/{flow}/", f"/deals/?deal={flow}"):
        client.get(path)
        with query_count(path.replace(str(flow), "one")):
            assert client.get(path).status_code == 200


def test_a_deal_stays_with_who_left_where_something_else_is_changed(flow: int) -> None:
    User.objects.filter(pk=ann().pk).update(is_active=False)
    head = signed_in(head_of_sales())
    page = head.get(f"/deals/{flow}/edit").content.decode()
    assert f'<option value="{ann().pk}" selected>Ann (left)</option>' in page
    told = {"name": "Meters", "amount": "42000", "currency": "EUR", "owner": str(ann().pk)}
    assert head.post(f"/deals/{flow}/edit", told).status_code == 302
    changed = Deal.objects.get(pk=flow)
    assert (changed.name, changed.owner_id) == ("Meters", ann().pk)
