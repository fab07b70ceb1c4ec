"""The predicate language: what it can say, whom it matches, when time alone can change the answer."""

from treaty.segments.rules.change import next_change
from treaty.segments.rules.crowd import Crowd, spans
from treaty.segments.rules.matching import attributes_used, kinds_used, matches, segments_used, test
from treaty.segments.rules.nesting import asking_for, is_circle, ordered
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
    Inside,
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
    "Crowd",
    "Date",
    "Did",
    "EngagementAtLeast",
    "First",
    "FitAtLeast",
    "FitIn",
    "GradeIn",
    "Inside",
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
    "asking_for",
    "attributes_used",
    "is_circle",
    "json_schema",
    "kinds_used",
    "matches",
    "next_change",
    "ordered",
    "parse",
    "problems_of",
    "segments_used",
    "spans",
    "test",
]
