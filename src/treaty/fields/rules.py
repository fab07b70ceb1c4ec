"""What fields of a company's own can hold: their kinds, the values as programs tell them, and as columns keep them."""

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from treaty.kit.rules.folding import fold
from treaty.kit.rules.money import Money, decimals

RECORDS = ("person", "company", "deal")
"""The kinds of record that can have fields of one's own."""
LONGEST = 500
"""Characters of a text."""
MOST = 100
"""Fields of one kind of record, retired ones left out."""
MOST_OPTIONS = 200
LONGEST_NAME = 60
"""Characters of the name of something to choose."""
LONGEST_LINE = MOST_OPTIONS * (LONGEST_NAME + 2)
"""Characters of a line of tags."""
MOST_MINOR = 2**53
"""Beyond it not every reader of JSON keeps whole numbers exact."""


NUMBERED = re.compile(r"#(\d{1,18})\s*$")
"""A record by its number, perhaps with its name in front."""


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    MANY = "many"
    TAGS = "tags"
    PERSON = "person"
    COMPANY = "company"
    FILE = "file"


CHOSEN = frozenset({Kind.CHOICE, Kind.MANY, Kind.TAGS})
"""Kinds with options to choose from."""
SEVERAL = frozenset({Kind.MANY, Kind.TAGS})
"""Kinds of which a record may hold several."""
PARTS = ";|\n"
"""Marks that part several choices in a text."""
PART_TAGS = PARTS + ",，、،"
"""The same of tags: none holds a comma."""
JOINERS = "\u200c\u200d"
"""Signs without a shape that words of some scripts are written with."""
LINKED = frozenset({Kind.PERSON, Kind.COMPANY, Kind.FILE})
"""Kinds that point to another record, or to a document."""

Plain = str | int | float | dict[str, object] | list[str] | None
"""A value as JSON has it: a text; a number; {"minor", "currency"}; an ISO date; the key of an option, or a list of
them; the id of a record or document. None where nothing is known."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: its key never changes, its name may."""

    id: int
    key: str
    name: str
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of one kind of record, with its options in order, retired ones among them."""

    id: int
    record: str
    key: str
    name: str
    kind: Kind
    hint: str
    options: tuple[Option, ...]
    is_retired: bool

    @property
    def live_options(self) -> tuple[Option, ...]:
        """The options one can choose."""
        return tuple(option for option in self.options if not option.is_retired)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the columns keep it; where several are chosen each option is one, told apart by `part`."""

    text: str = ""
    folded: str | None = None
    number: float | None = None
    whole: int | None = None
    currency: str = ""
    day: date | None = None
    part: int = 0


