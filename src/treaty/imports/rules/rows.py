"""A row on its way to a draft: what its mapped columns tell, and what is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from treaty.fields.rules import BadValue, Kind, cells, told
from treaty.imports.rules.columns import Columns, Own
from treaty.imports.rules.dates import moment
from treaty.imports.rules.problems import BadField, BadRow, Broken
from treaty.kit.rules.money import Money, decimals

GUARDED = re.compile(r"'(?: *[\t\r\n]|\s*[=+\-@＝＋－＠])")
"""How a cell begins that an export kept from being a formula."""
BLANKS = re.compile(r"[\s\u00a0\u2009\u202f'’_]+")
GROUPED = re.compile(r"-?\d{1,3}(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})*")
AMOUNT = re.compile(r"(?P<code>[A-Z]{3})?(?P<number>-?[\d.,]+)(?P<after>[A-Z]{3})?")
SIGNED = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "zł": "PLN", "₽": "RUB", "元": "CNY"}
"""How a few currencies are written beside a number."""


class Owners(dict[str, int]):
    """The ids of staff by mail address or name in small letters; whoever is none of them is `otherwise`, where that is told."""

    def __init__(self, named: Mapping[str, int], otherwise: int | None = None) -> None:
        super().__init__(named)
        self.otherwise = otherwise

    def __missing__(self, name: str) -> int:
        if self.otherwise is None:
            raise KeyError(name)
        return self.otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known beside a row: whose keys it has, who works here, how its dates and numbers are read."""

    source: str
    owners: Mapping[str, int] = field(default_factory=dict)
    """The ids of staff by mail address or name."""
    day_first: bool = False
    currency: str = ""
    home: str = ""
    """The company's country, in two letters: a phone number without a plus may be one of it."""
    stages: Mapping[str, str] = field(default_factory=dict)
    """The keys of the pipeline's stages by their keys and names, in small letters."""
    at: datetime | None = None
    """When the import began: what has no time happened then."""


def texts(columns: Columns, row: Sequence[str]) -> dict[str, str]:
    """What the mapped columns of a row hold, blank ones left out; several columns of one field are joined.

    Raises BadRow where the row is broken.
    """
    if isinstance(row, Broken):
        raise BadRow([row.wrong])
    found: dict[str, str] = {}
    width, together = len(row), "".join(row)
    is_odd = "\x00" in together or "'" in together
    for place, name in columns.by_place:
        text = row[place].strip() if place < width else ""
        if is_odd:
            text = plain(text)
        if text:
            found[name] = f"{found[name]};{text}" if name in found else text
    return found


def plain(text: str) -> str:
    """A cell without signs that are no text, and as it was before an export kept it from being a formula."""
    text = text.replace("\x00", "").strip()
    return unguarded(text).strip() if text.startswith("'") else text


def unguarded(text: str) -> str:
    """A cell as it was before an export kept it from being a formula."""
    return text[1:] if GUARDED.match(text) else text


class Reading:
    """One row on its way to a draft: what it told, and what was wrong."""

    def __init__(self, own: Own, *, day_first: bool) -> None:
        self.own, self.day_first = own, day_first
        self.values: dict[str, Any] = {}
        self.bad: list[BadField] = []
        self.brought: dict[str, object] = {}
        """Values of the company's own fields, which may bring new tags."""

    def take(self, name: str, text: str, code: str, read: Callable[[str], Any]) -> Any:
        """What a text means; where it means nothing, None, and the field is bad."""
        try:
            return read(text)
        except (ValueError, KeyError):
            self.bad.append(BadField(name, code, text[:80]))
            return None

    def whole(self) -> None:
        """The row is good: its new tags are there for the next one. Raises BadRow with every wrong field."""
        if self.bad:
            raise BadRow(self.bad)
        for name, value in self.brought.items():
            self.own.learn(name, value)

    def take_own(self, name: str, text: str) -> None:
        """A field that the company defined: read and judged as its forms do."""
        row = self.own.fields[name]
        try:
            if row.kind is Kind.DATE:
                text = moment(text, day_first=self.day_first).date().isoformat()
            value = told(row.kind, text, row.live_options, self.own.currency)
            cells(row.kind, value, row.options)
            self.brought[name] = value
            self.values.setdefault("fields", {})[row.key] = value
        except BadValue as wrong:
            self.bad.append(BadField(name, f"own_{wrong.code}", text[:80]))
        except ValueError:
            self.bad.append(BadField(name, "bad_added_at", text[:80]))


def whole(text: str) -> int:
    """A whole number as people and spreadsheets write it: 1200, 1 200, 1,200, 1.200, 1200.0. Raises ValueError."""
    plain = BLANKS.sub("", text)
    if grouped := GROUPED.fullmatch(plain):
        return int(plain.replace(grouped["sign"], ""))
    number = Decimal(plain) if re.fullmatch(r"-?\d{1,18}(\.0+)?", plain) else None
    if number is None:
        raise ValueError(text)
    return int(number)


def money(text: str, currency: str) -> Money:
    """An amount as people write it: 12000, 12,000.50, 12.000,50, € 12 000, 12000 USD. Raises ValueError.

    A currency beside the number wins over `currency`; of two signs the last one parts the decimals, and one sign alone
    parts thousands where three digits follow and the currency has not three decimals.
    """
    plain = BLANKS.sub("", text)
    for sign, code in SIGNED.items():
        plain = plain.replace(sign, code) if plain.startswith(sign) or plain.endswith(sign) else plain
    found = AMOUNT.fullmatch(plain.upper())
    if found is None:
        raise ValueError(text)
    code = found["code"] or found["after"] or currency
    return Money.parse(_plain_number(found["number"], decimals(code)), code)


def _plain_number(text: str, places: int) -> str:
    """The digits with a point before the decimals, and nothing else. Raises ValueError where groups are not of three."""
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    sign, behind = text[last], len(text) - last - 1
    is_mixed = {".", ","} <= set(text)
    if text.count(sign) > 1 or (behind == 3 and places != 3 and not is_mixed):
        return _ungrouped(text)
    return f"{_ungrouped(text[:last])}.{text[last + 1 :]}"


def _ungrouped(text: str) -> str:
    if text.lstrip("-").isdecimal():
        return text
    if found := GROUPED.fullmatch(text):
        return text.replace(found["sign"], "")
    raise ValueError(text)
