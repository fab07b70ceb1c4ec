"""A month of work for tests: leads in every state, by the verbs that people use."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from treaty.agreements.rules import Volume
from treaty.conversations.facts import CallMade
from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft
from treaty.handovers import commands
from treaty.handovers.models import Handover
from treaty.handovers.tests import factories as handovers
from treaty.handovers.tests.factories import World
from treaty.kit.rules.money import Money
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.people.models import Person
from treaty.staff.models import User

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = handovers.NOW
NOVEMBER = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""A Monday in the month of the tests."""


@dataclass
class Month:
    """What happened: the cast, and each lead by what became of it."""

    world: World
    kept: Handover
    broken: Handover
    returned: Handover
    duplicate: Handover
    waiting: Handover
    untouched: Handover
    deal: int


def call(person: Person, at: datetime, by: User) -> None:
    """Somebody calls the person."""
    fact = CallMade("reached", 5)
    ledger.record(fact, about=about_identity(person.anchor_id), at=at, recorded_at=at, by=by.pk)


def lead(name: str, at: datetime) -> Handover:
    """A lead offered on purpose at an instant."""
    return handovers.lead(handovers.buyer(name), at)


def accept(made: Handover, at: datetime, by: User) -> None:
    """The lead is accepted, and the ten seconds in which that could be undone pass."""
    commands.accept(made.pk, at=at, by=by.pk)
    commands.sweep_clocks(at + MINUTE)


def won(person: Person, by: User, *, value: int | None, at: datetime) -> int:
    """A deal with the person, won at once; the value in euros."""
    deals.prepare(at=at)
    worth = None if value is None else Money(value * 100, "EUR")
    made = deals.open_deal(DealDraft("Meters", person=person.pk, owner=by.pk, value=worth), at=at, by=by.pk)
    deals.win(made, at=at, by=by.pk)
    return made


def month(volume: int = 7) -> Month:
    """Six leads in November: one touched in time, one too late, two returned, one waiting, one not touched yet."""
    world = handovers.only_ann(volume=Volume(leads=volume, of_grade_a=0))
    ann = world.ann
    kept, broken = lead("Kim", NOVEMBER), lead("Bea", NOVEMBER + MINUTE)
    accept(kept, NOVEMBER + HOUR, ann)
    call(kept.person, NOVEMBER + HOUR + 10 * MINUTE, ann)
    commands.sweep_clocks(NOVEMBER + 24 * HOUR)
    accept(broken, NOVEMBER + 26 * HOUR, ann)
    call(broken.person, NOVEMBER + 27 * HOUR, ann)
    returned, duplicate = lead("Rex", NOVEMBER + 27 * HOUR), lead("Dup", NOVEMBER + 27 * HOUR)
    back, later = NOVEMBER + 28 * HOUR, NOVEMBER + timedelta(days=90)
    commands.return_lead(returned.pk, reason="later", note="", hold_until=later, at=back, by=ann.pk)
    commands.return_lead(duplicate.pk, reason="duplicate", note="seen", at=back, by=ann.pk)
    untouched, waiting = lead("Uma", NOW - 40 * MINUTE), lead("Wim", NOW - 30 * MINUTE)
    accept(untouched, NOW - 20 * MINUTE, ann)
    deal = won(kept.person, ann, value=1_500, at=NOW - HOUR)
    return Month(world, kept, broken, returned, duplicate, waiting, untouched, deal)
