"""Readings of segments: which there are, who is in them, and what predicates see of persons."""

from treaty.segments.queries.asking import Count, counted, everybody_waking, found, persons_touching
from treaty.segments.queries.segments import (
    Followed,
    followed,
    is_filling,
    listed,
    member_ids,
    members_of,
    segment,
    segments_of,
)
from treaty.segments.queries.states import register, states

__all__ = [
    "Count",
    "Followed",
    "counted",
    "everybody_waking",
    "followed",
    "found",
    "is_filling",
    "listed",
    "member_ids",
    "members_of",
    "persons_touching",
    "register",
    "segment",
    "segments_of",
    "states",
]
