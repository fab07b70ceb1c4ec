"""Funnels: by hand, against the slow twin on generated histories, and against questions in SQL on a real service desk."""

from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.published import DATA, needs_data
from treaty.funnels.rules import (
    Events,
    Exclusion,
    Order,
    Plan,
    arranged,
    broken_down,
    counts,
    funnel,
    of_group,
    spent,
    step_figures,
)
from treaty.funnels.tests.twins import Happened, deepest, histories
from treaty.kit.rules.refusals import Refused
from treaty.kit.tabular import Table

HOUR = 3_600_000_000
A, B, C, X = 0, 1, 2, 3


def of(told: Sequence[Happened]) -> Events:
    columns = [np.array([getattr(one, name) for one in told]) for name in ("person", "time", "kind", "id")]
    return arranged(*columns)


def one_person(*kinds: int, hours: Sequence[int] = ()) -> list[Happened]:
    """One person's events, an hour apart or at the hours given; their ids are their places."""
    times = hours or range(len(kinds))
    return [
        Happened(7, hour * HOUR, id_, kind) for id_, (kind, hour) in enumerate(zip(kinds, times, strict=True))
    ]


def by_pass(told: Sequence[Happened], plan: Plan) -> tuple[list[int], bool]:
    """The events that the only person's attempt took, and whether an excluded one ended it."""
    found = funnel(of(told), plan)
    [row], [is_ended] = found.at.tolist(), found.is_ended.tolist()
    return [place for place in row if place >= 0], is_ended


Attempt = Callable[[Sequence[Happened], Plan], tuple[list[int], bool]]
attempts = pytest.mark.parametrize("attempt", [by_pass, deepest], ids=["kernel", "twin"])


@attempts
@pytest.mark.parametrize(
    ("order", "kinds", "taken"),
    [
        # a, something else, b: loose takes both, strict stops at the other one
        (Order.LOOSE, (A, X, B), [0, 2]),
        (Order.STRICT, (A, X, B), [0]),
        (Order.STRICT, (A, X, A, B), [2, 3]),
        # b before a is no second step of an ordered funnel, but is one in any order
        (Order.LOOSE, (B, A), [1]),
        (Order.ANY, (B, A), [0, 1]),
        # of equally deep attempts the earliest, each step by its first event
        (Order.LOOSE, (A, A, B, B), [0, 2]),
        (Order.STRICT, (A, A, B, B), [1, 2]),
        (Order.ANY, (X, X), []),
    ],
)
def test_an_order_takes_these_events(
    order: Order, kinds: tuple[int, ...], taken: list[int], attempt: Attempt
) -> None:
    assert attempt(one_person(*kinds), Plan((A, B), None, order)) == (taken, False)


@attempts
def test_the_window_begins_with_step_one_and_a_later_beginning_gets_deeper(attempt: Attempt) -> None:
    # a at 0 h, a at 5 h, b at 10 h: within 6 h only the second attempt takes b; at exactly 5 h it still does
    events = one_person(A, A, B, hours=(0, 5, 10))
    assert attempt(events, Plan((A, B), 6 * HOUR))[0] == [1, 2]
    assert attempt(events, Plan((A, B), 5 * HOUR))[0] == [1, 2]
    assert attempt(events, Plan((A, B), 5 * HOUR - 1))[0] == [0]
    assert attempt(events, Plan((A, B), 10 * HOUR))[0] == [0, 2]
    # measured from step one, not from the step before: a 0, b 4, c 8 is no way of 6 hours
    assert attempt(one_person(A, B, C, hours=(0, 4, 8)), Plan((A, B, C), 6 * HOUR))[0] == [0, 1]


@attempts
def test_one_event_is_used_once(attempt: Attempt) -> None:
    for order in Order:
        assert attempt(one_person(A), Plan((A, A), None, order))[0] == [0]
        assert attempt(one_person(A, A), Plan((A, A), None, order))[0] == [0, 1]


def test_equal_times_go_by_id() -> None:
    told = [Happened(1, 0, 2, A), Happened(1, 0, 1, B)]
    assert funnel(of(told), Plan((A, B))).depth.tolist() == [1]
    assert funnel(of([Happened(1, 0, 2, B), Happened(1, 0, 1, A)]), Plan((A, B))).depth.tolist() == [2]


