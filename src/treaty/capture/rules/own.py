"""Channels of a company's own, before the default grouping: rules over tags, and marks of what happens off line.

A mark is a code that a buyer names, a number that a buyer calls, or a QR mark that a buyer scans; each belongs to one channel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from treaty.capture.rules.channels import Origin, default_channel
from treaty.capture.rules.sites import SITES, Kind
from treaty.kit.rules.refusals import Refused

Tag = Literal["source", "medium", "campaign"]
How = Literal["is", "begins", "contains", "ends"]
Sign = Literal["code", "number", "qr"]
TAGS, HOWS, SIGNS = get_args(Tag), get_args(How), get_args(Sign)


@dataclass(frozen=True, slots=True)
class TagTest:
    """What a tag must be like: one of the texts, whatever their case."""

    tag: Tag
    how: How
    texts: tuple[str, ...]

    def holds(self, origin: Origin) -> bool:
        """Whether the origin passes."""
        told = getattr(origin, self.tag).strip().lower()
        return any(_matches(self.how, told, text.strip().lower()) for text in self.texts)


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A channel for origins that pass all of the tests."""

    channel: str
    tests: tuple[TagTest, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A channel for whoever names this code, calls this number or scans this QR mark."""

    channel: str
    sign: Sign
    text: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Own rules in their order, marks by what they say, and the sites of the default grouping."""

    rules: tuple[OwnRule, ...] = ()
    marks: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    sites: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType(SITES))

    def channel(self, origin: Origin) -> str:
        """A mark says it most surely; then the first rule of the company's own that holds; then the default grouping."""
        for sign in SIGNS:
            said = plain(sign, getattr(origin, sign))
            if said and (found := self.marks.get((sign, said))):
                return found
        for rule in self.rules:
            if all(test.holds(origin) for test in rule.tests):
                return rule.channel
        return default_channel(origin, self.sites)


def grouping(
    rules: Sequence[OwnRule] = (), marks: Sequence[Mark] = (), sites: Mapping[str, Kind] | None = None
) -> Grouping:
    """A grouping. `sites` go before ours. Raises Refused: no_channel, no_test, empty_mark, mark_twice."""
    for rule in rules:
        if not rule.channel.strip():
            raise Refused("no_channel", "A rule names its channel.")
        if not rule.tests or not all(any(text.strip() for text in test.texts) for test in rule.tests):
            raise Refused(
                "no_test", f'The rule for "{rule.channel}" tests nothing, so it would take every touch.'
            )
    return Grouping(
        tuple(rules), MappingProxyType(_by_text(marks)), MappingProxyType({**SITES, **(sites or {})})
    )


def _by_text(marks: Sequence[Mark]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for mark in marks:
        if not mark.channel.strip():
            raise Refused("no_channel", "A mark names its channel.")
        if not (text := plain(mark.sign, mark.text)):
            raise Refused("empty_mark", f'A {mark.sign} of "{mark.channel}" is empty.')
        if found.setdefault((mark.sign, text), mark.channel) != mark.channel:
            raise Refused("mark_twice", f'The {mark.sign} "{mark.text}" belongs to two channels.')
    return found


def plain(sign: str, text: str) -> str:
    """A mark as it is compared: a number by its digits (00 is +), a code without spaces, dashes and case, a QR mark as it is."""
    if sign == "qr":
        return text.strip()
    if sign == "code":
        return "".join(letter for letter in text.casefold() if letter.isalnum())
    digits = "".join(letter for letter in text if letter.isdigit())
    is_abroad = text.strip().startswith("+")
    return f"+{digits}" if is_abroad and digits else f"+{digits[2:]}" if digits.startswith("00") else digits


def grouping_of(told: object, sites: Mapping[str, Kind] | None = None) -> Grouping:
    """A grouping as a file tells it: `rules` with `channel` and `when`, `marks` with `channel` and `code`, `number` or `qr`.

    `when`: {tag: {how: text or texts}}, all of which must hold. Raises Refused: bad_rules with what is wrong, and those of
    `grouping`.
    """
    if not isinstance(told, Mapping) or set(told) - {"rules", "marks"}:
        raise Refused("bad_rules", 'A file of own channels holds "rules", "marks" or both, and nothing else.')
    rules = [_rule(entry, place) for place, entry in enumerate(_entries(told, "rules"), 1)]
    marks = [_mark(entry, place) for place, entry in enumerate(_entries(told, "marks"), 1)]
    return grouping(rules, marks, sites)


def _entries(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = told.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
        raise Refused("bad_rules", f'"{name}" is a list of entries, each with a channel.')
    return entries


def _rule(entry: Mapping[str, Any], place: int) -> OwnRule:
    when = entry.get("when")
    if set(entry) != {"channel", "when"} or not isinstance(when, Mapping):
        raise Refused("bad_rules", f'Rule {place} has "channel" and "when", and nothing else.')
    tests = [
        _test(tag, how, texts, place) for tag, asked in when.items() for how, texts in _pairs(asked, place)
    ]
    return OwnRule(str(entry["channel"]), tuple(tests))


def _pairs(asked: object, place: int) -> list[tuple[str, object]]:
    if not isinstance(asked, Mapping):
        raise Refused("bad_rules", f"Rule {place}: say how, such as {{contains: partner}}.")
    return [(str(how), texts) for how, texts in asked.items()]


def _test(tag: object, how: str, texts: object, place: int) -> TagTest:
    listed = [str(text) for text in (texts if isinstance(texts, list) else [texts])]
    if tag not in TAGS or how not in HOWS:
        raise Refused(
            "bad_rules",
            f"Rule {place} asks for {tag}.{how}; it may ask for {', '.join(TAGS)} that {', '.join(HOWS)}.",
        )
    return TagTest(cast("Tag", tag), cast("How", how), tuple(listed))


def _mark(entry: Mapping[str, Any], place: int) -> Mark:
    signs = set(entry) & set(SIGNS)
    if set(entry) - signs != {"channel"} or len(signs) != 1:
        raise Refused("bad_rules", f'Mark {place} has "channel" and one of {", ".join(SIGNS)}.')
    sign = cast("Sign", signs.pop())
    return Mark(str(entry["channel"]), sign, str(entry[sign]))


def _matches(how: How, told: str, text: str) -> bool:
    if how == "is":
        return told == text
    if how == "begins":
        return told.startswith(text)
    return told.endswith(text) if how == "ends" else text in told
