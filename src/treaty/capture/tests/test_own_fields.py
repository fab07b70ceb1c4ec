"""Forms ask for fields that the company defined of persons."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from treaty.capture import commands
from treaty.capture.models import Form
from treaty.fields.commands import retire_field
from treaty.fields.queries import values_of
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import of_each_kind
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import lines_of_kinds, recent
from treaty.people.models import Person
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
THERE = "/f/ask-for-a-price"
WHO = {"name": "Pia Kowalska", "email": "pia@example.com"}


@pytest.fixture
def asking() -> dict[Kind, Any]:
    """The form an installation begins with asks for a field of each kind, and must be told the choice."""
    factories.company()
    fields = of_each_kind()
    commands.prepare(NOW)
    settings = Client()
    settings.force_login(factories.mia())
    form = Form.objects.get()
    there = f"/settings/capture/{form.pk}/"
    shown = settings.get(there).context["shown"]
    sent = {name: value for name, value in shown.initial.items() if value is not None}
    sent |= {name: "asked" for name in shown.fields if name.startswith("ask_own.")}
    assert settings.post(there, {**sent, "ask_own.choice": "required"}).status_code == 302
    assert 'name="own.choice"' in settings.get(there).content.decode(), "the code to copy has it, too"
    return fields


def held() -> dict[str, object]:
    one = Person.objects.get().pk
    return dict(values_of("person", [one])[one])


def test_what_is_asked_is_shown_read_and_kept(asking: dict[Kind, Any]) -> None:
    page = Client().get(THERE).content.decode()
    assert [name for name in map(str, Kind) if f'name="own.{name}"' in page] == [
        "text",
        "number",
        "money",
        "date",
        "choice",
        "many",
    ], "a stranger looks into no other records"
    told = {"text": "Łódź", "number": "1234,5", "money": "12.50 PLN", "date": "2026-11-30", "choice": "lodz"}
    own: dict[str, Any] = {f"own.{name}": text for name, text in told.items()}
    assert Client().post(THERE, {**WHO, **own, "own.many": ["gold", "lodz"]}).status_code == 200
    assert held() == {
        "text": "Łódź",
        "number": 1234.5,
        "money": {"minor": 1250, "currency": "PLN"},
        "date": "2026-11-30",
        "choice": "lodz",
        "many": ["gold", "lodz"],
    }


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Please fill this in."),
        ({"own.choice": "copper"}, "copper"),
        ({"own.choice": "gold", "own.number": "many"}, "This is not a number."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_as_it_was_typed(
    asking: dict[Kind, Any], sent: dict[str, str], said: str
) -> None:
    answer = Client().post(THERE, {**WHO, **sent, "own.text": "as it was"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="as it was"' in page
    assert not Person.objects.exists()


def test_a_stranger_overwrites_nothing_and_what_was_said_is_not_lost(asking: dict[Kind, Any]) -> None:
    Client().post(THERE, {**WHO, "own.choice": "gold"})
    Client().post(THERE, {**WHO, "own.choice": "silver", "own.number": "5", "message": "Hello."})
    assert held() == {"choice": "gold", "number": 5}
    line = lines_of_kinds(["FormSubmitted"])[-1]
    assert recent([about_identity(line.about.id)], 1)[0].text == "Hello.\nChoice: Silver"


def test_a_field_out_of_use_is_asked_no_more(asking: dict[Kind, Any]) -> None:
    retire_field(asking[Kind.CHOICE].id, at=NOW, by=None)
    assert 'name="own.choice"' not in Client().get(THERE).content.decode()
    assert Client().post(THERE, {**WHO, "own.choice": "gold"}).status_code == 200
    assert held() == {}
