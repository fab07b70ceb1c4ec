"""What has to come before somebody who was returned is offered again: the table of docs/concepts/agreement.md, "Return"."""

from datetime import UTC, datetime, timedelta

import pytest

from treaty.agreements.rules.document import EFFECTS, WITH_DAYS
from treaty.handovers.rules.returns import CONSEQUENCES, Again, Effect, again, held_until

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
NAMED = datetime(2027, 4, 1, tzinfo=UTC)
"""A day 133 days on."""
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("effect", "days", "named", "held"),
    [
        (Effect.RECYCLE, 90, None, AT + timedelta(days=90)),
        (Effect.RECYCLE, 90, NAMED, NAMED),
        (Effect.NOT_A_FIT, 0, None, None),
        (Effect.NOT_A_FIT, 365, None, AT + timedelta(days=365)),
        (Effect.NOT_A_FIT, 0, NAMED, NAMED),
        (Effect.NOT_A_FIT, 365, NAMED, NAMED),
        (Effect.INVALID_IDENTITY, 0, NAMED, None),
        (Effect.DUPLICATE, 0, None, None),
        (Effect.SPAM, 0, NAMED, None),
    ],
)
def test_the_named_date_wins_over_the_agreed_days_and_only_two_effects_hold_at_all(
    effect: Effect, days: int, named: datetime | None, held: datetime | None
) -> None:
    assert held_until(effect, days, named, AT) == held


@pytest.mark.parametrize(
    ("effect", "held", "first", "then"),
    [
        (Effect.RECYCLE, NAMED, Again.DATE, Again.TOUCH),
        (Effect.NOT_A_FIT, NAMED, Again.DATE, Again.TOUCH),
        (Effect.NOT_A_FIT, None, Again.PURPOSE, Again.PURPOSE),
        (Effect.DUPLICATE, None, Again.MERGE, Again.MERGE),
        (Effect.SPAM, None, Again.PURPOSE, Again.PURPOSE),
        # As returns before could be recorded: the person waits for the date, and for nothing else.
        (Effect.INVALID_IDENTITY, NAMED, Again.DATE, Again.TOUCH),
        # A lead that nobody returned, because its person was in the bin.
        ("", None, Again.TOUCH, Again.TOUCH),
    ],
)
def test_what_keeps_a_returned_person_from_being_offered(
    effect: str, held: datetime | None, first: Again, then: Again
) -> None:
    assert again(effect, held, NAMED - SECOND) is first
    assert again(effect, held, NAMED) is then


def test_a_wrong_address_waits_for_a_right_one() -> None:
    assert again(Effect.INVALID_IDENTITY, None, AT, is_wrong=True) is Again.CORRECTION
    assert again(Effect.INVALID_IDENTITY, None, AT) is Again.TOUCH


def test_a_reason_takes_a_date_where_its_effect_may_have_days() -> None:
    assert {effect.value for effect in Effect} == set(EFFECTS)
    assert {effect.value for effect, consequence in CONSEQUENCES.items() if consequence.date} == WITH_DAYS
