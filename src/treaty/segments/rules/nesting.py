"""Segments that ask for other segments: in which order they are asked, and who asks for whom."""

from collections.abc import Mapping

from treaty.segments.rules.matching import segments_used
from treaty.segments.rules.predicate import Predicate


def ordered(trees: Mapping[int, Predicate]) -> list[int]:
    """The segments, each behind those that it asks for."""
    found: dict[int, None] = {}
    for segment in trees:
        _place(segment, trees, found, {segment})
    return list(found)


def asking_for(segment: int, trees: Mapping[int, Predicate]) -> list[int]:
    """The segments that ask for one, directly or by way of others, in the order in which they are asked."""
    found = {segment}
    for one in ordered(trees):
        if one != segment and segments_used(trees[one]) & found:
            found.add(one)
    return [one for one in ordered(trees) if one in found and one != segment]


def is_circle(segment: int, tree: Predicate, trees: Mapping[int, Predicate]) -> bool:
    """Whether a segment would ask for itself if it meant this."""
    return bool(segments_used(tree) & {segment, *asking_for(segment, trees)})


def _place(segment: int, trees: Mapping[int, Predicate], found: dict[int, None], above: set[int]) -> None:
    """Put a segment behind those that it asks for; one that it stands below itself is left to the other."""
    for inner in sorted(segments_used(trees[segment]) - above):
        if inner in trees and inner not in found:
            _place(inner, trees, found, above | {inner})
    found[segment] = None
