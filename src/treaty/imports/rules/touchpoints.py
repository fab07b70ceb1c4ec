"""A row of a file as a touchpoint: a fact about a person, with its time."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import msgspec

from treaty.capture.facts import FROM_OUTSIDE
from treaty.conversations.facts import CallMade, MeetingHeld, MessageWritten, NoteWritten
from treaty.conversations.rules import CallOutcome, MeetingOutcome, Way
from treaty.imports.rules.columns import Columns
from treaty.imports.rules.dates import moment
from treaty.imports.rules.persons import SEVERAL
from treaty.imports.rules.phones import phone
from treaty.imports.rules.problems import BadField, BadRow
from treaty.imports.rules.rows import Around, Reading, texts, whole
from treaty.imports.rules.things import WHO
from treaty.ledger.facts import Fact
from treaty.people.rules import BadIdentity, PersonDraft, normalised_email

SPOKEN = (CallMade, MessageWritten, MeetingHeld, NoteWritten)
KINDS: Mapping[str, type[Fact]] = {kind.__name__.casefold(): kind for kind in (*FROM_OUTSIDE, *SPOKEN)}
"""What can come in: what buyers did and what was said. What the house concludes from facts it records itself."""
WORDS = {
    "form": "FormSubmitted",
    "formsubmission": "FormSubmitted",
    "page": "PageSeen",
    "pageview": "PageSeen",
    "visit": "PageSeen",
    "download": "FileDownloaded",
    "open": "MailOpened",
    "emailopened": "MailOpened",
    "reply": "MailAnswered",
    "emailreplied": "MailAnswered",
    "event": "EventAttended",
    "webinar": "EventAttended",
    "adclick": "AdClicked",
    "call": "CallMade",
    "email": "MessageWritten",
    "message": "MessageWritten",
    "meeting": "MeetingHeld",
    "note": "NoteWritten",
}
"""How other systems call them."""
ALLOWED: Mapping[type[Fact], Mapping[str, frozenset[str]]] = {
    CallMade: {"outcome": frozenset(CallOutcome)},
    MeetingHeld: {"outcome": frozenset(MeetingOutcome)},
    MessageWritten: {"way": frozenset(Way)},
}
"""What some values of some kinds can be."""
NUMBERS = ("minutes", "seconds")
MOST = 1_000_000
VALUES = ("form", "page", "file", "mail", "event", "ad", "outcome", "way", *NUMBERS, "channel", "campaign")
"""Fields that say something of the fact; which of them a kind has it says itself."""
LENGTHS = {"name": 200, "text": 10_000, "external_key": 120, "campaign": 60, "channel": 60, "person_key": 250}
MOST_LETTERS = 300
SIGNS = re.compile(r"[\W_]+")
SOONEST, LATEST = timedelta(days=365 * 30), timedelta(minutes=10)
"""How far a time may lie in the past, and (clocks differ) in the future."""


@dataclass(frozen=True, slots=True)
class ToldTouch:
    """A touchpoint as a row tells it: the fact, its time and words, whose it is, and who of ours did it."""

    fact: Fact
    at: datetime
    person: PersonDraft
    key: str
    by: int | None = None
    text: str = ""


def touch_of(columns: Columns, cells: Sequence[str], around: Around) -> ToldTouch:
    """The touchpoint a row tells of; raises BadRow with every wrong field.

    Without an external key it is met again by its kind, its time, its person and its words.
    """
    told, reading = texts(columns, cells), _Reading(columns, around)
    for field, text in told.items():
        reading.read(field, text)
    for field in ("kind", "occurred_at"):
        if field not in told:
            reading.bad.append(BadField(field, "blank"))
    if not any(told.get(field) for field in WHO):
        reading.bad.append(BadField("email", "no_identity"))
    fact = reading.fact()
    if reading.bad or fact is None:
        raise BadRow(reading.bad)
    return reading.touch(fact, told)


class _Reading(Reading):
    """One row on its way to a touchpoint."""

    def __init__(self, columns: Columns, around: Around) -> None:
        super().__init__(columns.own, day_first=around.day_first)
        self.around = around
        self.who: dict[str, list[str]] = {field: [] for field in WHO}

    def read(self, field: str, text: str) -> None:
        """Take one field of the row."""
        if len(text) > LENGTHS.get(field, MOST_LETTERS):
            self.bad.append(BadField(field, "too_long"))
        elif field == "kind":
            self.values[field] = self.take(field, text, "bad_kind", _kind)
        elif field == "occurred_at":
            self._time(text)
        elif field in WHO:
            self._person(field, text)
        elif field == "by":
            owners = self.around.owners
            self.values[field] = self.take(
                field, text, "bad_owner", lambda name: owners[name.casefold().strip()]
            )
        elif field in NUMBERS:
            number = self.take(field, text, "bad_number", whole)
            if number is not None and not 0 <= number <= MOST:
                self.bad.append(BadField(field, "bad_number", text[:80]))
            self.values[field] = number
        else:
            self.values[field] = text

    def fact(self) -> Fact | None:
        """The fact of the row's kind with the values the row has for it."""
        kind = self.values.get("kind")
        if kind is None:
            return None
        has = {field.name: field for field in fields(kind)}
        told = {name: self.values[name] for name in VALUES if self.values.get(name) is not None}
        self.bad += [BadField(name, "not_of_kind", kind.__name__) for name in told if name not in has]
        self.bad += [
            BadField(name, "blank")
            for name, field in has.items()
            if name not in told and field.default is MISSING and field.default_factory is MISSING
        ]
        for name, allowed in ALLOWED.get(kind, {}).items():
            told[name] = SIGNS.sub("_", str(told.get(name, "")).casefold().strip())
            if told[name] and told[name] not in allowed:
                self.bad.append(BadField(name, "bad_choice", ", ".join(sorted(allowed))))
        if self.bad:
            return None
        typed: dict[str, Any] = {"typed_in": True} if "typed_in" in has else {}
        fact: Fact = msgspec.convert(told | typed, type=kind)
        return fact

    def touch(self, fact: Fact, told: Mapping[str, str]) -> ToldTouch:
        """The touchpoint, once nothing is wrong."""
        person = PersonDraft(
            name=self.values.get("name", ""),
            emails=tuple(self.who["email"]),
            phones=tuple(self.who["phone"]),
            external=tuple(self.who["person_key"]),
        )
        key = self.values.get("external_key") or _content(told)
        return ToldTouch(
            fact,
            self.values["occurred_at"],
            person,
            f"touch:{self.around.source}:{key}",
            self.values.get("by"),
            self.values.get("text", ""),
        )

    def _time(self, text: str) -> None:
        at = self.take(
            "occurred_at", text, "bad_added_at", lambda told: moment(told, day_first=self.day_first)
        )
        now = self.around.at
        if at is not None and now is not None and not now - SOONEST <= at <= now + LATEST:
            self.bad.append(BadField("occurred_at", "impossible_time", text[:80]))
        self.values["occurred_at"] = at

    def _person(self, field: str, text: str) -> None:
        for part in filter(None, map(str.strip, SEVERAL.split(text))):
            try:
                if field == "person_key":
                    self.who[field].append(f"{self.around.source}:{part}")
                else:
                    told = normalised_email(part) if field == "email" else phone(part, home=self.around.home)
                    self.who[field].append(told)
            except BadIdentity as wrong:
                self.bad.append(BadField(field, wrong.code, part[:80]))


def _kind(text: str) -> type[Fact]:
    word = SIGNS.sub("", text.casefold())
    return KINDS[WORDS.get(word, word).casefold()]


def _content(told: Mapping[str, str]) -> str:
    words = "\x1f".join(f"{field}={told[field]}" for field in sorted(told))
    return "row:" + hashlib.blake2b(words.encode(), digest_size=16).hexdigest()
