"""The settings of retention: who may, what a rule would take, and that it is turned on only with that in sight."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from treaty.conversations.commands import write_note
from treaty.documents.commands import add_document
from treaty.ledger.facts import about_company
from treaty.people.tests.factories import company, person, pia
from treaty.retention import commands, queries
from treaty.retention.models import Rule, Run
from treaty.retention.rules import Kind
from treaty.staff import commands as staff
from treaty.staff.models import AuditRow
from treaty.staff.rules import FORGET_PEOPLE
from treaty.staff.tests.factories import admin, mia, user

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 6, 8, 0, tzinfo=UTC)
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
QueryCount = Callable[[str], AbstractContextManager[None]]
HOME = "/settings/retention/"


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(admin())
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def old(name: str) -> int:
    """Somebody who came long ago."""
    row = person(name)
    type(row).objects.filter(pk=row.pk).update(created_at=LONG_AGO)
    return row.pk


def test_all_rules_are_off_at_first(ada: Client) -> None:
    page = text(ada.get(HOME))
    assert page.count(">Off<") == 3
    assert "Turn it off" not in page


def test_what_was_taken_comes_as_a_spreadsheet(ada: Client) -> None:
    assert 'href="?format=csv"' not in text(ada.get(HOME))
    Run.objects.create(kind="texts", months=36, taken=4, at=AT)
    assert 'href="?format=csv"' in text(ada.get(HOME))
    lines = ada.get(f"{HOME}?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "When,Rule,Months,Taken"
    assert lines[1].endswith(",36,4")
    role = admin().role
    type(role).objects.filter(pk=role.pk).update(permissions=["forget_people"])
    assert 'href="?format=csv"' not in text(ada.get(f"{HOME}?format=csv"))


def test_all_that_a_rule_would_take_comes_as_a_spreadsheet(ada: Client) -> None:
    old("Ida Old")
    person("Yan Young")
    page = f"{HOME}persons/?months=24"
    assert 'href="?months=24&amp;format=csv" download' in text(ada.get(page))
    lines = ada.get(f"{page}&format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Name,Mail,Added"
    assert [line.split(",")[0] for line in lines[1:]] == ["Ida Old"]
    for kind, heads in (("texts", "About,When,Text"), ("files", "About,When,Document")):
        answer = ada.get(f"{HOME}{kind}/?months=24&format=csv")
        assert answer.getvalue().decode("utf-8-sig").splitlines()[0] == heads


def test_a_rule_is_turned_on_where_one_sees_whom_it_takes(ada: Client) -> None:
    old("Ida Old")
    person("Yan Young")
    page = text(ada.get(f"{HOME}persons/?months=24"))
    assert "It would forget 1 person now." in page
    assert "Ida Old" in page
    assert "Yan Young" not in page
    assert not Rule.objects.exists()
    after = text(ada.post(f"{HOME}persons/", {"months": "24"}, follow=True))
    assert "The rule is on" in after
    assert "On: persons are forgotten after 24 months without a touch." in after
    assert text(ada.get(f"{HOME}persons/")).count("Turn the rule on") == 0
    audit = text(ada.get("/settings/audit/"))
    assert "Turned a rule of retention on, or changed it" in audit


def test_documents_are_listed_with_whose_record_they_are_on(
    ada: Client, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    buyer = pia()
    add_document("person", buyer.pk, name="old.txt", chunks=[b"Old"], at=LONG_AGO, by=None)
    add_document("person", buyer.pk, name="new.txt", chunks=[b"New"], at=AT, by=None)
    page = text(ada.get(f"{HOME}files/?months=36"))
    assert "It would remove 1 document now." in page
    assert "old.txt" in page
    assert "new.txt" not in page
    assert f'href="/people/{buyer.pk}/"' in page
    after = text(ada.post(f"{HOME}files/", {"months": "36"}, follow=True))
    assert "On: documents are removed after 36 months." in after


def test_texts_are_listed_with_whom_they_are_about(ada: Client) -> None:
    buyer = pia()
    write_note(buyer.pk, text="<b>Likes</b> tea.", at=LONG_AGO, by=None)
    write_note(about_company(company().pk), text="Old firm.", at=LONG_AGO, by=None)
    page = text(ada.get(f"{HOME}texts/?months=36"))
    assert "It would empty 2 texts now." in page
    assert "&lt;b&gt;Likes&lt;/b&gt; tea." in page
    assert f'href="/people/{buyer.pk}/"' in page
    assert "Huta Wschód" in page


def test_where_nothing_is_that_old_the_page_says_so(ada: Client) -> None:
    assert "Nothing is that old" in text(ada.get(f"{HOME}texts/"))


def test_a_rule_is_turned_off_and_what_was_taken_is_listed(ada: Client) -> None:
    write_note(pia().pk, text="Old.", at=LONG_AGO, by=None)
    commands.set_rule(Kind.TEXTS, months=36, at=AT, by=None)
    commands.take(Kind.TEXTS, at=AT, step=lambda _taken: None)
    assert "Taken lately" in text(ada.get(HOME))
    assert "The rule is off." in text(ada.post(f"{HOME}texts/end", follow=True))
    assert not queries.rules()
    assert ada.post(f"{HOME}texts/end").status_code == 302
    assert AuditRow.objects.filter(verb="retention_ended").count() == 1


@pytest.mark.parametrize("months", ["0", "241", "-3", "x", "", "1e3", "9" * 40])
def test_months_that_make_no_sense_are_refused(ada: Client, months: str) -> None:
    assert ada.get(f"{HOME}texts/", {"months": months}).status_code == 422
    assert ada.post(f"{HOME}texts/", {"months": months}).status_code == 422
    assert not Rule.objects.exists()


def test_a_rule_that_is_none_is_not_found(ada: Client) -> None:
    assert ada.get(f"{HOME}deals/").status_code == 404
    assert ada.post(f"{HOME}deals/end").status_code == 404


def test_who_may_not_forget_may_not_let_rules_forget(client: Client) -> None:
    role = staff.add_role("Clerk", permissions=[FORGET_PEOPLE], visibility="own", at=AT, by=None)
    kim = user("Kim", "onlooker")
    type(kim).objects.filter(pk=kim.pk).update(role=role)
    for one in (mia(), kim):
        client.force_login(one)
        assert client.get(HOME).status_code == 403
        assert client.get(f"{HOME}persons/").status_code == 403
        assert client.post(f"{HOME}persons/", {"months": "24"}).status_code == 403
        assert client.post(f"{HOME}persons/end").status_code == 403
    assert not Rule.objects.exists()


def test_the_pages_ask_a_fixed_number_of_questions(ada: Client, query_count: QueryCount) -> None:
    commands.set_rule(Kind.TEXTS, months=36, at=AT, by=None)
    for number in range(3):
        write_note(old(f"Old {number}"), text="Old.", at=LONG_AGO, by=None)
    for path in ("", "persons/", "texts/", "files/"):
        with query_count(f"retention/{path}"):
            ada.get(f"{HOME}{path}")
