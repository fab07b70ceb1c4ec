"""Readings of segments: which there are, who is in them, and what predicates see of persons."""

from treaty.segments.queries.asking import (
    Count,
    counted,
    everybody,
    everybody_waking,
    found,
    persons_touching,
)
from treaty.segments.queries.segments import (
    Followed,
    askers,
    followed,
    is_filling,
    known_of,
    listed,
    member_ids,
    members_of,
    names,
    segment,
    segments_of,
    trees,
)
from treaty.segments.queries.states import register, states, states_for
from treaty.segments.queries.versions import Version, meaning_of, versions
from treaty.segments.queries.words import path_of, words, words_of

__all__ = [
    "Count",
    "Followed",
    "Version",
    "askers",
    "counted",
    "everybody",
    "everybody_waking",
    "followed",
    "found",
    "is_filling",
    "known_of",
    "listed",
    "meaning_of",
    "member_ids",
    "members_of",
    "names",
    "path_of",
    "persons_touching",
    "register",
    "segment",
    "segments_of",
    "states",
    "states_for",
    "trees",
    "versions",
    "words",
    "words_of",
]
