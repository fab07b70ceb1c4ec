"""How a score comes about: fit from attributes, engagement from touchpoints that fade, a grade from both."""

from treaty.scoring.rules.scoring import Reason, Scored, Scorer, grade_of, letter, next_grade_change, score
from treaty.scoring.rules.spec import (
    Digits,
    EngagementRule,
    FitRule,
    Letters,
    Spec,
    attributes_of,
    kinds_of,
    problems,
)

__all__ = [
    "Digits",
    "EngagementRule",
    "FitRule",
    "Letters",
    "Reason",
    "Scored",
    "Scorer",
    "Spec",
    "attributes_of",
    "grade_of",
    "kinds_of",
    "letter",
    "next_grade_change",
    "problems",
    "score",
]
