"""A row of a file as the draft of a person."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from babel import Locale

from treaty.imports.rules.columns import IDENTITIES, Columns, Own
from treaty.imports.rules.dates import moment
from treaty.imports.rules.phones import phone
from treaty.imports.rules.problems import BadField
from treaty.imports.rules.rows import Reading, texts
from treaty.people.rules import (
    STATED,
    BadIdentity,
    ConsentDraft,
    PersonDraft,
    Purpose,
    Stage,
    consent_words,
    fold,
    normalised_email,
    normalised_external,
    problems,
)

YES = frozenset({"1", "yes", "y", "true", "x", "tak", "да", "はい", "是", "نعم"})
NO = frozenset({"", "0", "no", "n", "false", "nie", "нет", "いいえ", "否", "لا"})
STAGES = {str(stage): stage for stage in Stage} | {
    "past customer": Stage.PAST_CUSTOMER,
    "marketing qualified lead": Stage.MQL,
    "marketingqualifiedlead": Stage.MQL,
    "sales qualified lead": Stage.SQL,
    "salesqualifiedlead": Stage.SQL,
    "evangelist": Stage.CUSTOMER,
    "advocate": Stage.CUSTOMER,
}
NO_STAGE = frozenset({"other", "unqualified"})
"""What other systems call a stage, and is none."""
STATUSES = {
    "".join(text.casefold().split()): text
    for text in (
        "New",
        "Open",
        "In progress",
        "Open deal",
        "Unqualified",
        "Attempted to contact",
        "Connected",
        "Bad timing",
    )
}
"""How the states of a lead are called elsewhere, by their letters alone."""
PLAIN = frozenset({*STATED, "company"}) - {"country"}
"""Fields that are the text as it stands."""
SIGNS = re.compile(r"[\W_]+")
SEVERAL = re.compile(r"[;,|\n]")


def draft_of(
    columns: Columns,
    cells: Sequence[str],
    *,
    source: str,
    owners: Mapping[str, int],
    day_first: bool = False,
    home: str = "",
) -> PersonDraft:
    """The person a row tells of. `owners` are the ids of staff by mail address or name, `home` is the company's country;
    raises BadRow with every wrong field.

    A row without mail, phone or external key is met again by its own content.
    """
    reading = _Reading(source, owners, columns.own, day_first=day_first, home=home)
    told = texts(columns, cells)
    values = reading.values
    for field, text in told.items():
        if field in PLAIN:
            values[field] = text
        else:
            reading.read(field, text, told)
    draft = PersonDraft(**values)
    reading.bad += [BadField(problem.field, problem.code) for problem in problems(draft)]
    reading.whole()
    if not (draft.emails or draft.phones or draft.external):
        content = hashlib.blake2b("\x1f".join(cells).encode(), digest_size=16).hexdigest()
        return draft.but(external=(f"row:{content}",))
    return draft


class _Reading(Reading):
    """One row on its way to the draft of a person."""

    def __init__(
        self, source: str, owners: Mapping[str, int], own: Own, *, day_first: bool, home: str
    ) -> None:
        super().__init__(own, day_first=day_first)
        self.source, self.owners, self.home = source, owners, home

    def read(self, field: str, text: str, told: Mapping[str, str]) -> None:
        """Take one field of the row that is more than its text."""
        if field in IDENTITIES:
            self._identities(field, text, told.get("country", ""))
        elif field == "deleted":
            if text.casefold() in YES:
                self.bad.append(BadField(field, "deleted_there"))
        elif field in READERS:
            try:
                name, value = READERS[field](text, self)
                self.values[name] = value
            except (ValueError, KeyError):
                self.bad.append(BadField(field, f"bad_{field}", text[:80]))
        elif field in self.own.fields:
            self.take_own(field, text)
        elif field == "consents" or field in self.own.purposes:
            self._consents(field, text)
        else:
            self.values[field] = text

    def _consents(self, field: str, text: str) -> None:
        """A cell for one purpose, or one that holds several, each with its key before it."""
        alone = (field.removeprefix("consent."), "", text)
        several = [part.strip().partition(" ") for part in text.split(";")]
        for key, _space, words in several if field == "consents" else [alone]:
            try:
                draft = self._consent(self.own.purposes[f"consent.{key}"], words)
            except (ValueError, KeyError):
                self.bad.append(BadField(field, "bad_consents", text[:80]))
                return
            self.values["consents"] = (*self.values.get("consents", ()), draft)

    def _consent(self, purpose: Purpose, text: str) -> ConsentDraft:
        """What a cell tells of a purpose. Raises ValueError."""
        word, version, when = consent_words(text)
        if not word or (version or 1) > purpose.version:
            raise ValueError(text)
        at = moment(when, day_first=self.day_first) if when else None
        return ConsentDraft(purpose.id, is_given=yes(word), version=version, at=at)

    def _identities(self, field: str, text: str, country: str) -> None:
        kind, label = IDENTITIES[field]
        found: list[str] = []
        for part in parts(text):
            try:
                if part := part.strip():
                    is_local = kind == "phone" and country and not part.startswith("+")
                    place = country_code(country) if is_local else ""
                    told = normalised_email(part) if kind == "email" else phone(part, place, self.home)
                    found.append(told)
            except BadIdentity as error:
                self.bad.append(BadField(field, error.code, part[:80]))
            except KeyError:
                self.bad.append(BadField(field, "bad_phone", part[:80]))
        held = "emails" if kind == "email" else "phones"
        before = self.values.get(held, ())
        self.values[held] = tuple(dict.fromkeys((*before, *found)) if before or len(found) > 1 else found)
        if label:
            self.values["labels"] = dict.fromkeys(found, label) | self.values.get("labels", {})


LANGUAGES = ("en", "pl", "ja", "ru", "ar", "zh", "de", "es", "fr", "it", "nl", "pt", "sv", "fi")
"""The languages in which names of countries are known; the earlier one decides."""


ALSO = {
    "usa": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "czech republic": "CZ",
    "slovak republic": "SK",
    "russian federation": "RU",
    "turkey": "TR",
    "korea": "KR",
    "republic of korea": "KR",
    "korea, republic of": "KR",
    "viet nam": "VN",
    "hong kong": "HK",
    "macau": "MO",
    "uae": "AE",
    "ivory coast": "CI",
}
"""Countries as other systems and people call them beside that."""


@cache
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in reversed(LANGUAGES):
        territories = Locale(language).territories.items()
        names |= {_bare(name): code for code, name in territories if len(code) == 2 and code.isalpha()}
    return names | {code.casefold(): code for code in names.values()} | ALSO


def _bare(name: str) -> str:
    """A country's name without dots and article: U.S.A., The Netherlands."""
    return fold(name).replace(".", "").strip().removeprefix("the ")


