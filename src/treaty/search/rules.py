"""What the words of a text are, and which of them are slips of each other. All texts are folded already."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

SEPARATORS = re.compile(
    "[\\s!-/:-@\\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u3004\u3008-\u3020\u30fb]+"
)
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
"""Scripts that put no spaces between words, and Korean, where a name is one word with the family in front."""
ADDRESS = re.compile(r"[^\s@]*@\S*|[^\s.,]+(?:\.[^\s.,]+)+")
"""A mail address, or what looks like a part of one; it is looked for as it stands."""
NUMBER = re.compile(r"\+?[\d\s()/.-]{4,}")

LAST = "\U0010ffff"
"""Behind every text that begins alike: a prefix as a range, which both engines answer from an index."""
SUFFIX = 12
"""Letters kept of the rest of an unspaced run."""
LONGEST, MOST_ASKED = 320, 8
SHORTEST_KNOWN, LONGEST_KNOWN = 4, 40
"""Lengths of words that may be mistyped."""

EDGE, NEXT_PLACE, PLACES = "\n", "\t", 3
"""What stands around each word of a line, and between its places; no word has either in it."""


class Kind(IntEnum):
    """What is found."""

    PERSON = 1
    COMPANY = 2
    DEAL = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it is found: its folded name, and what else people type to find it, each as one word."""

    record: int
    name: str
    beside: tuple[str, ...] = ()


def postings(entry: Entry) -> dict[str, int]:
    """The words of an entry, each with its best place."""
    found: dict[str, int] = {}
    for number, word in enumerate(words(entry.name)):
        for place, form in enumerate(forms(word)):
            found.setdefault(form[:LONGEST], min(number + place, 1))
    for address in ADDRESS.findall(entry.name):
        found.setdefault(address[:LONGEST], 1)
    for word in entry.beside:
        found.setdefault("".join(word.split())[:LONGEST], 2)
    return found


def line(found: Mapping[str, int]) -> str:
    """The words of a record in one text, place by place."""
    places: tuple[list[str], ...] = tuple([""] for _ in range(PLACES))
    for word, place in found.items():
        places[place].append(word)
    return NEXT_PLACE.join(EDGE.join(words) + EDGE for words in places)


def unlined(text: str) -> dict[str, int]:
    """The words of a line, each with its place."""
    parts = enumerate(text.split(NEXT_PLACE))
    return {word: place for place, part in parts for word in part.split(EDGE)[1:-1]}


def beginning(word: str) -> str:
    """What a line holds in which a word begins so."""
    return EDGE + word


def whole(word: str) -> str:
    """What a line holds in which the very word stands."""
    return f"{EDGE}{word}{EDGE}"


def words(text: str) -> list[str]:
    """The words of a text in their order."""
    return [word for word in SEPARATORS.split(text) if word]


def forms(word: str) -> Iterator[str]:
    """A word, and the rests of an unspaced run from each further letter on."""
    yield word
    if UNSPACED.search(word):
        yield from (word[start : start + SUFFIX] for start in range(1, len(word)))


def asked(text: str) -> list[str]:
    """The beginnings of words that a record must have to fit what somebody typed."""
    if NUMBER.fullmatch(text) and sum(map(str.isdecimal, text)) >= SHORTEST_KNOWN:
        return ["".join(filter(str.isdecimal, text))]
    found: list[str] = []
    for part in text.split():
        found += [part.strip(",;")] if ADDRESS.fullmatch(part) else words(part)
    return list(dict.fromkeys(found))[:MOST_ASKED]


def is_known(word: str) -> bool:
    """Whether a word of a name is one that slips are held against."""
    return SHORTEST_KNOWN <= len(word) <= LONGEST_KNOWN and word.isalpha() and not UNSPACED.search(word)


def halves(word: str) -> tuple[str, str]:
    """The letters with which a slip begins or ends as the word does, if the slip is in its other half."""
    size = min(3, len(word) // 2)
    return word[:size], word[-size:]


def swapped(word: str) -> list[str]:
    """The word with two neighbours changed about, everywhere: the slip that both halves can feel."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def slips(word: str, known: Iterable[str]) -> list[str]:
    """Those known words that are one slip away, two from eight letters on; the nearest first, then by the alphabet.

    A slip is a letter too many, missing, wrong, or two changed about (Damerau 1964); a word typed only to its middle
    is held against the beginnings of known ones.
    """
    allowed = 2 if len(word) >= 8 else 1
    near = []
    for other in set(known) - {word}:
        begins = other[: len(word)]
        distance = min(
            OSA.distance(word, form, score_cutoff=allowed)
            for form in (other, begins, other[: len(word) + 1], other[: len(word) - 1])
        )
        if distance <= allowed:
            near.append((distance, abs(len(other) - len(word)), other))
    return [other for _distance, _length, other in sorted(near)]
