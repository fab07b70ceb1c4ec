"""The predicate language by tables: what it reads, what it refuses and why, whom it matches."""

from datetime import UTC, datetime, timedelta

import pytest

from treaty.segments.rules import (
    NotAPredicate,
    PersonState,
    Touch,
    attributes_used,
    kinds_used,
    matches,
    parse,
)
from treaty.segments.rules.predicate import MOST_NODES

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
PIA = PersonState(
    attributes={
        "name": "Pia Nowak",
        "country": "PL",
        "tags": ["Fair 2026", "newsletter"],
        "unsubscribed": False,
        "has_phone": True,
        "title": "",
        "company": {"sector": "Medical", "employees": 120},
        "fields": {"renewal": "2026-11-26", "signed": "2026-11-01", "motto": "soon", "uses": ["2026-11-19"]},
    },
    touches=(
        Touch("PageSeen", AT - timedelta(days=1), {"page": "/Pricing"}),
        Touch("PageSeen", AT - timedelta(days=6), {"page": "/pricing/eu"}),
        Touch("PageSeen", AT - timedelta(days=40), {"page": "/blog"}),
        Touch("FormSubmitted", AT - timedelta(days=2), {"form": "demo", "answers": {"timing": "now"}}),
    ),
    engagement=41.5,
    fit="B",
    grade="B2",
)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"attribute": "country", "is": "pl"}, True),
        ({"attribute": "country", "in": ["DE", "PL"]}, True),
        ({"attribute": "country", "in": ["DE", "FR"]}, False),
        ({"attribute": "name", "contains": "nowak"}, True),
        ({"attribute": "company.sector", "is": "medical"}, True),
        ({"attribute": "company.employees", "at_least": 120}, True),
        ({"attribute": "company.employees", "at_least": 121}, False),
        ({"attribute": "company.employees", "at_most": 120}, True),
        ({"attribute": "company.revenue", "at_least": 1}, False),
        ({"attribute": "name.first", "known": True}, False),
        ({"attribute": "title", "known": False}, True),
        ({"attribute": "country", "known": True}, True),
        ({"attribute": "tags", "is": "newsletter"}, True),
        ({"attribute": "tags", "contains": "fair"}, True),
        ({"attribute": "tags", "is": "fair"}, False),
        ({"attribute": "unsubscribed", "is": False}, True),
        ({"attribute": "has_phone", "is": True}, True),
        ({"attribute": "has_phone", "is": 1}, False),
        ({"did": "PageSeen"}, True),
        ({"did": "CallMade"}, False),
        ({"did": "PageSeen", "times": 3}, True),
        ({"did": "PageSeen", "times": 4}, False),
        ({"did": "PageSeen", "times": 2, "within_days": 7}, True),
        ({"did": "PageSeen", "times": 2, "within_days": 6}, False),
        ({"did": "PageSeen", "where": {"page": {"contains": "pricing"}}, "times": 2}, True),
        ({"did": "PageSeen", "where": {"page": {"contains": "pricing"}}, "times": 3}, False),
        ({"did": "FormSubmitted", "where": {"answers.timing": {"is": "now"}}}, True),
        ({"did": "FormSubmitted", "where": {"answers.size": {"known": False}}}, True),
        ({"first": "PageSeen", "longer_than_days": 30}, True),
        ({"first": "PageSeen", "within_days": 41}, True),
        ({"first": "PageSeen", "within_days": 40}, False),
        ({"first": "PageSeen", "where": {"page": {"contains": "pricing"}}, "within_days": 7}, True),
        ({"first": "CallMade", "within_days": 7}, False),
        ({"last": "PageSeen", "within_days": 2}, True),
        ({"last": "PageSeen", "longer_than_days": 1}, True),
        ({"last": "PageSeen", "longer_than_days": 2}, False),
        ({"last": "CallMade", "longer_than_days": 1}, False),
        ({"sequence": [{"did": "PageSeen"}, {"did": "FormSubmitted"}]}, True),
        ({"sequence": [{"did": "FormSubmitted"}, {"did": "PageSeen"}]}, True),
        ({"sequence": [{"did": "FormSubmitted"}, {"did": "PageSeen"}], "within_days": 2}, False),
        ({"sequence": [{"did": "PageSeen"}] * 3, "within_days": 41}, True),
        ({"sequence": [{"did": "PageSeen"}] * 4}, False),
        ({"since": {"did": "FormSubmitted"}, "then": {"did": "PageSeen"}}, True),
        ({"since": {"did": "FormSubmitted"}, "then": {"did": "PageSeen"}, "times": 2}, False),
        ({"since": {"did": "PageSeen"}, "then": {"did": "FormSubmitted"}}, False),
        ({"since": {"did": "CallMade"}, "then": {"did": "PageSeen"}}, False),
        ({"date": "fields.renewal", "from_days": 7, "to_days": 7}, True),
        ({"date": "fields.renewal", "to_days": 6}, False),
        ({"date": "fields.signed", "from_days": -18}, True),
        ({"date": "fields.signed", "from_days": -17}, False),
        ({"date": "fields.renewal", "of": "fields.signed", "from_days": 25, "to_days": 25}, True),
        ({"date": "fields.renewal", "of": "fields.signed", "to_days": 24}, False),
        ({"date": "fields.motto", "to_days": 10_000}, False),
        ({"date": "fields.uses", "to_days": 10_000}, False),
        ({"engagement_at_least": 41.5}, True),
        ({"engagement_at_least": 42}, False),
        ({"fit_at_least": "B"}, True),
        ({"fit_at_least": "A"}, False),
        ({"fit_in": ["A", "B"]}, True),
        ({"fit_in": ["C"]}, False),
        ({"grade_in": ["A1", "B2"]}, True),
        ({"grade_in": ["A1"]}, False),
        ({"not": {"attribute": "country", "is": "DE"}}, True),
        ({"all": [{"fit_in": ["B"]}, {"did": "PageSeen"}]}, True),
        ({"all": [{"fit_in": ["B"]}, {"did": "CallMade"}]}, False),
        ({"any": [{"fit_in": ["A"]}, {"did": "PageSeen"}]}, True),
        ({"any": [{"fit_in": ["A"]}, {"did": "CallMade"}]}, False),
    ],
)
def test_each_kind_of_node_matches_whom_it_says(node: dict[str, object], expected: bool) -> None:
    assert matches(parse({"version": 1, "match": node}), PIA, AT) is expected