class BadValue(ValueError):
    """What was told is no value of the field's kind; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cells(kind: Kind, value: object, options: Collection[Option] = ()) -> tuple[Cell, ...]:
    """A plain value as columns keep it; none where nothing is told. Raises BadValue."""
    if value is None or value in ("", []):
        return ()
    if kind in SEVERAL:
        chosen = (
            _tags(value, options) if kind is Kind.TAGS else [_option(key, options) for key in _listed(value)]
        )
        found = {option.id: option for option in chosen}
        return tuple(Cell(text=one.key, whole=one.id, part=one.id) for _id, one in sorted(found.items()))
    return (_cell(kind, value, options),)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def grown(value: object, options: Collection[Option]) -> tuple[Option, ...]:
    """The options of tags, and those that the value brings: a tag is told by its key or name, and one that is not there
    yet has its name for a key. Raises BadValue."""
    every = list(options)
    for told in _listed(value):
        if _known(told, every) is None:
            name = _tag(told)
            if len(every) >= MOST_OPTIONS:
                raise BadValue("too_many_tags")
            every.append(Option(1 + max((one.id for one in every), default=0), name, name))
    return tuple(every)


def _known(told: object, options: Collection[Option]) -> Option | None:
    """The option of a key or, whatever its case and accents, of a name it has or had first."""
    if (exact := next((one for one in options if one.key == told), None)) or not isinstance(told, str):
        return exact
    folded = fold(told)
    named = (one for one in options if fold(one.name) == folded)
    return next(named, None) or next((one for one in options if fold(one.key) == folded), None)


def completed(line: str, field: FieldRow) -> list[str]:
    """A line of tags as it would be with each of those in use that begin like its last one, and are not in it yet."""
    *before, last = re.split(f"[{PART_TAGS}]", line)
    worn = {fold(tag.strip()) for tag in before}
    fitting = (one.name for one in field.live_options if fold(one.name).startswith(fold(last.strip())))
    head = [tag.strip() for tag in before]
    return ["; ".join([*head, name]) for name in fitting if fold(name) not in worn]


def _tags(value: object, options: Collection[Option]) -> list[Option]:
    every = grown(value, options)
    return [option for told in _listed(value) if (option := _known(told, every))]


def _tag(told: object) -> str:
    """The name of a new tag: none that a list of tags, or a spreadsheet, would take for something else."""
    name = " ".join(told.split()) if isinstance(told, str) else ""
    if not name or len(name) > LONGEST_NAME or {*name} & {*PART_TAGS} or name[0] in "=+-@":
        raise BadValue("no_tag")
    unseen = {sign for sign in name if unicodedata.category(sign) in {"Cc", "Cf", "Cs"}}
    if unseen - {*JOINERS} or not fold(name).strip(JOINERS):
        raise BadValue("no_tag")
    return name


def _cell(kind: Kind, value: object, options: Collection[Option]) -> Cell:
    match kind:
        case Kind.TEXT:
            return _text(value)
        case Kind.NUMBER:
            return _number(value)
        case Kind.MONEY:
            return _money(value)
        case Kind.DATE:
            return _day(value)
        case Kind.CHOICE:
            option = _option(value, options)
            return Cell(text=option.key, whole=option.id)
        case _:
            return _record(value)


def _text(value: object) -> Cell:
    if not isinstance(value, str):
        raise BadValue("no_text")
    if len(value) > LONGEST:
        raise BadValue("too_long")
    # Cut, for compatibility forms may unfold to more letters than the column holds.
    return Cell(text=value, folded=fold(value)[:LONGEST])


def _number(value: object) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue("no_number")
    try:
        number = float(value)
    except OverflowError:
        raise BadValue("no_number") from None
    if not math.isfinite(number):
        raise BadValue("no_number")
    return Cell(number=number)


def _money(value: object) -> Cell:
    if not isinstance(value, dict) or value.keys() != {"minor", "currency"}:
        raise BadValue("no_money")
    minor, currency = value["minor"], value["currency"]
    if type(minor) is not int or abs(minor) > MOST_MINOR or not isinstance(currency, str):
        raise BadValue("no_money")
    try:
        decimals(currency)
    except ValueError:
        raise BadValue("no_currency") from None
    return Cell(whole=minor, currency=currency)


def _day(value: object) -> Cell:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise BadValue("no_date")
    try:
        return Cell(text=value, day=date.fromisoformat(value))
    except ValueError:
        raise BadValue("no_date") from None


def _option(value: object, options: Collection[Option]) -> Option:
    """The option of a key; a retired one stays with who has it, and is chosen no more."""
    for option in options:
        if option.key == value:
            return option
    raise BadValue("no_option")


def _record(value: object) -> Cell:
    if type(value) is not int or not 0 < value < 2**63:
        raise BadValue("no_record")
    return Cell(whole=value)


def plain(kind: Kind, kept: Collection[Cell]) -> Plain:
    """The plain value of what columns keep."""
    if kind in SEVERAL:
        return [cell.text for cell in sorted(kept, key=lambda cell: cell.part)]
    cell = next(iter(kept), None)
    if cell is None:
        return None
    match kind:
        case Kind.TEXT | Kind.CHOICE | Kind.DATE:
            return cell.text
        case Kind.NUMBER:
            return _short(float(cell.number or 0))
        case Kind.MONEY:
            return {"minor": cell.whole, "currency": cell.currency}
        case _:
            return cell.whole


def _short(number: float) -> int | float:
    """A whole number without decimals."""
    return int(number) if number.is_integer() and abs(number) <= MOST_MINOR else number


def compared(kind: Kind, value: Plain) -> object:
    """A plain value as predicates compare it: money as an amount in major units, all else as it is."""
    if kind is Kind.MONEY and isinstance(value, Mapping):
        return float(Money(int(str(value["minor"])), str(value["currency"])).amount)
    return value


COLUMNS = {Kind.NUMBER: "number", **dict.fromkeys((Kind.MONEY, *LINKED), "whole")}


def column_of(kind: Kind) -> str:
    """The column from which predicates read a kind; the texts of dates and choices are their plain values."""
    return COLUMNS.get(kind, "text")


def compared_cell(kind: Kind, kept: object, currency: str) -> object:
    """What is kept in that column as predicates compare it; of several choices each is one member."""
    alone = Kind.CHOICE if kind in SEVERAL else kind
    columns: dict[str, Any] = {"currency": currency, column_of(kind): kept}
    return compared(alone, plain(alone, [Cell(**columns)]))


def told(kind: Kind, text: str, options: Collection[Option] = (), currency: str = "") -> Plain:
    """The plain value of a text as files have it; None where it is blank. Raises BadValue.

    Options are told by key or by name; several are parted by ; or |. Money without a currency is in `currency`.
    """
    text = text.strip()
    if not text:
        return None
    match kind:
        case Kind.NUMBER:
            return _short(_read_number(text))
        case Kind.MONEY:
            return _read_money(text, currency)
        case Kind.CHOICE:
            return _named(text, options)
        case Kind.MANY | Kind.TAGS:
            read, marks = (_named, PARTS) if kind is Kind.MANY else (_tagged, PART_TAGS)
            return [read(part, options) for part in re.split(f"[{marks}]", text) if part.strip()]
        case Kind.PERSON | Kind.COMPANY | Kind.FILE:
            return _read_id(text)
        case _:
            return text


def _read_number(text: str) -> float:
    """Digits with a point or a comma for decimals. 1,234 could be either, so it is refused."""
    digits = re.sub(r"[\s\u00a0\u202f']", "", text)
    if re.fullmatch(r"[+-]?\d+,\d+", digits) and not re.fullmatch(r"[+-]?\d{1,3},\d{3}", digits):
        digits = digits.replace(",", ".")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", digits):
        raise BadValue("no_number")
    return float(digits)


def _read_money(text: str, currency: str) -> Plain:
    found = re.fullmatch(r"([A-Za-z]{3})?\s*([-+\d.,\s\u00a0\u202f']+?)\s*([A-Za-z]{3})?", text)
    if not found:
        raise BadValue("no_money")
    code = (found[1] or found[3] or currency).upper()
    amount = re.sub(r"[\s\u00a0\u202f']", "", found[2])
    if re.fullmatch(r"[+-]?\d+,\d{1,2}", amount):
        amount = amount.replace(",", ".")
    try:
        money = Money.parse(amount, code)
    except ValueError:
        raise BadValue("no_money") from None
    return {"minor": money.minor, "currency": money.currency}


def _named(text: str, options: Collection[Option]) -> str:
    wanted = text.strip()
    for option in options:
        if option.key == wanted or fold(option.name) == fold(wanted):
            return option.key
    raise BadValue("no_option")


def _tagged(text: str, options: Collection[Option]) -> str:
    """The key of a tag; one that is not there yet has its name for a key."""
    option = _known(text.strip(), options)
    return option.key if option else _tag(text)


def _read_id(text: str) -> int:
    found = re.fullmatch(r"(\d{1,18})", text) or NUMBERED.search(text)
    if not found:
        raise BadValue("no_record")
    return int(found[1])


def key_of(name: str, taken: Collection[str], word: str) -> str:
    """A short Latin key made of a name, unlike those taken; a name in another script gives `word` and a number."""
    letters = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:40].strip("_")
    if not key or not key[0].isalpha():
        key = f"{word}_{key}".strip("_")[:40]
    tries = [key, *(f"{key}_{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken)