@attempts
def test_an_excluded_event_ends_an_attempt_between_its_steps_only(attempt: Attempt) -> None:
    anywhere, late = Exclusion(X), Exclusion(X, after=2)
    assert attempt(one_person(A, X, B, C), Plan((A, B, C), exclusions=(anywhere,)))[0] == [0]
    assert attempt(one_person(A, X, B, C), Plan((A, B, C), exclusions=(late,)))[0] == [0, 2, 3]
    assert attempt(one_person(A, B, X, C), Plan((A, B, C), exclusions=(late,))) == ([0, 1], True)
    # who begins again after it comes through; before step one it does nothing
    assert attempt(one_person(X, A, X, A, B, C), Plan((A, B, C), exclusions=(anywhere,)))[0] == [3, 4, 5]


def test_figures_are_counts_medians_and_means_of_those_who_came_there() -> None:
    # Ann takes b after 1 h and c after 3 more; Bo takes b after 3 h; Cy only a; Mia nothing of it
    told = [(1, 0, A), (1, 1, B), (1, 4, C), (2, 0, A), (2, 3, B), (3, 0, A), (4, 0, X)]
    events = of([Happened(who, hour * HOUR, id_, kind) for id_, (who, hour, kind) in enumerate(told)])
    found = funnel(events, Plan((A, B, C)))
    first, second, third = step_figures(found)
    assert [one.persons for one in (first, second, third)] == [3, 2, 1]
    assert (second.of_first, third.of_first, third.of_previous) == (2 / 3, 1 / 3, 1 / 2)
    assert (first.median, second.median, second.mean, third.mean) == (None, 2 * HOUR, 2 * HOUR, 3 * HOUR)
    assert third.median_from_first == 4 * HOUR
    assert events.who[found.reached(2)].tolist() == [1, 2]
    assert events.who[found.lost(1)].tolist() == [3]
    assert spent(found, 2, since=1).tolist() == [HOUR, 3 * HOUR]