def test_a_person_without_a_score_has_no_fit() -> None:
    assert not matches(parse({"match": {"fit_at_least": "D"}}), PersonState(), AT)


def test_a_window_holds_its_first_instant_and_not_its_last() -> None:
    seen = PersonState(touches=(Touch("PageSeen", AT),))
    week = parse({"match": {"did": "PageSeen", "within_days": 7}})
    assert matches(week, seen, AT)
    assert matches(week, seen, AT + timedelta(days=7) - timedelta(microseconds=1))
    assert not matches(week, seen, AT + timedelta(days=7))


def test_a_touch_of_the_future_does_not_count_yet() -> None:
    assert not matches(parse({"match": {"did": "PageSeen"}}), PIA, AT - timedelta(days=50))


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        ({"version": 2, "match": {"fit_in": ["A"]}}, "version", "one_of"),
        ({"version": 1}, "match", "missing"),
        ({"match": {}}, "match", "one_kind"),
        ({"match": {"fit_in": ["A"], "did": "PageSeen"}}, "match", "one_kind"),
        ({"match": {"all": []}}, "match.all", "empty"),
        ({"match": {"all": [{"fit_in": ["A"]}, {"colour": "red"}]}}, "match.all.1", "one_kind"),
        ({"match": {"not": {"attribute": "country"}}}, "match.not", "one_test"),
        ({"match": {"attribute": "country", "is": "PL", "in": ["PL"]}}, "match", "one_test"),
        ({"match": {"attribute": "country", "is": "PL", "was": "DE"}}, "match.was", "unknown"),
        ({"match": {"did": "PageSeen", "times": 0}}, "match.times", "at_least"),
        ({"match": {"did": "PageSeen", "within_days": 0}}, "match.within_days", "above"),
        ({"match": {"did": "PageSeen", "where": {"page": {}}}}, "match.where.page", "one_test"),
        ({"match": {"grade_in": ["E1"]}}, "match.grade_in.0", "grade"),
        ({"match": {"fit_in": ["E"]}}, "match.fit_in.0", "one_of"),
        ({"match": {"engagement_at_least": "many"}}, "match.engagement_at_least", "number"),
        ({"match": {"first": "PageSeen"}}, "match", "one_span"),
        ({"match": {"last": "PageSeen", "within_days": 1, "longer_than_days": 1}}, "match", "one_span"),
        ({"match": {"sequence": [{"did": "PageSeen"}]}}, "match.sequence", "empty"),
        ({"match": {"sequence": [{"did": "PageSeen"}] * 6}}, "match.sequence", "too_many"),
        ({"match": {"since": {"did": "PageSeen"}}}, "match.then", "missing"),
        ({"match": {"date": "fields.renewal"}}, "match", "one_bound"),
        ({"match": {"date": "name", "to_days": 1}}, "match", "own_field"),
        ({"match": {"date": "fields.renewal", "to_days": 1.5}}, "match.to_days", "whole_number"),
        ([], "", "object"),
    ],
)
def test_what_is_not_a_predicate_is_refused_where_it_is_wrong(data: object, path: str, code: str) -> None:
    with pytest.raises(NotAPredicate) as refused:
        parse(data)
    assert (path, code) in [(problem.path, problem.code) for problem in refused.value.problems]