@lru_cache(maxsize=1_000)
def country_code(text: str) -> str:
    """Two letters from two letters or a name; raises KeyError."""
    return _countries()[_bare(text)]


def yes(text: str) -> bool:
    """Yes or no in the words people use; raises ValueError."""
    word = text.casefold().strip()
    if word not in YES | NO:
        raise ValueError(text)
    return word in YES


def stage(text: str) -> Stage | None:
    """A stage in the words of several systems; None for what is none. Raises KeyError."""
    word = text.casefold().strip()
    if word in NO_STAGE:
        return None
    return STAGES[word] if word in STAGES else STAGES[" ".join(SIGNS.sub(" ", word).split())]


def parts(text: str) -> list[str]:
    """The parts of a cell that may hold several."""
    return SEVERAL.split(text) if SEVERAL.search(text) else [text]


@lru_cache(maxsize=10_000)
def tags(text: str) -> tuple[str, ...]:
    """Tags, each once."""
    return tuple(dict.fromkeys(tag.strip() for tag in SEVERAL.split(text) if tag.strip()))


def keys(text: str) -> tuple[str, ...]:
    """External keys with the systems they belong to, `crm:17; erp:4711`; raises ValueError."""
    told = (part.partition(":") for part in text.split(";") if part.strip())
    return tuple(normalised_external(source, key) for source, _colon, key in told)


def status(text: str) -> str:
    """The state of a lead elsewhere, in one spelling."""
    return STATUSES.get(SIGNS.sub("", text.casefold()), " ".join(text.split()))


Reader = Callable[[str, _Reading], tuple[str, Any]]
READERS: dict[str, Reader] = {
    "external_key": lambda text, row: (
        "external",
        (*row.values.get("external", ()), normalised_external(row.source, text)),
    ),
    "keys": lambda text, row: ("external", (*row.values.get("external", ()), *keys(text))),
    "country": lambda text, _row: ("country", country_code(text)),
    "stage": lambda text, _row: ("stage", stage(text)),
    "tags": lambda text, row: ("tags", (*row.values.get("tags", ()), *tags(text))),
    "lead_status": lambda text, row: ("tags", (*row.values.get("tags", ()), status(text))),
    "owner": lambda text, row: ("owner", row.owners[text.casefold().strip()]),
    "unsubscribed": lambda text, _row: ("unsubscribed", yes(text)),
    "do_not_call": lambda text, _row: ("do_not_call", yes(text)),
    "added_at": lambda text, row: ("added_at", moment(text, day_first=row.day_first)),
}
"""Fields that are more than text: the name in the draft, and the value. They raise ValueError or KeyError."""
