"""BG/NBD and Pareto/NBD beside the papers' formulas, person by person; P(alive), what is expected, what is refused."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.kit.rules.refusals import Refused
from treaty.lifetime.rules import bg_nbd, pareto_nbd
from treaty.lifetime.rules.histories import Histories
from treaty.lifetime.rules.rows import kinds
from treaty.lifetime.tests import twins

PARAMETERS = st.tuples(*[st.floats(0.05, 20)] * 4)
PERSONS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 300), st.integers(0, 300)), min_size=1, max_size=8
)


def told(rows: list[tuple[int, int, int]]) -> Histories:
    """From x, days to the last purchase where there is one, days from it to the end."""
    x, last, rest = np.array(rows, np.int64).T
    last = np.where(x > 0, last, 0)
    return Histories(x, last, last + rest)


ALIKE = told([(2, 213, 59), (0, 1, 272), (2, 213, 59), (5, 100, 40), (0, 1, 3)])


@given(PARAMETERS, PERSONS)
def test_bg_nbd_is_the_sum_over_persons(at: tuple[float, ...], rows: list[tuple[int, int, int]]) -> None:
    found = bg_nbd.likelihood(kinds(told(rows)))(np.array(at))[0]
    assert found == pytest.approx(
        twins.bg_nbd_log_likelihood(bg_nbd.Parameters(*at), told(rows)).sum(), rel=1e-9, abs=1e-8
    )


@pytest.mark.parametrize(
    "at", [(0.24, 4.4, 0.8, 2.4), (3.0, 0.5, 0.2, 0.1), (0.553, 10.6, 0.6, 11.7), (1.0, 20.0, 2.0, 3.0)]
)
@pytest.mark.parametrize("model", [bg_nbd, pareto_nbd])
def test_derivatives_are_those_of_the_value(model: ModuleType, at: tuple[float, ...]) -> None:
    likelihood = model.likelihood(kinds(ALIKE))
    assert likelihood(np.array(at))[1] == pytest.approx(
        twins.slope(likelihood, np.array(at)), rel=1e-6, abs=1e-7
    )


@given(PARAMETERS, PERSONS)
def test_pareto_nbd_is_the_integral_over_the_moment_of_stopping(
    at: tuple[float, ...], rows: list[tuple[int, int, int]]
) -> None:
    persons, parameters = told(rows[:2]), pareto_nbd.Parameters(*at)
    by_hand = sum(
        twins.pareto_log_likelihood(parameters, int(x), last / 7, age / 7)
        for x, last, age in zip(persons.repeats, persons.last, persons.age, strict=True)
    )
    found = pareto_nbd.likelihood(kinds(persons))(np.array(at))[0]
    assert found == pytest.approx(by_hand, rel=1e-9, abs=1e-8)


@given(PARAMETERS, PERSONS)
def test_who_is_alive_under_pareto_nbd(at: tuple[float, ...], rows: list[tuple[int, int, int]]) -> None:
    persons, parameters = told(rows[:2]), pareto_nbd.Parameters(*at)
    found = pareto_nbd.alive(parameters, persons)
    for row, (x, last, age) in enumerate(zip(persons.repeats, persons.last, persons.age, strict=True)):
        by_hand = twins.pareto_alive(parameters, int(x), last / 7, age / 7)
        assert found[row] == pytest.approx(by_hand, rel=1e-8, abs=1e-12)
        buys = twins.pareto_expected(parameters, int(x), last / 7, age / 7, 26)
        assert pareto_nbd.expected(parameters, persons, 26)[row] == pytest.approx(buys, rel=1e-7, abs=1e-12)


def test_p_alive_by_hand() -> None:
    # x 1, t_x 7 weeks, T 14 weeks, r = alpha = a = b = 1: odds of having stopped a/(b+x-1) ((1+14)/(1+7))^2 = 225/64.
    found = bg_nbd.alive(bg_nbd.Parameters(1, 1, 1, 1), told([(1, 49, 49), (0, 1, 98)]))
    assert found.tolist() == pytest.approx([64 / (64 + 225), 1.0])


@pytest.mark.parametrize("a", [0.4, 0.793, 1.7, 3.2])
def test_what_bg_nbd_expects_is_the_papers_2f1(a: float) -> None:
    at = bg_nbd.Parameters(0.243, 4.414, a, 2.426)
    for x, last, age, weeks in ((0, 0, 38, 39), (2, 30, 38, 39), (26, 30, 31, 52), (7, 3, 70, 5)):
        found = bg_nbd.expected(at, told([(x, last * 7, (age - last) * 7)]), weeks)[0]
        assert found == pytest.approx(twins.bg_nbd_expected(at, x, last, age, weeks), rel=1e-9)


@given(PARAMETERS, PERSONS, st.floats(0.1, 200))
def test_who_is_alive_and_what_they_buy_is_the_papers(
    at: tuple[float, ...], rows: list[tuple[int, int, int]], weeks: float
) -> None:
    # Where a is far from 1, and a + b from what makes their 2F1 endless: there their formula loses no digits.
    r, alpha, a, b = at
    parameters, persons = bg_nbd.Parameters(r, alpha, a + 1.5 if abs(a - 1) < 0.2 else a, b + 1), told(rows)
    columns = zip(persons.repeats, persons.last / 7, persons.age / 7, strict=True)
    by_hand = [twins.bg_nbd_expected(parameters, int(x), last, age, weeks) for x, last, age in columns]
    assert bg_nbd.expected(parameters, persons, weeks) == pytest.approx(by_hand, rel=1e-6, abs=1e-9)
    # P(alive) is the likelihood of having stayed beside all of it, and does not grow with silence.
    alive = bg_nbd.alive(parameters, persons)
    later = bg_nbd.alive(parameters, Histories(persons.repeats, persons.last, persons.age + 30))
    assert ((later <= alive + 1e-12) & (alive <= 1)).all()
    assert (alive[persons.repeats == 0] == 1).all()


def test_where_a_is_1_the_expectation_has_no_gap() -> None:
    near, at = (
        bg_nbd.expected(bg_nbd.Parameters(0.243, 4.414, a, 2.426), ALIKE, 39) for a in (1 + 1e-7, 1.0)
    )
    assert at == pytest.approx(near, rel=1e-6)
    # And where a + b is 1, of somebody who bought once: the factor a + b + x - 1 is 0.
    at, near = (bg_nbd.expected(bg_nbd.Parameters(0.2, 4.0, 0.4, b), ALIKE, 39) for b in (0.6, 0.6 + 1e-7))
    assert at == pytest.approx(near, rel=1e-6)
    s_near, s_at = (
        pareto_nbd.expected(pareto_nbd.Parameters(0.5, 10, s, 11), ALIKE, 39) for s in (1 + 1e-7, 1.0)
    )
    assert s_at == pytest.approx(s_near, rel=1e-6)


@pytest.mark.parametrize(
    ("model", "at"),
    [
        (bg_nbd, (0.24, 4.4, 0.79, 2.4)),
        (bg_nbd, (0.24, 4.4, 2.5, 2.4)),
        (pareto_nbd, (0.55, 10.6, 0.6, 11.7)),
    ],
)
def test_more_weeks_bring_more_purchases_from_none_on(model: ModuleType, at: tuple[float, ...]) -> None:
    parameters = model.Parameters(*at)
    by_weeks = np.array([model.expected(parameters, ALIKE, weeks) for weeks in (0, 1, 26, 520, 5200)])
    assert by_weeks[0].tolist() == [0] * len(ALIKE)
    assert (np.diff(by_weeks, axis=0) > 0).all()
    assert (by_weeks[:, 0] == by_weeks[:, 2]).all()
    newcomer = model.expected(parameters, Histories(*np.zeros((3, 1), np.int64)), 26)[0]
    assert model.expected_of_newcomer(parameters, 26) == pytest.approx(newcomer)


@pytest.mark.parametrize("model", [bg_nbd, pareto_nbd])
@pytest.mark.parametrize("weeks", [-1.0, np.nan, np.inf])
def test_a_horizon_that_cannot_be_is_refused(model: ModuleType, weeks: float) -> None:
    with pytest.raises(Refused, match="horizon"):
        model.expected(model.Parameters(1, 1, 1, 1), ALIKE, weeks)


@pytest.mark.parametrize("model", [bg_nbd, pareto_nbd])
def test_persons_who_all_come_back_and_never_stop_have_no_peak(model: ModuleType) -> None:
    with pytest.raises(Refused, match="no peak") as refused:
        model.fit(told([(10, 100, 0), (9, 100, 1)] * 50))
    assert refused.value.reason == "no_peak"
