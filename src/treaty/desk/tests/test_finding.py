"""The palette and the way to a new touch: what fits is found, by rights, without a script as well."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from treaty.deals.tests.factories import deal
from treaty.desk.tests.test_today import signed_in
from treaty.people.commands import refuse_calls, unsubscribe
from treaty.people.tests.factories import company, person
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


def palette(user: User, text: str = "", **headers: str) -> str:
    answer = signed_in(user).get("/palette", {"q": text}, headers=headers or SCRIPT)
    assert answer.status_code == 200
    return answer.content.decode()


def test_plain_letters_find_a_name_with_marks() -> None:
    person("Łódź Kowalska", owner=staff.ann())
    found = palette(staff.ann(), "lodz")
    assert "Łódź Kowalska" in found
    assert "<h2>People</h2>" in found
    assert "<html" not in found


def test_companies_and_deals_are_found_beside_persons() -> None:
    ann = staff.ann()
    company("Pumpwerk Nord")
    person("Pia Pumpe", owner=ann, company="Pumpwerk Nord")
    one = deal(ann, name="Pumps for the harbour")
    found = palette(ann, "pump")
    assert "Pumpwerk Nord" in found
    assert "Pia Pumpe" in found
    assert f'href="/deals/{one}/"' in found


def test_a_stranger_finds_nobody_of_ann() -> None:
    person("Łódź Kowalska", owner=staff.ann())
    assert "Kowalska" not in palette(staff.cy(), "lodz")


def test_without_a_text_it_offers_pages_and_what_one_may_create() -> None:
    offered = palette(staff.ann())
    assert 'href="/handovers/"' in offered
    assert 'href="/people/new"' in offered
    assert 'href="/deals/new"' in offered
    assert "Make a form" not in offered
    assert "Make a form" in palette(staff.mia())


def test_pages_are_found_by_their_names() -> None:
    assert 'href="/scoreboard/"' in palette(staff.ann(), "scoreb")
    assert 'href="/people/"' not in palette(staff.ann(), "scoreb")


def test_without_a_script_the_palette_is_a_page() -> None:
    whole = palette(staff.ann(), "scoreb", Accept="text/html")
    assert "<html" in whole
    assert palette(staff.ann(), "scoreb").strip() in whole


def test_the_palette_asks_few_questions_however_many_fit() -> None:
    ann = staff.ann()
    client = signed_in(ann)
    for number in range(12):
        person(f"Anna {number}", owner=ann)
    client.get("/palette?q=anna", headers=SCRIPT)
    with CaptureQueriesContext(connection) as asked:
        client.get("/palette?q=anna", headers=SCRIPT)
    # Session, user, whether Ann owns few persons and deals, persons twice, companies, deals, notes, documents.
    assert len(asked) <= 11, [query["sql"] for query in asked.captured_queries]


def test_a_new_touch_begins_with_finding_the_person() -> None:
    ann = staff.ann()
    mine = person("Łódź Kowalska", owner=ann)
    other = person("Cyril Nowak", owner=staff.cy())
    client = signed_in(ann)
    own = client.get("/touch/new").content.decode()
    assert f'href="/people/{mine.pk}/calls"' in own
    assert f"/people/{other.pk}/" not in own
    found = client.get("/touch/new?q=lodz").content.decode()
    assert f'href="/people/{mine.pk}/meetings"' in found
    assert "Nobody found" in client.get("/touch/new?q=cyril").content.decode()


def test_a_new_touch_says_what_the_person_refused(now: datetime) -> None:
    ann = staff.ann()
    mine = person("Łódź Kowalska", owner=ann)
    refuse_calls([mine.pk], at=now, by=None)
    page = signed_in(ann).get("/touch/new").content.decode()
    assert "do not call" in page
    assert "do not write" not in page
    unsubscribe([mine.pk], at=now, by=None)
    assert "do not write" in signed_in(ann).get("/touch/new?q=lodz").content.decode()


def test_an_onlooker_logs_no_touch() -> None:
    assert signed_in(staff.user("Olga", "onlooker")).get("/touch/new").status_code == 403
