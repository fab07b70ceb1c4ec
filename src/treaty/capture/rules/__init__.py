"""What a form may ask, what answers and reported touches become, and through which channel a touch came."""

from treaty.capture.rules.answers import (
    FREE_FIELDS,
    HONEYPOT,
    LATEST,
    PERSON_FIELDS,
    SOONEST,
    BadTouch,
    FieldProblem,
    checked_time,
    draft_of,
)
from treaty.capture.rules.channels import CHANNELS, Origin, default_channel
from treaty.capture.rules.own import Grouping, Mark, OwnRule, TagTest, grouping, grouping_of

__all__ = [
    "CHANNELS",
    "FREE_FIELDS",
    "HONEYPOT",
    "LATEST",
    "PERSON_FIELDS",
    "SOONEST",
    "BadTouch",
    "FieldProblem",
    "Grouping",
    "Mark",
    "Origin",
    "OwnRule",
    "TagTest",
    "checked_time",
    "default_channel",
    "draft_of",
    "grouping",
    "grouping_of",
]