def test_a_tree_deeper_than_twenty_levels_is_refused() -> None:
    node: dict[str, object] = {"fit_in": ["A"]}
    for _ in range(20):
        node = {"not": node}
    with pytest.raises(NotAPredicate) as refused:
        parse({"match": node})
    assert refused.value.problems[0].code == "too_deep"


def test_a_tree_of_more_parts_than_are_read_is_refused() -> None:
    most = {"match": {"any": [{"fit_in": ["A"]}] * (MOST_NODES - 1)}}
    parse(most)
    with pytest.raises(NotAPredicate) as refused:
        parse({"match": {"not": most["match"]}})
    assert refused.value.problems[0].code == "too_large"


def test_a_predicate_is_written_as_it_was_read() -> None:
    data = {
        "version": 1,
        "match": {
            "any": [
                {"not": {"attribute": "country", "is": "PL"}},
                {"did": "PageSeen", "where": {}, "times": 1},
            ]
        },
    }
    assert parse(data).model_dump(mode="json", exclude_none=True) == data


def test_a_predicate_names_the_facts_and_attributes_it_asks_about() -> None:
    tree = parse(
        {"match": {"all": [{"did": "PageSeen"}, {"not": {"attribute": "company.sector", "is": "x"}}]}}
    )
    assert kinds_used(tree) == {"PageSeen"}
    assert attributes_used(tree) == {"company.sector"}


WORDS = ("head", "C.O", "İ", "ß", "ceo")


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        "Head of Production",
        "HEADS",
        "cxo",
        "c.o",
        "STRASSE",
        "İstanbul",
        ["buyer", "CEO"],
        ["buyer"],
        7,
    ],
)
def test_words_looked_for_in_one_attribute_match_as_each_does_alone(title: object) -> None:
    state = PersonState(attributes={"title": title, "role": "ceo"})
    one_by_one = [{"attribute": "title", "contains": word} for word in WORDS]
    alone = any(matches(parse({"version": 1, "match": node}), state, AT) for node in one_by_one)
    assert matches(parse({"version": 1, "match": {"any": one_by_one}}), state, AT) is alone
    elsewhere = {"attribute": "role", "contains": "ceo"}
    assert matches(parse({"version": 1, "match": {"any": [*one_by_one, elsewhere]}}), state, AT)
