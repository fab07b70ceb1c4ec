"""Staff are told once, in the page and by mail, in their own language and zone."""

from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from django.test import Client

from treaty.mail.models import OutgoingMail
from treaty.notices import commands, queries, wording
from treaty.staff import commands as staff
from treaty.staff.models import User
from treaty.staff.tests.factories import ann, bo, cy, user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
OFFER = {"person": "Pia Rossi", "grade": "A1", "due_at": "2026-11-19T13:30:00+00:00"}


def told(*users: User, key: str = "handover:7:offered", **values: Any) -> int:
    return commands.tell(
        [user.pk for user in users],
        kind="lead_offered",
        key=key,
        values={**OFFER, **values},
        url="/handovers/7/",
        at=AT,
    )


def test_each_user_is_told_once_for_each_key_in_the_page_and_by_mail() -> None:
    assert told(ann(), bo()) == 2
    assert told(ann(), bo(), cy()) == 1
    assert [queries.unread_count(user.pk) for user in (ann(), bo(), cy())] == [1, 1, 1]
    assert OutgoingMail.objects.count() == 3


def test_the_mail_says_who_until_when_and_where_in_the_reader_s_zone() -> None:
    reader = ann()
    staff.change_profile(reader.pk, time_zone="Europe/Rome", at=AT, by=reader.pk)
    told(reader)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == (reader.email, "A lead waits for you: Pia Rossi")
    # 13:30 UTC on Thursday 19 November is 14:30 in Rome (UTC+1 in winter).
    assert (
        "Pia Rossi, grade A1, was offered to you. Please accept or return by Thu 19 Nov, 14:30." in mail.body
    )
    assert "http://localhost:8000/handovers/7/" in mail.body
    assert "http://localhost:8000/handovers/7/" in mail.html


def test_names_are_harmless_in_the_html_and_plain_in_the_text() -> None:
    told(ann(), person="<b>O'Neil</b>")
    mail = OutgoingMail.objects.get()
    assert "<b>O'Neil</b>" in mail.body
    assert "<b>O" not in mail.html


def test_who_no_longer_works_here_is_not_told() -> None:
    gone = bo()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert told(gone) == 0
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("kind", ["no_such_kind", "lead_offered"])
def test_an_unknown_kind_or_a_missing_value_is_loud(kind: str) -> None:
    with pytest.raises(KeyError):
        commands.tell([ann().pk], kind=kind, key="k", values={"person": "Pia"}, url="/", at=AT)
    assert OutgoingMail.objects.count() == 0


def test_every_kind_can_be_said_and_has_an_icon(root: Path) -> None:
    values = {
        "person": "Pia",
        "grade": "A1",
        "by": "Ann",
        "clause": "4.1",
        "reason": "no budget",
        "number": 2,
        "count": 3,
    }
    values |= {"endpoint": "Shop"}
    values |= {"title": "Import", "deal": "Rollout", "due_at": AT.isoformat(), "since_at": AT.isoformat()}
    icons = (root / "src/treaty/kit/static/kit/icons.svg").read_text()
    for name, kind in wording.KINDS.items():
        said = wording.headline(name, values) + wording.sentence(name, values)
        assert "%(" not in said
        assert not list(filter(None, (field for _text, field, *_rest in Formatter().parse(said))))
        assert f'id="{kind.icon}"' in icons, kind.icon


def test_the_page_shows_only_the_user_s_own_notices_and_opening_one_marks_it_read(client: Client) -> None:
    told(ann())
    told(bo(), key="other", person="Somebody else")
    client.force_login(ann())
    text = client.get("/notices/").content.decode()
    assert "A lead waits for you: Pia Rossi" in text
    assert "Somebody else" not in text
    (mine,) = queries.notices_of(ann().pk)
    (other,) = queries.notices_of(bo().pk)
    assert client.post(f"/notices/{other.id}/reading").status_code == 404
    assert client.post(f"/notices/{mine.id}/reading")["Location"] == "/handovers/7/"
    assert queries.unread_count(ann().pk) == 0
    assert queries.unread_count(bo().pk) == 1


def test_all_are_read_at_once(client: Client) -> None:
    for number in range(3):
        told(ann(), key=f"k{number}")
    client.force_login(ann())
    text = client.post("/notices/reading", follow=True).content.decode()
    assert "3 notices are read." in text
    assert queries.unread_count(ann().pk) == 0


def test_the_page_explains_itself_when_there_is_nothing(client: Client) -> None:
    client.force_login(ann())
    assert "You were not told anything yet" in client.get("/notices/").content.decode()


def test_older_notices_are_a_page_away_and_the_number_of_questions_stays(
    client: Client, query_count: Any
) -> None:
    for number in range(51):
        told(ann(), key=f"k{number}", person=f"Person {number:02}")
    client.force_login(ann())
    first = client.get("/notices/").content.decode()
    assert "Person 50" in first
    assert "Person 00" not in first
    oldest = queries.notices_of(ann().pk, 50)[-1].id
    assert f"?before={oldest}" in first
    with query_count("notices"):
        assert "Person 00" in client.get(f"/notices/?before={oldest}").content.decode()


def test_ones_own_notices_come_as_a_spreadsheet(client: Client) -> None:
    head, other = user("Hal", "head_of_sales"), ann()
    for number in range(51):
        told(head, key=f"k{number}", person=f"Person {number:02}")
    told(other, key="other")
    client.force_login(head)
    assert "format=csv" in client.get("/notices/").content.decode()
    lines = client.get("/notices/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Notice,What it says,When,Read"
    assert len(lines) == 52
    assert "Person 00" in lines[-1]
    assert lines[-1].endswith(",no")


def test_a_swap_equals_a_reload(client: Client) -> None:
    told(ann())
    client.force_login(ann())
    part = client.get("/notices/", headers={"HX-Request": "true"}).content.decode()
    whole = client.get("/notices/").content.decode()
    assert "<html" not in part
    assert "Pia Rossi" in part
    assert "Pia Rossi" in whole
