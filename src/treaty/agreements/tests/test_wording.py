"""The clauses in words."""

from typing import Any

import pytest

from treaty.agreements import wording
from treaty.agreements.rules import Goals, Promise, Volume, clauses, starter
from treaty.agreements.wording import Names

NAMES = Names(users={7: "Ann", 8: "Bo"}, teams={1: "Sales"})
STARTER = starter(str, team=1, members=[7, 8])


def said(number: str, **changes: Any) -> str:
    document = STARTER.model_copy(update=changes)
    return next(wording.text(clause, NAMES) for clause in clauses(document) if clause.number == number)


@pytest.mark.parametrize(
    ("number", "changes", "sentence"),
    [
        ("1.1", {}, "Both sides aim at revenue of €500,000 and 30 new customers in every quarter."),
        ("1.1", {"goals": Goals(new_customers=1)}, "Both sides aim at 1 new customer in every quarter."),
        (
            "3.1",
            {},
            "Marketing delivers 60 leads a month along the daily line, at least 15 of them of grade A.",
        ),
        ("3.1", {"volume": Volume(leads=1)}, "Marketing delivers 1 lead a month along the daily line."),
        (
            "4.1",
            {},
            (
                "Sales accepts or returns every lead within 4 business hours, and returns only with one of "
                "9 agreed reasons."
            ),
        ),
        (
            "4.1",
            {"accept": (Promise(grades=("A", "B"), hours=0.5), Promise(grades=("C", "D"), hours=1))},
            "Sales accepts or returns a lead of grade A or B within 30 business minutes.",
        ),
        (
            "4.3",
            {},
            "Sales makes the first touch within 8 business hours of accepting a lead of grade B, C or D.",
        ),
        (
            "5.1",
            {},
            "Leads go to 2 members of the team Sales, in fair shares by what each can take in a month.",
        ),
    ],
)
def test_a_clause_is_a_plain_whole_sentence(number: str, changes: dict[str, Any], sentence: str) -> None:
    assert said(number, **changes) == sentence


@pytest.mark.parametrize(
    ("code", "days", "becomes"),
    [
        ("recycle", 90, "goes to nurture for 90 days"),
        ("not_a_fit", 1, "is no fit; left in peace for 1 day"),
        ("not_a_fit", 365, "is no fit; left in peace for 365 days"),
        ("not_a_fit", 0, "is no fit; offered again only on purpose"),
        ("spam", 0, "is blocked as spam; offered again only on purpose"),
    ],
)
def test_a_return_reason_says_until_when_the_person_is_left_in_peace(
    code: str, days: int, becomes: str
) -> None:
    assert wording.effect(code, days) == becomes


def test_values_and_who_is_obliged_are_marked() -> None:
    clause = next(clause for clause in clauses(STARTER) if clause.number == "4.2")
    assert wording.html(clause, NAMES) == (
        '<span class="who">Sales</span> makes the first touch within <span class="v">2 business hours</span> of '
        'accepting a lead of grade <span class="v">A</span>.'
    )


def test_what_people_wrote_is_never_markup() -> None:
    clause = next(clause for clause in clauses(STARTER) if clause.number == "5.1")
    assert "<script>" not in wording.html(clause, Names(teams={1: "<script>"}))


def test_every_clause_has_its_words() -> None:
    for clause in clauses(STARTER):
        assert "%(" not in wording.text(clause, NAMES)
        assert wording.heading(clause.section)
        for what, becomes in wording.lines(clause, NAMES):
            assert what
            assert becomes
