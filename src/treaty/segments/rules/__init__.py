"""The predicate language: what it can say, whom it matches, when time alone can change the answer."""

from treaty.segments.rules.change import next_change
from treaty.segments.rules.matching import attributes_used, kinds_used, matches, test
from treaty.segments.rules.predicate import (
    All,
    Any,
    Attribute,
    Date,
    Did,
    EngagementAtLeast,
    First,
    FitAtLeast,
    FitIn,
    GradeIn,
    Last,
    Node,
    Not,
    Predicate,
    Sequence,
    Since,
    Step,
    ValueTest,
)
from treaty.segments.rules.reading import NotAPredicate, Problem, json_schema, parse, problems_of
from treaty.segments.rules.state import PersonState, Touch

__all__ = [
    "All",
    "Any",
    "Attribute",
    "Date",
    "Did",
    "EngagementAtLeast",
    "First",
    "FitAtLeast",
    "FitIn",
    "GradeIn",
    "Last",
    "Node",
    "Not",
    "NotAPredicate",
    "PersonState",
    "Predicate",
    "Problem",
    "Sequence",
    "Since",
    "Step",
    "Touch",
    "ValueTest",
    "attributes_used",
    "json_schema",
    "kinds_used",
    "matches",
    "next_change",
    "parse",
    "problems_of",
    "test",
]
