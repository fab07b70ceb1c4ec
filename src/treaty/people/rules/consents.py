"""To what a person agreed, in which words: what a history of consents comes to, and how a file writes a consent."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

LONGEST_PLACE = 300


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """What somebody tells of one purpose: agreed to a version of its text (None: the newest), or not any more."""

    purpose: int
    is_given: bool = True
    version: int | None = None
    at: datetime | None = None
    """When, where that lies in the past."""
    place: str = ""
    """The address of the form or page, without what stands behind a question mark."""


class Purpose(NamedTuple):
    """What persons may agree to: its key, its name, and how many versions its text has."""

    id: int
    key: str
    name: str
    version: int


class Agreed(NamedTuple):
    """A consent as the ledger holds it. `given` tells a consent from its withdrawal."""

    at: datetime
    line: int
    purpose: int
    version: int
    is_given: bool
    how: str
    place: str


def standing(history: Iterable[Agreed]) -> dict[int, Agreed]:
    """How a person stands to each purpose: what was said last. Order and repetition do not matter."""
    return {one.purpose: one for one in sorted(history, key=lambda one: (one.at, one.line))}


def is_news(held: Agreed | None, told: ConsentDraft, at: datetime) -> bool:
    """Whether what is told differs from how a person stands; what is older than that changes nothing."""
    if held is None:
        return told.is_given
    if held.is_given == told.is_given and (not told.is_given or told.version in {None, held.version}):
        return False
    return at > held.at or (told.at is None and at == held.at)


def told_as_cell(one: Agreed) -> str:
    """A consent as an export writes it and an import reads it."""
    return f"{f'v{one.version}' if one.is_given else 'no'} {one.at.isoformat()}"


def place_of(address: str) -> str:
    """An address without what may name a person: user, question and mark go."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return (f"{parts.scheme}://{host}{parts.path}" if host else parts.path)[:LONGEST_PLACE]


VERSION = re.compile(r"v([1-9][0-9]{0,3})")


def consent_words(text: str) -> tuple[str, int | None, str]:
    """The parts of a cell such as `v2 2026-03-01`, `yes` or `no 2026-03-01`: word, version, moment."""
    word, _space, moment = text.strip().partition(" ")
    found = VERSION.fullmatch(word.casefold())
    return ("yes" if found else word, int(found[1]) if found else None, moment.strip())
