"""Scores follow the facts, fade by themselves, and can be folded again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from treaty.capture.facts import FormSubmitted, PageSeen
from treaty.kit import jobs
from treaty.ledger import listeners
from treaty.ledger.commands import Entry, record, record_many
from treaty.ledger.facts import about_identity
from treaty.ledger.tests.wires import put_back
from treaty.people import projections as people
from treaty.people.commands import stage_listener, unsubscribe
from treaty.people.facts import PersonAdded, StageEntered, Unsubscribed
from treaty.people.rules import Stage
from treaty.scoring import commands, projections, queries
from treaty.scoring.rules import FitRule, Letters
from treaty.scoring.tests.factories import SPEC, model, pia
from treaty.segments.rules import Attribute, GradeIn, matches, next_change

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """The ledger tells people and scoring, and nobody else."""
    scored = projections.refold_listener
    touches = dict.fromkeys((FormSubmitted, PageSeen, PersonAdded), (scored,))
    standing = dict.fromkeys((StageEntered, Unsubscribed), (people.refold_listener, scored))
    with put_back():
        listeners.connect({**touches, **standing})
        yield


def test_nobody_is_scored_before_the_first_model(now: datetime) -> None:
    person, anchor = pia()
    record(FormSubmitted("demo"), about=about_identity(anchor), at=now)
    assert queries.scores([person]) == {}


def test_a_new_person_is_scored_at_once() -> None:
    model()
    person, _ = pia()
    assert queries.scores([person])[person].grade == "B4"


def test_a_form_lifts_the_grade_with_its_reason(now: datetime) -> None:
    model()
    person, anchor = pia()
    record(FormSubmitted("demo"), about=about_identity(anchor), at=now)
    score = queries.scores([person])[person]
    assert (score.grade, score.fit, score.engagement) == ("B2", 30, 50)
    assert [(reason.points, reason.values["label"]) for reason in score.reasons] == [
        (30, "phone number"),
        (50, "form sent"),
    ]


def test_a_score_knows_what_an_earlier_listener_of_the_same_fact_changed(now: datetime) -> None:
    is_lead = FitRule(label="lead", when=Attribute(attribute="stage", is_="lead"), points=25)
    model(SPEC.model_copy(update={"fit": (*SPEC.fit, is_lead)}))
    heard = (stage_listener(Stage.LEAD), projections.refold_listener)
    listeners.connect({PageSeen: heard, StageEntered: (people.refold_listener,)})
    person, anchor = pia()
    record(PageSeen("/pricing"), about=about_identity(anchor), at=now)
    assert queries.scores([person])[person].fit == 30 + 25


def test_a_late_fact_counts_as_old_as_it_is(now: datetime) -> None:
    model()
    person, anchor = pia()
    record(FormSubmitted("demo"), about=about_identity(anchor), at=now - 20 * DAY)
    assert queries.scores([person])[person].engagement == pytest.approx(25)


def test_touches_of_all_identities_of_a_person_count(now: datetime) -> None:
    model()
    person, _ = pia()
    from treaty.people.queries import identities_of

    for identity in identities_of([person])[person]:
        record(PageSeen("/pricing"), about=about_identity(identity), at=now)
    assert queries.scores([person])[person].engagement == 10 * len(identities_of([person])[person])


def test_a_fact_that_brings_no_points_asks_nothing_about_anybody(
    now: datetime, django_assert_num_queries: object
) -> None:
    model()
    _, anchor = pia()
    line = record(StageEntered("lead"), about=about_identity(anchor), at=now)
    assert line is not None
    with django_assert_num_queries(2):  # type: ignore[operator]  # whose identity it is, and which model counts
        projections.refold_listener([line])


def test_an_attribute_that_brings_points_is_heard(now: datetime) -> None:
    model()
    person, _ = pia()
    unsubscribe([person], at=now, by=None)
    assert queries.scores([person])[person].grade == "C4"


def test_the_sweep_finds_those_whose_grade_faded(now: datetime) -> None:
    model()
    person, anchor = pia()
    record(FormSubmitted("demo"), about=about_identity(anchor), at=now)
    assert commands.sweep(now + 6 * DAY) == 0
    # 50 points reach 40 after 20 x log2(50 / 40) = 6.44 days.
    assert commands.sweep(now + 6.5 * DAY) == 1
    assert queries.scores([person])[person].grade == "B3"
    assert commands.sweep(now + 6.5 * DAY) == 0


def test_what_a_predicate_sees_fades_before_any_sweep(now: datetime) -> None:
    model()
    person, anchor = pia()
    record(FormSubmitted("demo"), about=about_identity(anchor), at=now)
    node = GradeIn(grade_in=("B2",))
    state = queries.states([person], now, [])[person]
    change = next_change(node, state, now)
    assert change is not None
    assert matches(node, state, now)
    assert not matches(node, queries.states([person], change, [])[person], change)


def test_a_predicate_sees_attributes_touches_and_score(now: datetime) -> None:
    model()
    person, anchor = pia()
    record(PageSeen("/pricing"), about=about_identity(anchor), at=now - DAY)
    state = queries.states([person], now, ["PageSeen"])[person]
    assert state.attributes["name"] == "Pia Nowak"
    assert [touch.values["page"] for touch in state.touches] == ["/pricing"]
    assert state.engagement == pytest.approx(10 * 2 ** (-1 / 20))
    assert (state.fit, state.grade) == ("B", "B4")


def test_a_batch_is_scored_with_as_many_questions_as_one_fact(
    now: datetime, django_assert_max_num_queries: object
) -> None:
    model()
    _, anchor = pia()
    entries = [Entry(PageSeen("/pricing"), about_identity(anchor), now - n * DAY) for n in range(200)]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        record_many(entries, recorded_at=now)


def test_the_fold_again_equals_what_is_kept(now: datetime) -> None:
    model()
    _, anchor = pia()
    record_many(
        [Entry(PageSeen("/pricing"), about_identity(anchor), now - n * DAY) for n in range(5)],
        recorded_at=now,
    )
    assert projections.rebuild(check=True, at=now) == 0


def test_a_wrong_score_is_found_and_mended(now: datetime) -> None:
    model()
    person, anchor = pia()
    record_many([Entry(FormSubmitted("demo"), about_identity(anchor), now)], recorded_at=now, quiet=True)
    assert projections.rebuild(check=True, at=now) == 1
    assert queries.scores([person])[person].grade == "B4"
    assert projections.rebuild(check=False, at=now) == 1
    assert queries.scores([person])[person].grade == "B2"
    assert projections.rebuild(check=True, at=now) == 0


def test_a_new_model_scores_everybody_again(now: datetime) -> None:
    model()
    person, _ = pia()
    commands.adopt_model(SPEC.model_copy(update={"letters": Letters(a=30, b=20, c=10)}), version=2, at=now)
    assert jobs.run_next()
    assert queries.scores([person])[person].grade == "A4"


def test_adopting_the_model_that_counts_changes_nothing(now: datetime) -> None:
    model()
    first = queries.model()
    model()
    assert queries.model() == first
