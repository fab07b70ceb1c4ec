"""What somebody knows of a person or company before it is a row: drafts, what is wrong with one, how it is called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter, gt
from typing import Any

import msgspec

from treaty.kit.rules.folding import fold
from treaty.people.rules.consents import ConsentDraft
from treaty.people.rules.stages import Stage

WAYS = ("mail", "call")
"""The ways to reach a person that a person can refuse."""


class Outcome(StrEnum):
    """What became of a draft."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    """It was passed over: its kind is not taken."""
    FORGOTTEN = "forgotten"
    """It means somebody who asked to be forgotten: nothing was written."""
    BINNED = "binned"
    """It means somebody in the bin: nothing was written."""
    ROUND = "round"
    """It is a company under one that belongs to it: nothing was written."""


class PersonDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person as a form, a file or another system tells it. Identities are normalised; empty means not told."""

    name: str = ""
    name_local: str = ""
    given_name: str = ""
    family_name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    """Keys in other systems, as source:key."""
    labels: Mapping[str, str] | None = None
    """What some of its addresses and numbers are (identities.LABELS); one that is known already keeps its label."""
    title: str = ""
    language: str = ""
    time_zone: str = ""
    country: str = ""
    city: str = ""
    interest: str = ""
    channel: str = ""
    landing_page: str = ""
    company: str = ""
    company_key: str = ""
    """The company's external key, where the source has one; the name alone matches by folding."""
    owner: int | None = None
    stage: Stage | None = None
    tags: tuple[str, ...] = ()
    unsubscribed: bool = False
    do_not_call: bool = False
    consents: tuple[ConsentDraft, ...] = ()
    """To what the person agreed, or does not agree any more; purposes and versions that there are."""
    fields: Mapping[str, object] | None = None
    """Plain values of the company's own fields, by their keys."""
    added_at: datetime | None = None
    """When the person became known, where that lies in the past."""

    def but(self, **changes: Any) -> "PersonDraft":
        """The same draft with other values of some fields."""
        return msgspec.structs.replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDraft:
    """A company as a form, a file or another system tells it; empty means not told."""

    name: str
    key: str = ""
    domain: str = ""
    sector: str = ""
    employees: int | None = None
    founded: int | None = None
    revenue_minor: int | None = None
    revenue_currency: str = ""
    city: str = ""
    country: str = ""
    owner: int | None = None
    parent: str = ""
    """The name of the company it belongs to."""
    fields: Mapping[str, object] | None = None
    """Plain values of the company's own fields, by their keys."""


STATED = (
    "name",
    "name_local",
    "given_name",
    "family_name",
    "title",
    "language",
    "time_zone",
    "country",
    "city",
    "interest",
    "channel",
    "landing_page",
)
"""The plain fields of a person that a draft can state."""

LENGTHS = {
    "name": 200,
    "name_local": 200,
    "given_name": 100,
    "family_name": 100,
    "title": 120,
    "language": 12,
    "time_zone": 40,
    "country": 2,
    "city": 120,
    "interest": 120,
    "channel": 60,
    "landing_page": 200,
    "company": 200,
    "company_key": 120,
}
"""How many characters a field of a person's draft holds."""
TEXTS_OF = attrgetter(*LENGTHS)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of a draft: too_long or no_identity."""

    field: str
    code: str


def problems(draft: PersonDraft) -> list[Problem]:
    """Why a draft cannot become a person; whoever takes drafts from outside asks first."""
    found = []
    if any(map(gt, map(len, TEXTS_OF(draft)), LENGTHS.values())):
        found += [
            Problem(field, "too_long") for field, most in LENGTHS.items() if len(getattr(draft, field)) > most
        ]
    found += [Problem("tags", "too_long") for tag in draft.tags if len(tag) > 60]
    if not called(draft):
        found.append(Problem("name", "no_identity"))
    return found


# Scripts that write the family name first and no space between: kana, CJK ideographs, Hangul.
UNSPACED = ("\u3040", "\u30ff", "\u3400", "\u9fff", "\uac00", "\ud7af")


def full_name(given: str, family: str) -> str:
    """One name from its two parts, in the order in which its script writes them."""
    if given and family and not given.isascii() and _unspaced(given) and _unspaced(family):
        return family + given
    return f"{given} {family}".strip()


def _unspaced(text: str) -> bool:
    spans = zip(UNSPACED[::2], UNSPACED[1::2], strict=True)
    return any(low <= text[0] <= high for low, high in spans)


def called(draft: PersonDraft) -> str:
    """The best name a draft gives: a name, else its parts, else the local one, else an identity; empty without any."""
    named = draft.name or full_name(draft.given_name, draft.family_name) or draft.name_local
    return named or next(iter((*draft.emails, *draft.phones, *draft.external)), "")


def folded_name(name: str, name_local: str) -> str:
    """What finding and ordering read: the name, and the local one behind it."""
    return fold(name if not name_local or name_local == name else f"{name} {name_local}")


def identity_pairs(draft: PersonDraft) -> Iterator[tuple[str, str]]:
    """The draft's identities as (kind, value), those that say most about who it is first."""
    for value in draft.external:
        yield "external", value
    for value in draft.emails:
        yield "email", value
    for value in draft.phones:
        yield "phone", value
