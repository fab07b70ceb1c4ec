"""What a segment can ask about persons; whatever else it names would match nobody, or, turned round, everybody."""

import re

from treaty.segments.rules.matching import attributes_used, kinds_used
from treaty.segments.rules.predicate import OF_COMPANY, OWN, Predicate

TEXTS = (
    *("name", "name_local", "email", "phone", "title", "country", "language", "time_zone", "city"),
    *("stage", "channel", "landing_page", "interest"),
)
"""Attributes that a row of a person holds as texts."""
COMPANY = ("name", "sector", "employees", "country", "city", "domain")
"""What is asked of the company somebody works for."""

ATTRIBUTES = frozenset(
    {
        *TEXTS,
        *("owner", "tags", "consents", "company", "fields", "company.fields"),
        *("has_email", "has_phone", "unsubscribed", "do_not_call"),
        *("email_count", "email_labels", "phone_count", "phone_labels"),
        *(f"company.{name}" for name in COMPANY),
    }
)
"""Beside the company's own fields."""


OF_OTHERS = re.compile("Company|Deal|Version|NextStep|Note(Binned|Restored)|Import|PersonForgotten")
"""How kinds of facts begin that are about no person, or about nobody who is still in a segment."""


def kinds_of_others(tree: Predicate) -> list[str]:
    """The kinds of facts a predicate asks for that no person is ever told of, in the order of the alphabet."""
    return sorted(kind for kind in kinds_used(tree) if OF_OTHERS.match(kind))


def unknown_attributes(tree: Predicate) -> list[str]:
    """The attributes a predicate asks about that no person has, in the order of the alphabet."""
    asked = attributes_used(tree) - ATTRIBUTES
    return sorted(name for name in asked if not name.startswith((OWN, OF_COMPANY)))
