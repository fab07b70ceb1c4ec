"""Deals for tests."""

from datetime import datetime
from itertools import count

from treaty.deals import commands
from treaty.deals.rules import DealDraft
from treaty.kit.rules.money import Money
from treaty.ledger.facts import about_deal
from treaty.ledger.queries import Recorded, history
from treaty.people.commands import add_person
from treaty.people.rules import PersonDraft, Stage
from treaty.staff.models import User
from treaty.staff.tests.factories import SINCE

numbers = count(1)


def euros(amount: int) -> Money:
    """Whole euros."""
    return Money(amount * 100, "EUR")


def pia(owner: User | None = None, name: str = "Pia Nowak", **more: object) -> int:
    """The buyer, or another of that name; her id."""
    email = f"{name.split(maxsplit=1)[0].lower()}{next(numbers)}@odlewnia.example"
    told: dict[str, object] = {
        "name": name,
        "emails": (email,),
        "company": "Odlewnia Śląska",
        "stage": Stage.SAL,
    }
    draft = PersonDraft(**(told | {"owner": owner.pk if owner else None} | more))  # type: ignore[arg-type]
    return add_person(draft, at=SINCE, by=None, source="hand").person_id


def deal(
    owner: User | None = None,
    *,
    name: str = "Flow meters",
    person: int | None = None,
    value: Money | None = None,
    at: datetime = SINCE,
    stage: str = "new",
) -> int:
    """An open deal; its id."""
    commands.prepare(at=SINCE)
    draft = DealDraft(name, person=person, owner=owner.pk if owner else None, value=value, stage=stage)
    return commands.open_deal(draft, at=at, by=owner.pk if owner else None)


def facts_of(one: int) -> list[Recorded]:
    """What the ledger says of a deal, in the order it was written down."""
    return sorted(history([about_deal(one)]), key=lambda line: line.id)
