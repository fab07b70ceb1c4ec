"""When time alone can change an answer: against the answer itself, asked at many instants."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.segments.rules import (
    Date,
    Did,
    EngagementAtLeast,
    First,
    Last,
    Not,
    PersonState,
    Predicate,
    Sequence,
    Since,
    Step,
    Touch,
    matches,
    next_change,
)
from treaty.segments.rules.change import first_crossing
from treaty.segments.rules.predicate import All, Any, Node
from treaty.segments.rules.state import decayed

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


def seen(*days_ago: float) -> PersonState:
    return PersonState(touches=tuple(Touch("PageSeen", AT - timedelta(days=days)) for days in days_ago))


@pytest.mark.parametrize(
    ("node", "state", "expected"),
    [
        (Did(did="PageSeen"), seen(1), None),
        (Did(did="PageSeen", within_days=7), seen(), None),
        (Did(did="PageSeen", within_days=7), seen(1), AT + 6 * DAY),
        (Did(did="PageSeen", within_days=7), seen(1, 3), AT + 6 * DAY),
        (Did(did="PageSeen", within_days=7, times=2), seen(1, 3), AT + 4 * DAY),
        (Not(not_=Did(did="PageSeen", within_days=30)), seen(10), AT + 20 * DAY),
        (Did(did="PageSeen", within_days=7), seen(8), None),
        (Did(did="CallMade", within_days=7), seen(1), None),
    ],
)
def test_a_window_names_the_instant_at_which_it_has_passed(
    node: Node, state: PersonState, expected: datetime | None
) -> None:
    assert next_change(node, state, AT) == expected


def test_an_engagement_halves_after_its_half_life() -> None:
    state = PersonState(engagement=40, decay=((40.0, 30.0),), as_of=AT)
    when = next_change(EngagementAtLeast(engagement_at_least=20), state, AT)
    assert when is not None
    assert abs(when - (AT + 30 * DAY)) <= 2 * MICROSECOND


def test_a_penalty_that_decays_faster_lets_the_engagement_rise() -> None:
    # 100 x 2^(-t/30) - 100 x 2^(-t/3) is 0 now, and passes 50 once the penalty has gone.
    state = PersonState(decay=((100.0, 30.0), (-100.0, 3.0)), as_of=AT)
    node = EngagementAtLeast(engagement_at_least=50)
    when = next_change(node, state, AT)
    assert not matches(node, state, AT)
    assert when is not None
    assert matches(node, state, when)


def test_a_grade_changes_when_the_score_says_so() -> None:
    tree = Predicate.model_validate({"match": {"grade_in": ["A1"]}})
    assert next_change(tree, PersonState(grade="A1", grade_changes_at=AT + DAY), AT) == AT + DAY
    assert next_change(tree, PersonState(grade="A1", grade_changes_at=AT), AT) is None


def instants() -> st.SearchStrategy[datetime]:
    return st.integers(-60 * 86400, 5 * 86400).map(lambda seconds: AT + timedelta(seconds=seconds))


dids = st.builds(
    Did,
    did=st.sampled_from(["PageSeen", "FormSubmitted"]),
    times=st.integers(1, 3),
    within_days=st.none() | st.sampled_from([0.5, 1.0, 7.0, 30.0]),
)
steps = st.builds(Step, did=st.sampled_from(["PageSeen", "FormSubmitted"]))
days = st.sampled_from([0.5, 1.0, 7.0, 30.0])
edges = st.one_of(
    st.builds(lambda did, days: First(first=did, within_days=days), st.just("PageSeen"), days),
    st.builds(lambda did, days: First(first=did, longer_than_days=days), st.just("PageSeen"), days),
    st.builds(lambda did, days: Last(last=did, longer_than_days=days), st.just("FormSubmitted"), days),
    st.builds(
        Sequence,
        sequence=st.lists(steps, min_size=2, max_size=3).map(tuple),
        within_days=st.none() | days,
    ),
    st.builds(Since, since=steps, then=steps, times=st.integers(1, 2)),
    st.builds(
        Date,
        date=st.just("fields.renewal"),
        from_days=st.integers(-40, 10),
        to_days=st.none() | st.integers(-30, 40),
    ),
)
leaves: st.SearchStrategy[Node] = (
    dids | edges | st.builds(EngagementAtLeast, engagement_at_least=st.sampled_from([1.0, 10.0, 40.0]))
)
trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: (
        inner.map(lambda part: Not(not_=part))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(all_=tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(any_=tuple(parts)))
    ),
    max_leaves=5,
)
parts = st.lists(
    st.tuples(st.integers(-60, 80).map(float), st.sampled_from([1.0, 7.0, 30.0])), max_size=4
).map(tuple)
states = st.builds(
    PersonState,
    attributes=st.sampled_from(["2026-11-19", "2026-12-20", "2026-10-01", "soon", None]).map(
        lambda day: {"fields": {"renewal": day}}
    ),
    touches=st.lists(
        st.builds(Touch, st.sampled_from(["PageSeen", "FormSubmitted"]), instants()), max_size=6
    ).map(tuple),
    decay=parts,
    as_of=st.just(AT),
)


@given(trees, states, st.floats(0, 1))
def test_the_answer_is_constant_until_the_next_change(tree: Node, state: PersonState, share: float) -> None:
    if not state.decay:
        state = PersonState(attributes=state.attributes, touches=state.touches)
    when = next_change(tree, state, AT)
    until = (when or AT + 200 * DAY) - AT
    now = matches(tree, state, AT)
    assert when is None or when > AT
    for between in (share * until, until / 2, until - MICROSECOND):
        if between < until:
            assert matches(tree, state, AT + between) is now


@given(dids | edges, states)
def test_a_single_node_really_changes_at_its_next_change(node: Node, state: PersonState) -> None:
    when = next_change(node, state, AT)
    if when is not None:
        assert matches(node, state, when) is not matches(node, state, AT)


@given(parts, st.sampled_from([1.0, 10.0, 40.0]))
def test_a_crossing_is_one_and_none_comes_before_it(
    decay: tuple[tuple[float, float], ...], threshold: float
) -> None:
    when = first_crossing(decay, threshold, AT)
    above = decayed(decay, timedelta()) >= threshold
    end = when - MICROSECOND if when else AT + 400 * DAY
    for share in (0.01, 0.1, 0.3, 0.5, 0.8, 0.99, 1.0):
        assert (decayed(decay, (end - AT) * share) >= threshold) is above
    if when:
        assert (decayed(decay, when - AT) >= threshold) is not above
