"""Saves the segments of the sample company: whom marketing and sales both speak of."""

from datetime import datetime
from typing import Any

from treaty.sample.commands.company import Company
from treaty.segments.commands import add_segment
from treaty.segments.rules import parse

PRICING = {"page": {"is": "Pricing"}}
SEGMENTS: dict[str, dict[str, Any]] = {
    "Looks at prices again": {
        "all": [
            {"did": "PageSeen", "where": PRICING, "times": 2, "within_days": 30},
            {"not": {"attribute": "unsubscribed", "is": True}},
        ]
    },
    "Asked, and went quiet": {
        "all": [
            {"did": "FormSubmitted", "times": 1},
            {"not": {"did": "PageSeen", "within_days": 30}},
            {"not": {"deal": [{"attribute": "state", "is": "open"}]}},
        ]
    },
    "Larger plants in Japan and Poland": {
        "all": [
            {"attribute": "company.country", "in": ["JP", "PL"]},
            {"attribute": "company.employees", "at_least": 140},
        ]
    },
}


def save_segments(company: Company, *, at: datetime) -> None:
    """The worker finds who is in, as in any company."""
    for name, match in SEGMENTS.items():
        add_segment(name, tree=parse({"match": match}), at=at, by=company.users["layla"])
