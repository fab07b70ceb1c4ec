"""The person's page: one stream of both teams, who may see it, and that panel, part and page say the same."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from treaty.capture.facts import AdClicked, FormSubmitted, MailOpened
from treaty.conversations import commands as conversations
from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft
from treaty.deals.tests.factories import euros
from treaty.desk.tests.test_today import signed_in, without_tokens
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import NOW, World, asks, buyer, lead, only_ann
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.scoring.commands import adopt_model

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PANEL = {"HX-Request": "true", "HX-Target": "aside#panel"}
PART = {"HX-Request": "true", "HX-Target": "section#timeline"}


def known(cast: World, **told: object) -> Person:
    """Pia, who is Ann's."""
    pia = buyer("Pia", phones=("+48321234567",), title="Plant engineer", company="Huta Wschód", **told)
    people.assign_owner([pia.pk], owner=cast.ann.pk, at=NOW - HOUR, by=None)
    return pia


def shown(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_ann_sees_her_person_and_cy_does_not() -> None:
    cast = only_ann()
    pia = known(cast)
    assert "Huta Wschód" in shown(signed_in(cast.ann), f"/people/{pia.pk}/")
    assert signed_in(cast.cy).get(f"/people/{pia.pk}/").status_code == 404
    assert signed_in(cast.cy).get(f"/people/{pia.pk}/", headers=PANEL).status_code == 404
    assert signed_in(cast.ann).get("/people/999999/").status_code == 404


def test_the_stream_merges_both_teams_and_the_deals() -> None:
    cast = only_ann()
    pia = known(cast)
    asks(pia, NOW - HOUR)
    conversations.log_call(
        pia.pk, outcome="reached", minutes=6, note="Wants a visit.", at=NOW, by=cast.ann.pk
    )
    deals.prepare(at=NOW)
    deals.open_deal(
        DealDraft("Flow meters", person=pia.pk, owner=cast.ann.pk, value=euros(900)), at=NOW, by=cast.ann.pk
    )
    page = shown(signed_in(cast.ann), f"/people/{pia.pk}/")
    for words in (
        "Form “Ask for a price”",
        "Call, reached, 6 min",
        "Wants a visit.",
        "Deal opened, €900",
        "Lead offered",
    ):
        assert words in page, words
    assert page.index("Call, reached") < page.index("Form “Ask")


def test_the_stream_is_filtered_by_team_and_by_kind() -> None:
    cast = only_ann()
    pia = known(cast)
    asks(pia, NOW - HOUR)
    conversations.log_call(pia.pk, outcome="busy", at=NOW, by=cast.ann.pk)
    client = signed_in(cast.ann)
    sales = shown(client, f"/people/{pia.pk}/?side=sales", **PART)
    assert "Call, busy" in sales
    assert "Form “" not in sales
    forms = shown(client, f"/people/{pia.pk}/?kind=forms", **PART)
    assert "Form “" in forms
    assert "Call, busy" not in forms
    assert "Nothing of this kind" in shown(client, f"/people/{pia.pk}/?kind=notes", **PART)


def test_the_stream_is_filtered_by_campaign() -> None:
    cast = only_ann()
    pia, client = known(cast), signed_in(cast.ann)
    assert 'name="campaign"' not in shown(client, f"/people/{pia.pk}/")
    for number, fact in enumerate(
        (
            AdClicked("Meters, search", campaign="Zima “ü”"),
            MailOpened("Data sheet", campaign="newsletter"),
            FormSubmitted("price", answers={"campaign": "newsletter"}),
        )
    ):
        ledger.record(fact, about=about_identity(pia.anchor_id), at=NOW - number * HOUR)
    whole = shown(client, f"/people/{pia.pk}/")
    assert "<option>Zima “ü”</option><option>newsletter</option>" in whole
    narrowed = {
        one: shown(client, f"/people/{pia.pk}/?campaign={one}", **PART) for one in ("newsletter", "Zima “ü”")
    }
    assert [words in narrowed["newsletter"] for words in ("Data sheet", "Meters", "Form “")] == [
        True,
        False,
        False,
    ]
    assert [words in narrowed["Zima “ü”"] for words in ("Data sheet", "Meters", "Form “")] == [
        False,
        True,
        False,
    ]
    assert "<option selected>newsletter</option>" in narrowed["newsletter"]
    assert "Nothing of this kind" in shown(
        client, f"/people/{pia.pk}/?campaign=newsletter&kind=calls", **PART
    )
    assert "Meters" in shown(client, f"/people/{pia.pk}/?campaign=%00"), "PostgreSQL takes no NUL"


def test_older_lines_stand_on_the_next_page_and_none_twice() -> None:
    cast = only_ann()
    pia = known(cast)
    for number in range(40):
        conversations.write_note(pia.pk, text=f"Note {number:02}.", at=NOW - number * HOUR, by=cast.ann.pk)
    client = signed_in(cast.ann)
    first = shown(client, f"/people/{pia.pk}/?kind=notes", **PART)
    (address,) = {
        part.split('"')[0] for part in first.split('hx-get="')[1:] if "before=" in part.split('"')[0]
    }
    second = shown(client, address.replace("&amp;", "&"), **PART)
    seen = [f"Note {number:02}." for number in range(40)]
    assert [text in first for text in seen] == [True] * 30 + [False] * 10
    assert [text in second for text in seen] == [False] * 30 + [True] * 10


def test_a_swap_equals_a_reload() -> None:
    cast = only_ann()
    pia = known(cast)
    asks(pia)
    client = signed_in(cast.ann)
    whole = shown(client, f"/people/{pia.pk}/?side=marketing")
    part = shown(client, f"/people/{pia.pk}/?side=marketing", **PART)
    assert part.strip().startswith('<section class="card" id="timeline"')
    assert without_tokens(part) in without_tokens(whole)


def test_beside_a_list_the_record_is_a_panel_with_the_same_stream() -> None:
    cast = only_ann()
    pia = known(cast)
    client = signed_in(cast.ann)
    panel = shown(client, f"/people/{pia.pk}/", **PANEL)
    assert panel.strip().startswith('<aside id="panel"')
    assert "<html" not in panel
    assert without_tokens(shown(client, f"/people/{pia.pk}/", **PART)) in without_tokens(panel)


def test_the_score_says_its_reasons_and_the_handover_its_clock() -> None:
    cast = only_ann()
    adopt_model(cast.document.scoring, version=cast.version.pk, at=NOW - HOUR)
    pia = known(cast)
    asks(pia)
    page = shown(signed_in(cast.ann), f"/people/{pia.pk}/")
    # The starter gives 50 points for a form; they halve in 14 days and none has passed.
    assert '<span><bdi dir="ltr">+50</bdi></span>' in page
    assert "4 h 0 min left" in page
    row = Handover.objects.get(person=pia)
    assert f'action="/handovers/{row.pk}/acceptance"' in page


def test_what_was_refused_is_told_and_cannot_be_pressed() -> None:
    cast = only_ann()
    pia = known(cast)
    people.refuse_calls([pia.pk], at=NOW, by=None)
    page = shown(signed_in(cast.ann), f"/people/{pia.pk}/")
    assert "tel:" not in page
    assert "Pia asked not to be called" in page
    assert "Allow calls again" in page


def test_mia_offers_on_purpose_and_ann_may_not() -> None:
    cast = only_ann()
    pia = known(cast)
    assert "Offer to sales" not in shown(signed_in(cast.ann), f"/people/{pia.pk}/")
    assert signed_in(cast.ann).post(f"/people/{pia.pk}/offer").status_code == 403
    mia = signed_in(cast.mia)
    assert "Offer to sales" in shown(mia, f"/people/{pia.pk}/")
    answer = mia.post(f"/people/{pia.pk}/offer", follow=True)
    assert "Pia is offered to sales." in answer.content.decode()
    assert Handover.objects.get(person=pia).is_on_purpose
    assert "Offer to sales" not in shown(mia, f"/people/{pia.pk}/")
    again = mia.post(f"/people/{pia.pk}/offer", follow=True).content.decode()
    assert "Nothing was offered" in again


def questions(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_the_page_asks_as_many_questions_for_a_long_story_as_for_a_short_one() -> None:
    cast = only_ann()
    pia = known(cast)
    lead(pia)
    deals.prepare(at=NOW)
    client = signed_in(cast.ann)

    def live(number: int) -> None:
        for place in range(number):
            asks(pia, NOW + place * HOUR)
            conversations.write_note(pia.pk, text="Note", at=NOW, by=cast.ann.pk)
            deals.open_deal(
                DealDraft(f"Deal {place}", person=pia.pk, owner=cast.ann.pk), at=NOW, by=cast.ann.pk
            )

    live(2)
    before = questions(client, f"/people/{pia.pk}/")
    live(20)
    assert questions(client, f"/people/{pia.pk}/") == before
    assert before <= 45, before
