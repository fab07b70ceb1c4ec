"""Scores by tables and by what must hold of every score."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.scoring.rules import Digits, EngagementRule, FitRule, Letters, Spec, problems, score
from treaty.segments.rules import Attribute, Did, Touch, ValueTest

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
PRICING = EngagementRule(
    label="pricing page",
    did="PageSeen",
    where={"page": ValueTest(contains="pricing")},
    points=10,
    most_per_day=2,
)
SPEC = Spec(
    fit=(
        FitRule(
            label="medical company", when=Attribute(attribute="company.sector", is_="medical"), points=40
        ),
        FitRule(label="phone number", when=Attribute(attribute="has_phone", is_=True), points=15),
        FitRule(label="free-mail address", when=Attribute(attribute="email", contains="@gmail."), points=-10),
    ),
    engagement=(
        PRICING,
        EngagementRule(label="form sent", did="FormSubmitted", points=40),
        EngagementRule(label="unsubscribed", did="Unsubscribed", points=-50, half_life_days=10),
    ),
    half_life_days=20,
    letters=Letters(a=50, b=30, c=10),
    digits=Digits(first=60, second=40, third=15),
)


def page(days_ago: float, address: str = "/pricing") -> Touch:
    return Touch("PageSeen", AT - timedelta(days=days_ago), {"page": address})


def form(days_ago: float) -> Touch:
    return Touch("FormSubmitted", AT - timedelta(days=days_ago), {"form": "demo"})


@pytest.mark.parametrize(
    ("attributes", "touches", "grade", "fit", "engagement"),
    [
        ({}, [], "D4", 0, 0),
        ({"company": {"sector": "Medical"}, "has_phone": True}, [], "A4", 55, 0),
        ({"company": {"sector": "Medical"}, "email": "pia@gmail.com"}, [], "B4", 30, 0),
        ({"has_phone": True}, [form(0)], "C2", 15, 40),
        ({"has_phone": True}, [form(20)], "C3", 15, 20),
        ({"has_phone": True}, [form(40)], "C4", 15, 10),
        ({}, [page(0), page(1)], "D3", 0, 10 + 10 * 2 ** (-1 / 20)),
        ({}, [page(0, "/blog")], "D4", 0, 0),
        (
            {},
            [page(0), page(0.01), page(0.02), page(0.03)],
            "D3",
            0,
            10 * 2 ** (-0.02 / 20) + 10 * 2 ** (-0.03 / 20),
        ),
        ({}, [form(0), form(0), Touch("Unsubscribed", AT - 10 * DAY)], "D2", 0, 55),
        ({}, [Touch("FormSubmitted", AT + DAY)], "D4", 0, 0),
    ],
)
def test_a_score_is_what_the_model_says(
    attributes: dict[str, object], touches: list[Touch], grade: str, fit: int, engagement: float
) -> None:
    # The expected engagement is points x 2^(-age / half-life), worked out by hand.
    scored = score(SPEC, attributes, touches, AT)
    assert (scored.grade, scored.fit) == (grade, fit)
    assert scored.engagement == pytest.approx(engagement)


def test_every_point_has_a_reason() -> None:
    touches = [page(0), page(1), form(2), Touch("Unsubscribed", AT - DAY)]
    scored = score(SPEC, {"has_phone": True, "email": "pia@gmail.com"}, touches, AT)
    assert sum(reason.points for reason in scored.reasons if reason.code == "fit") == scored.fit
    by_act = [reason.points for reason in scored.reasons if reason.code == "engagement"]
    assert sum(by_act) == pytest.approx(scored.engagement)
    assert [reason.values.get("times") for reason in scored.reasons] == [None, None, 2, 1, 1]


def test_one_half_life_changes_the_grade_when_the_closed_form_says() -> None:
    # 40 points halve in 20 days; 15 are left after 20 x log2(40 / 15) = 28.30 days.
    scored = score(SPEC, {}, [form(0)], AT)
    assert scored.next_change_at is not None
    assert scored.grade == "D2"
    assert scored.next_change_at - AT < timedelta(seconds=1)
    later = score(SPEC, {}, [form(0)], AT + DAY).next_change_at
    assert later is not None
    assert (later - AT) / DAY == pytest.approx(28.3007, abs=0.001)


def test_a_penalty_that_fades_faster_lifts_the_grade_again() -> None:
    # 80x - 100x², where x halves in 20 days: -20 today, at most 16 once x is 0.4.
    touches = [form(0), form(0), Touch("Unsubscribed", AT), Touch("Unsubscribed", AT)]
    scored = score(SPEC, {}, touches, AT)
    assert scored.grade == "D4"
    assert scored.next_change_at is not None
    assert score(SPEC, {}, touches, scored.next_change_at).grade == "D3"


history = st.lists(
    st.builds(
        Touch,
        st.sampled_from(["PageSeen", "FormSubmitted", "Unsubscribed", "CallMade"]),
        st.integers(-100 * 86400, 86400).map(lambda seconds: AT + timedelta(seconds=seconds)),
        st.sampled_from([{"page": "/pricing"}, {"page": "/blog"}, {}]),
    ),
    max_size=12,
)


@settings(max_examples=30)
@given(history, st.floats(0, 1))
def test_the_grade_is_constant_until_its_next_change(touches: list[Touch], share: float) -> None:
    known = [touch for touch in touches if touch.at <= AT]
    scored = score(SPEC, {}, known, AT)
    until = (scored.next_change_at or AT + 300 * DAY) - AT
    for passed in (share * until, until - MICROSECOND):
        if passed >= timedelta():
            assert score(SPEC, {}, known, AT + passed).grade == scored.grade
    if scored.next_change_at:
        assert score(SPEC, {}, known, scored.next_change_at).grade != scored.grade


@settings(max_examples=30)
@given(history)
def test_the_order_of_a_history_does_not_matter(touches: list[Touch]) -> None:
    there, back = score(SPEC, {}, touches, AT), score(SPEC, {}, touches[::-1], AT)
    assert there.grade == back.grade
    assert there.engagement == pytest.approx(back.engagement)


@settings(max_examples=30)
@given(history)
def test_the_parts_by_half_life_add_up_to_the_engagement(touches: list[Touch]) -> None:
    scored = score(SPEC, {}, touches, AT)
    assert sum(points for points, _ in scored.decay) == pytest.approx(scored.engagement)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"letters": Letters(a=10, b=30, c=50)}, "letters", "letters_fall"),
        ({"digits": Digits(first=10, second=30, third=50)}, "digits", "digits_fall"),
        (
            {"fit": (FitRule(label="x", when=Did(did="PageSeen"), points=1),)},
            "fit.0.when",
            "fit_of_attributes",
        ),
        (
            {"engagement": (EngagementRule(label="x", did="Danced", points=1),)},
            "engagement.0.did",
            "no_such_fact",
        ),
    ],
)
def test_a_model_that_cannot_work_says_why(changes: dict[str, object], path: str, code: str) -> None:
    found = problems(SPEC.model_copy(update=changes), {"PageSeen", "FormSubmitted", "Unsubscribed"})
    assert [(problem.path, problem.code) for problem in found] == [(path, code)]


def test_a_model_that_works_has_no_problems() -> None:
    assert problems(SPEC, {"PageSeen", "FormSubmitted", "Unsubscribed"}) == ()


def test_the_zone_of_the_asking_changes_nothing() -> None:
    # Warsaw's clocks go back an hour on 25 October 2026, between the asking and the next change.
    at = datetime(2026, 10, 20, 12, tzinfo=UTC)
    touch, asked = Touch("FormSubmitted", at, {}), at + DAY
    found = [
        score(SPEC, {}, [touch], asked.astimezone(zone)).next_change_at
        for zone in (UTC, ZoneInfo("Europe/Warsaw"))
    ]
    assert found[0] is not None
    assert found[0] > datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert found[0] == found[1]
