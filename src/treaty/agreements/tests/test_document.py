"""The document by tables: its hash, its clauses, what keeps it from being carried out, how two differ."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from treaty.agreements.rules import (
    Document,
    Example,
    Goals,
    Member,
    Pool,
    Promise,
    ReturnReason,
    Volume,
    World,
    canonical_json,
    clauses,
    diff,
    parse,
    readable_hash,
    sha256,
    starter,
    validate,
)
from treaty.capture import facts as capture
from treaty.people import facts as people
from treaty.scoring.rules import Letters
from treaty.segments.rules import Attribute, Deal, Did, Inside, Predicate

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
KINDS = {kind.__name__ for kind in capture.FROM_OUTSIDE} | {people.Unsubscribed.__name__}
WORLD = World(members_of={1: [7, 8], 2: [9]}, kinds=KINDS)
STARTER = starter(str, team=1, members=[7, 8])


def changed(**changes: Any) -> Document:
    return STARTER.model_copy(update=changes)


def test_the_starter_can_be_carried_out() -> None:
    assert validate(STARTER, WORLD, AT) == ()


def test_the_starter_has_nine_reasons_to_return_a_lead() -> None:
    assert len(STARTER.return_reasons) == 9


def test_the_hash_is_that_of_the_canonical_json() -> None:
    # hashlib's own answer for the three bytes of "abc" is public; here the text is checked, then the digest.
    import hashlib

    text = canonical_json(STARTER)
    assert json.loads(text)["volume"] == {"clause": "3.1", "leads": 60, "of_grade_a": 15}
    assert ": " not in text.replace("\\", "")[:200]
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert sha256(STARTER) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_equal_agreements_have_equal_hashes_however_they_were_written() -> None:
    decomposed = changed(title="Zażo\u0301łc\u0301")
    composed = changed(title="Zaz\u0307ółć")
    assert sha256(decomposed) == sha256(composed)
    whole = changed(accept=(Promise(grades=("A", "B", "C", "D"), hours=4.0),))
    data = json.loads(canonical_json(whole))
    assert data["accept"][0]["hours"] == 4
    assert sha256(Document.model_validate(data)) == sha256(whole)


def test_a_hash_is_read_in_groups_of_four() -> None:
    assert readable_hash("7c1e94b05d3a") == "7c1e 94b0 5d3a"


def test_a_document_comes_back_from_yaml_as_it_was() -> None:
    text = yaml.safe_dump(STARTER.model_dump(mode="json", exclude_none=True), allow_unicode=True)
    document, problems = parse(yaml.safe_load(text))
    assert problems == ()
    assert document is not None
    assert sha256(document) == sha256(STARTER)


@pytest.mark.parametrize(
    ("grade", "clause", "hours"),
    [("A1", "4.2", 2), ("B3", "4.3", 8), ("C4", "4.3", 8), ("D4", "4.3", 8), ("A", "4.2", 2)],
)
def test_the_first_touch_is_judged_by_the_promise_of_its_grade(grade: str, clause: str, hours: int) -> None:
    terms = STARTER.touch_terms(grade)
    assert (terms.clause, terms.budget) == (clause, timedelta(hours=hours))


def test_promises_to_accept_come_before_those_to_touch() -> None:
    split = changed(accept=(Promise(grades=("A",), hours=2), Promise(grades=("B", "C", "D"), hours=6)))
    assert split.accept_terms("A2").clause == "4.1"
    assert split.accept_terms("C2").clause == "4.2"
    assert split.touch_terms("A2").clause == "4.3"


def test_a_reason_that_was_not_agreed_is_refused() -> None:
    assert STARTER.return_reason("later").hold_days == 90
    with pytest.raises(KeyError, match="no agreed reason"):
        STARTER.return_reason("bored")


def test_the_clauses_are_numbered_in_the_order_they_are_read() -> None:
    assert [(clause.number, clause.side) for clause in clauses(STARTER)] == [
        ("1.1", "both"),
        ("2.1", "both"),
        ("2.2", "both"),
        ("2.3", "both"),
        ("3.1", "marketing"),
        ("4.1", "sales"),
        ("4.2", "sales"),
        ("4.3", "sales"),
        ("5.1", "both"),
        ("5.2", "both"),
        ("5.3", "both"),
    ]


LATER = ReturnReason(code="later", label="Later", effect="recycle", hold_days=1)
PASSES = Example(name="Pia", passes=True)
ALL_ONE = (Promise(grades=("A", "B", "C", "D"), hours=1),)


@pytest.mark.parametrize(
    ("changes", "clause", "code"),
    [
        ({"goals": Goals()}, "1.1", "no_goal"),
        ({"begins_at": AT + timedelta(days=400)}, "", "begins_too_late"),
        ({"begins_at": datetime(2026, 12, 1)}, "", "begins_without_zone"),  # noqa: DTZ001  that is the mistake
        ({"definition": Predicate(match=Did(did="Danced"))}, "2.1", "no_such_fact"),
        (
            {"definition": Predicate(match=Attribute(attribute="stage", is_="mql"))},
            "2.1",
            "definition_by_stage",
        ),
        ({"definition": Predicate(match=Inside(segment=1))}, "2.1", "definition_by_segment"),
        ({"definition": Predicate(match=Deal(deal=()))}, "2.1", "definition_by_deal"),
        ({"examples": ()}, "2.1", "examples_of_both"),
        ({"examples": (*STARTER.examples, STARTER.examples[0])}, "2.1", "example_twice"),
        ({"examples": (*STARTER.examples, PASSES)}, "2.1", "example_must_pass"),
        (
            {
                "examples": (
                    *STARTER.examples,
                    STARTER.examples[0].model_copy(update={"name": "P", "passes": False}),
                )
            },
            "2.1",
            "example_must_not",
        ),
        ({"scoring": STARTER.scoring.model_copy(update={"letters": Letters(a=1, b=2, c=3)})}, "2.2", "model"),
        ({"volume": Volume(leads=10, of_grade_a=11)}, "3.1", "more_a_than_leads"),
        ({"accept": (Promise(grades=("A",), hours=1),)}, "4.1", "accept_missing"),
        ({"accept": (*ALL_ONE, Promise(grades=("A",), hours=2))}, "4.1", "accept_twice"),
        ({"first_touch": (Promise(grades=("A", "B"), hours=1),)}, "4.2", "touch_missing"),
        ({"first_touch": (*ALL_ONE, *ALL_ONE)}, "4.2", "touch_twice"),
        ({"pool": Pool(team=5)}, "5.1", "no_such_team"),
        ({"pool": Pool(team=1)}, "5.1", "empty_pool"),
        ({"pool": Pool(team=1, members=(Member(user=9, capacity=1),))}, "5.1", "not_of_the_team"),
        ({"pool": Pool(team=1, members=(Member(user=7, capacity=1),) * 2)}, "5.1", "member_twice"),
        ({"return_reasons": (LATER, LATER)}, "5.3", "reason_twice"),
        ({"return_reasons": (LATER.model_copy(update={"hold_days": 0}),)}, "5.3", "recycle_without_hold"),
        ({"return_reasons": (LATER.model_copy(update={"effect": "spam"}),)}, "5.3", "days_without_peace"),
        (
            {"return_reasons": (LATER.model_copy(update={"effect": "invalid_identity"}),)},
            "5.3",
            "days_without_peace",
        ),
        (
            {"return_reasons": (LATER.model_copy(update={"effect": "duplicate"}),)},
            "5.3",
            "days_without_peace",
        ),
    ],
)
def test_what_cannot_be_carried_out_says_in_which_clause(
    changes: dict[str, Any], clause: str, code: str
) -> None:
    assert (clause, code) in [
        (problem.clause, problem.code) for problem in validate(changed(**changes), WORLD, AT)
    ]


@pytest.mark.parametrize("days", [0, 30])
def test_what_is_no_fit_may_have_days_and_need_not(days: int) -> None:
    unfit = LATER.model_copy(update={"effect": "not_a_fit", "hold_days": days})
    assert not validate(changed(return_reasons=(unfit,)), WORLD, AT)


def test_a_calendar_without_a_shift_keeps_an_agreement_from_being_carried_out() -> None:
    world = World(members_of=WORLD.members_of, kinds=KINDS, without_shifts=("Ann",))
    assert [(problem.clause, problem.code) for problem in validate(STARTER, world, AT)] == [
        ("4.1", "no_shift")
    ]


@pytest.mark.parametrize(
    ("part", "value", "clause"),
    [
        ("volume", {"leads": 0}, "3.1"),
        ("accept", [{"grades": ["E"], "hours": 1}], "4.1"),
        ("return_reasons", [], "5.3"),
        ("definition", {"match": {}}, "2.1"),
        ("colour", "red", ""),
    ],
)
def test_a_malformed_part_is_named_by_its_clause(part: str, value: object, clause: str) -> None:
    data = STARTER.model_dump(mode="json", exclude_none=True) | {part: value}
    document, problems = parse(data)
    assert document is None
    assert {problem.clause for problem in problems} == {clause}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"volume": Volume(leads=130, of_grade_a=15)}, [("3.1", "leads", "")]),
        ({"volume": Volume(leads=60)}, [("3.1", "of_grade_a", "")]),
        ({"goals": Goals(revenue_minor=50_000_000)}, [("1.1", "new_customers", "")]),
        (
            {"first_touch": (Promise(grades=("A",), hours=1), STARTER.first_touch[1])},
            [("4.2", "hours", "")],
        ),
        ({"first_touch": ALL_ONE}, [("4.2", "grades", ""), ("4.2", "hours", ""), ("4.3", "", "")]),
        (
            {"pool": STARTER.pool.model_copy(update={"members": (Member(user=7, capacity=5),)})},
            [("5.1", "members", ""), ("5.1", "line", "7"), ("5.1", "line", "8")],
        ),
        (
            {"return_reasons": STARTER.return_reasons[1:]},
            [("4.1", "reasons", ""), ("5.3", "reasons", ""), ("5.3", "line", "later")],
        ),
    ],
)
def test_two_documents_differ_clause_by_clause(
    changes: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert [
        (change.number, change.key, change.line) for change in diff(STARTER, changed(**changes))
    ] == expected
