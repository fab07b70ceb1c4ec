"""What the words of a text are, and which of them are slips of each other. All texts are folded already."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import islice

import msgspec
from rapidfuzz.distance import OSA

from treaty.kit.rules.folding import fold

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
MOST_WRITTEN = 2_000
"""Words read of what is written in a record."""
SHORTEST_KNOWN, LONGEST_KNOWN = 4, 40
"""Lengths of words that may be mistyped."""

EDGE, NEXT_PLACE, PLACES = "\n", "\t", 3
"""What stands around each word of a line, and between its places; no word has either in it."""


class Kind(IntEnum):
    """What is found."""

    PERSON = 1
    COMPANY = 2
    DEAL = 3
    NOTE = 4
    DOCUMENT = 5


NEWEST_FIRST = frozenset({Kind.NOTE})
"""Kinds of which those that came last are found first; their ids are kept below nought, so that the key has that order."""


class Entry(msgspec.Struct, frozen=True):
    """A record as it is found: its folded name, what else people type to find it, each as one word, and what is written
    in it, folded."""

    record: int
    name: str = ""
    beside: tuple[str, ...] = ()
    text: str = ""


class Found(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an entry comes to, worked out before its record has a number: its words with their places, and its line."""

    words: dict[str, int]
    line: str


def found_by(entry: Entry) -> Found:
    """What the index keeps of an entry."""
    words = postings(entry)
    return Found(words, line(words))


def postings(entry: Entry) -> dict[str, int]:
    """The words of an entry, each with its best place."""
    found: dict[str, int] = {}
    name = entry.name
    for number, word in enumerate(words(name)):
        if word.isascii():
            found.setdefault(word[:LONGEST], 1 if number else 0)
            continue
        for place, form in enumerate(forms(word)):
            found.setdefault(form[:LONGEST], min(number + place, 1))
    for address in ADDRESS.findall(name) if "." in name or "@" in name else ():
        found.setdefault(address[:LONGEST], 1)
    for word in entry.beside:
        found.setdefault("".join(word.split())[:LONGEST], 2)
    for form in islice(written(entry.text), MOST_WRITTEN) if entry.text else ():
        found.setdefault(form[:LONGEST], 1)
    return found


def written(text: str) -> Iterator[str]:
    """The words of a text and their forms, and the addresses in it."""
    for word in words(text):
        yield from forms(word)
    yield from ADDRESS.findall(text)


def excerpt(text: str, sought: Sequence[str], around: int = 60) -> str:
    """The place of a text where a word stands that begins as one of the sought, with some of what is around it."""
    for found in re.finditer(r"\S+", text):
        read = written(fold(found.group()))
        if any(form.startswith(word) for form in read for word in sought):
            begin = max(found.start() - around, 0)
            break
    else:
        begin = 0
    end = begin + 3 * around
    shown = " ".join(text[begin:end].split())
    # What was cut apart is left out, unless it is all there is: not all scripts have spaces.
    if begin and " " in shown[:around]:
        shown = shown.partition(" ")[2]
    if end < len(text) and " " in shown[-around:]:
        shown = shown.rpartition(" ")[0]
    return f"{'… ' if begin else ''}{shown}{' …' if end < len(text) else ''}"


def kept(kind: Kind, record: int) -> int:
    """The number under which a record is kept; and the record that is kept under a number."""
    return -record if kind in NEWEST_FIRST else record


def line(found: Mapping[str, int]) -> str:
    """The words of a record in one text, place by place."""
    places = [EDGE] * PLACES
    for word, place in found.items():
        places[place] += word + EDGE
    return NEXT_PLACE.join(places)


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


def forms(word: str) -> Sequence[str]:
    """A word, and the rests of an unspaced run from each further letter on."""
    if word.isascii() or not UNSPACED.search(word):
        return (word,)
    return (word, *(word[start : start + SUFFIX] for start in range(1, len(word))))


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
