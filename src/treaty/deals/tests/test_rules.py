"""The road of a deal, without any database."""

import pytest

from treaty.deals.rules import PIPELINE, Move, Refused, StageType, move_between, sums
from treaty.kit.rules.money import Money

OPEN, WON, LOST = StageType


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (OPEN, OPEN, Move.ALONG),
        (OPEN, WON, Move.WIN),
        (OPEN, LOST, Move.LOSE),
        (WON, OPEN, Move.REOPEN),
        (LOST, OPEN, Move.REOPEN),
    ],
)
def test_what_a_move_means_follows_from_the_types_of_both_stages(
    before: StageType, after: StageType, move: Move
) -> None:
    assert move_between(before, after, is_same=False) is move


def test_a_deal_that_stays_does_not_move() -> None:
    assert all(move_between(one, one, is_same=True) is Move.NONE for one in StageType)


@pytest.mark.parametrize(("before", "after"), [(WON, LOST), (LOST, WON)])
def test_one_end_does_not_become_the_other(before: StageType, after: StageType) -> None:
    with pytest.raises(Refused, match="closed"):
        move_between(before, after, is_same=False)


def test_the_pipeline_is_the_one_the_issue_names() -> None:
    # Issue A: New, Qualified, Proposal, Negotiation (open), Won, Lost.
    assert [(stage.name, stage.type.value) for stage in PIPELINE] == [
        ("New", "open"),
        ("Qualified", "open"),
        ("Proposal", "open"),
        ("Negotiation", "open"),
        ("Won", "won"),
        ("Lost", "lost"),
    ]


def test_sums_keep_currencies_apart_and_pass_over_the_unknown() -> None:
    values = [(100, "EUR"), (None, ""), (5_000, "JPY"), (250, "EUR"), (None, "EUR")]
    assert sums(values) == (Money(5_000, "JPY"), Money(350, "EUR"))


def test_a_known_zero_is_a_sum_and_nothing_known_is_none() -> None:
    assert sums([(0, "EUR")]) == (Money(0, "EUR"),)
    assert sums([(None, "EUR")]) == ()
