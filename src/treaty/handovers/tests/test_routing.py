"""Routing by turns: fair at every moment, deterministic, and able to say why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.handovers.rules.routing import Choice, Lead, Member, Pool, Rule, Skip, choose

ANN, BO, CY = 1, 2, 3
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
ENDLESS = 1_000_000


def pool(*members: Member, match_language: bool = False) -> Pool:
    return Pool({member.user: member for member in members}, match_language)


def exact_errors(capacities: Sequence[int], choices: Sequence[Choice]) -> Fraction:
    """The farthest that anybody ever was from the exact share, in exact fractions: an independent count."""
    total, worst = sum(capacities), Fraction(0)
    received = [0] * len(capacities)
    for turn, choice in enumerate(choices, start=1):
        assert choice.user is not None
        received[choice.user] += 1
        for user, capacity in enumerate(capacities):
            worst = max(worst, abs(Fraction(capacity * turn, total) - received[user]))
    return worst


@settings(max_examples=6)
@given(st.lists(st.integers(1, 60), min_size=2, max_size=9))
def test_over_10_000_leads_nobody_is_ever_off_the_exact_share_by_a_whole_lead(capacities: list[int]) -> None:
    scale = ENDLESS // sum(capacities)
    turns = pool(*(Member(user, capacity * scale) for user, capacity in enumerate(capacities)))
    choices = [turns.route(Lead()) for _ in range(10_000)]
    # Tijdeman (1980), theorem 1: at most 1 - 1/(2k-2).
    assert exact_errors(capacities, choices) <= 1 - Fraction(1, 2 * len(capacities) - 2) + Fraction(1, 10**6)


def test_a_capacity_of_five_a_month_gives_five_and_not_zero() -> None:
    turns = pool(Member(ANN, 5), Member(BO, 95), Member(CY, 37))
    chosen = [turns.route(Lead()).user for _ in range(137)]
    assert [chosen.count(user) for user in (ANN, BO, CY)] == [5, 95, 37]


def test_whoever_reached_the_limit_is_skipped_until_all_have_and_then_the_team_is_asked() -> None:
    turns = pool(Member(ANN, 1), Member(BO, 2, this_month=1))
    choices = [turns.route(Lead()) for _ in range(3)]
    assert sorted(choice.user or 0 for choice in choices[:2]) == [ANN, BO]
    assert (choices[2].user, choices[2].rule, choices[2].head_is_told) == (None, Rule.TEAM, True)
    assert choices[2].skipped == ((ANN, Skip.LIMIT), (BO, Skip.LIMIT))


def test_an_absent_member_is_skipped_with_the_cause_and_accrues_nothing() -> None:
    turns = pool(Member(ANN, 10, is_absent=True), Member(BO, 10))
    choices = [turns.route(Lead()) for _ in range(7)]
    assert {choice.user for choice in choices} == {BO}
    assert choices[0].skipped == ((ANN, Skip.ABSENT),)
    assert turns.members[ANN].entitled == 0


def test_fractions_carry_over_an_absence() -> None:
    turns = pool(Member(ANN, 10, entitled=0.75), Member(BO, 10, entitled=3.25, received=4))
    assert turns.route(Lead()).user == ANN


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_coming_and_going_leaves_nobody_two_leads_away_from_what_they_were_entitled_to(seed: int) -> None:
    pick = Random(seed).random
    turns = pool(*(Member(user, 1_000_000 * (user + 1)) for user in range(5)))
    for _ in range(1_000):
        for user, member in list(turns.members.items()):
            if pick() < 0.01:
                turns.members[user] = replace(member, is_absent=not member.is_absent)
        turns.route(Lead())
        assert all(abs(member.owed) < 2 for member in turns.members.values())


def test_a_language_that_does_not_match_skips_and_one_that_nobody_speaks_does_not() -> None:
    ann = Member(ANN, 10, speaks=frozenset({"pl"}))
    bo = Member(BO, 10, speaks=frozenset({"ja"}))
    polish = choose(Lead(language="pl"), [ann, bo], match_language=True)
    assert (polish.user, polish.skipped) == (ANN, ((BO, Skip.LANGUAGE),))
    assert len(choose(Lead(language="sw"), [ann, bo], match_language=True).candidates) == 2
    assert len(choose(Lead(language="pl"), [ann, bo], match_language=False).candidates) == 2


def test_the_companys_owner_comes_first_but_not_while_away() -> None:
    ann, bo = Member(ANN, 1, this_month=1), Member(BO, 10)
    assert choose(Lead(owner=ANN), [ann, bo], match_language=False).rule is Rule.COMPANY_OWNER
    away = Member(ANN, 10, is_absent=True)
    assert choose(Lead(owner=ANN), [away, bo], match_language=False).user == BO
    assert choose(Lead(owner=CY), [ann, bo], match_language=False).user == BO


def test_a_lead_of_the_companys_owner_takes_no_turn_but_fills_the_month() -> None:
    turns = pool(Member(ANN, 10), Member(BO, 10))
    turns.route(Lead(owner=ANN))
    ann = turns.members[ANN]
    assert (ann.entitled, ann.received, ann.this_month) == (0, 0, 1)


def test_if_nobody_can_make_the_clock_the_one_who_can_soonest_is_asked_and_the_head_told() -> None:
    ann = Member(ANN, 10, is_absent=True, free_at=MONDAY + timedelta(days=2))
    bo = Member(BO, 10, free_at=MONDAY + timedelta(days=1))
    choice = choose(Lead(due_at=MONDAY + timedelta(hours=4)), [ann, bo], match_language=False)
    assert (choice.user, choice.rule, choice.head_is_told) == (BO, Rule.SOONEST, True)
    assert choice.as_routing() == {
        "rule": "soonest",
        "candidates": [],
        "skipped": [[ANN, "absent"], [BO, "off_hours"]],
    }


def test_every_choice_keeps_the_candidates_with_their_shares() -> None:
    choice = choose(Lead(), [Member(BO, 30), Member(ANN, 10)], match_language=False)
    assert choice.as_routing() == {
        "rule": "turn",
        "candidates": [[ANN, 0.25, 0.25], [BO, 0.75, 0.75]],
        "skipped": [],
    }
    assert choice.user == BO


def test_the_order_of_the_members_changes_nothing() -> None:
    members = [Member(ANN, 3), Member(BO, 3), Member(CY, 3)]
    assert choose(Lead(), members, match_language=False) == choose(
        Lead(), members[::-1], match_language=False
    )