histories_told = st.lists(
    st.builds(
        Happened,
        person=st.integers(0, 2),
        time=st.integers(0, 12),
        id=st.integers(0, 10**6),
        kind=st.integers(0, 4),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda one: one.id,
)
plans = st.builds(
    Plan,
    steps=st.lists(st.integers(0, 2), min_size=1, max_size=4).map(tuple),
    window=st.none() | st.integers(1, 12),
    order=st.sampled_from(Order),
)


@st.composite
def plans_with_exclusions(draw: st.DrawFn) -> Plan:
    plan = draw(plans)
    steps = len(plan.steps)
    if plan.order is Order.STRICT or steps < 2:
        return plan
    if plan.order is Order.ANY:
        told = [Exclusion(kind) for kind in draw(st.sets(st.integers(3, 4)))]
    else:
        after = st.integers(1, steps - 1)
        told = [
            Exclusion(kind, first := draw(after), draw(st.integers(first + 1, steps) | st.just(0)))
            for kind in draw(st.sets(st.integers(3, 4)))
        ]
    return Plan(plan.steps, plan.window, plan.order, tuple(told))


@given(histories_told, plans_with_exclusions())
def test_the_pass_finds_what_trying_every_attempt_finds(told: list[Happened], plan: Plan) -> None:
    events = of(told)
    found = funnel(events, plan)
    ids = {place: told[row].id for place, row in enumerate(events.given(np.arange(len(told))))}
    passed = [
        ([ids[place] for place in row if place >= 0], ended)
        for row, ended in zip(found.at.tolist(), found.is_ended.tolist(), strict=True)
    ]
    assert passed == [deepest(history, plan) for history in histories(told).values()]
    assert found.depth.tolist() == [len(row) for row, _ in passed]


@given(histories_told, plans_with_exclusions(), st.randoms(use_true_random=False))
def test_all_figures_equal_the_rows_they_open(told: list[Happened], plan: Plan, chance: object) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random of hypothesis
    events = of(shuffled)
    found = funnel(events, plan, threads=2)
    figures = step_figures(found)
    assert [one.persons for one in figures] == [len(found.reached(one.step)) for one in figures]
    lost = [len(found.lost(one.step)) for one in figures]
    assert [one.persons for one in figures] == list(np.cumsum(lost[::-1])[::-1])
    assert np.array_equal(found.depth, funnel(of(told), plan).depth)
    groups = np.array([one.id % 3 for one in shuffled])
    arranged_groups = events.arranged(groups).astype(np.int64)
    parts = broken_down(found, arranged_groups, 3)
    assert parts.sum(axis=0).tolist() == counts(found.depth, len(plan.steps)).tolist()
    assert [one.ended for one in figures] == [len(found.ended(one.step)) for one in figures]
    for one in figures:
        opened = [of_group(found, found.reached(one.step), arranged_groups, group) for group in range(3)]
        assert [len(persons) for persons in opened] == parts[:, one.step - 1].tolist()


def test_a_breakdown_goes_by_the_event_that_began_the_attempt() -> None:
    told = [Happened(1, 0, 0, A), Happened(1, 1, 1, B), Happened(2, 0, 2, A), Happened(3, 0, 3, X)]
    found = funnel(of(told), Plan((A, B)))
    assert broken_down(found, np.array([1, 0, 0, 0]), 2).tolist() == [[1, 0], [1, 1]]


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (Plan(()), "no_steps"),
        (Plan((A,) * 17), "too_many_steps"),
        (Plan((-1,)), "bad_kind"),
        (Plan((A, B), 0), "bad_window"),
        (Plan((A, B), exclusions=(Exclusion(B),)), "excluded_step"),
        (Plan((A, B), exclusions=(Exclusion(X, 2),)), "bad_exclusion"),
        (Plan((A, B, C), None, Order.ANY, (Exclusion(X, 2),)), "bad_exclusion"),
        (Plan((A, B), None, Order.STRICT, (Exclusion(X),)), "needless_exclusion"),
    ],
)
def test_a_plan_that_cannot_be_counted_is_refused(plan: Plan, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        funnel(of(one_person(A)), plan)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("person", "time", "kind", "reason"),
    [
        ([], [], [], "empty"),
        ([1], [1, 2], [1], "lengths"),
        ([1], [np.iinfo(np.int64).min], [1], "no_time"),
        ([1], [1], [-1], "bad_kind"),
        ([1], [1], [70_000], "bad_kind"),
    ],
)
def test_events_that_cannot_be_counted_are_refused(
    person: list[int], time: list[int], kind: list[int], reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        arranged(*(np.array(one, np.int64) for one in (person, time, kind)))
    assert refused.value.reason == reason


def test_nobody_and_everybody() -> None:
    nobody = step_figures(funnel(of(one_person(X, X)), Plan((A, B))))
    assert [(one.persons, one.of_first, one.median) for one in nobody] == [(0, None, None)] * 2
    everybody = step_figures(funnel(of(one_person(A, B)), Plan((A, B))))
    assert [one.of_first for one in everybody] == [1, 1]


@needs_data
def test_a_real_service_desk_is_counted_as_sql_counts_it() -> None:
    path = DATA / "helpdesk" / "helpdesk.csv"
    told = Table([path])
    case, _ = told.codes("CaseID")
    kind, names = told.codes("ActivityID")
    events = arranged(case, told.times("CompleteTimestamp").astype(np.int64), kind)
    plan = Plan((names.index("1"), names.index("9"), names.index("8")))
    # By sets, not by a pass: an ordered way without a window exists where first <= some later <= some later still.
    source = "SELECT CaseID c, ActivityID a, row_number() OVER (ORDER BY CaseID, CompleteTimestamp, n) n FROM numbered"
    numbered = f"SELECT *, row_number() OVER () n FROM read_csv('{path}', all_varchar = true)"
    [(first, second, third)] = duckdb.sql(
        f"WITH numbered AS ({numbered}), e AS ({source}),"
        " one AS (SELECT c, min(n) n FROM e WHERE a = '1' GROUP BY c),"
        " two AS (SELECT c, min(e.n) n FROM e JOIN one USING (c) WHERE a = '9' AND e.n > one.n GROUP BY c),"
        " three AS (SELECT DISTINCT c FROM e JOIN two USING (c) WHERE a = '8' AND e.n > two.n)"
        " SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM two), (SELECT count(*) FROM three)"
    ).fetchall()
    assert counts(funnel(events, plan).depth, 3).tolist() == [first, second, third]
    assert 0 < third < second < first <= 3_804  # all cases, by the README of the data
