"""vCard 3.0 and 4.0 (RFC 2426, RFC 6350) as cells: the properties of one card, read from its lines and written to them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

COLUMNS = (
    "external_key",
    "name",
    "name_local",
    "given_name",
    "family_name",
    "email",
    "phone",
    "title",
    "company",
    "city",
    "country",
    "language",
    "time_zone",
    "tags",
)
"""The cells a card becomes, called as the fields they hold."""

SIMPLE = {"UID": "external_key", "TITLE": "title", "LANG": "language", "TZ": "time_zone"}
SEVERAL = {"EMAIL": "email", "TEL": "phone"}
LINE = re.compile(
    r'(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<params>(?:;(?:"[^"]*"|[^":])*)?):(?P<value>.*)', re.DOTALL
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
WIDTH = 75
"""Octets in a line before it is folded."""


class BadCard(ValueError):
    """Lines that are no vCard of version 3.0 or 4.0; the text is the line where that shows."""


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card: its name in capitals, and its value as it stands."""

    name: str
    value: str


def unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Lines without their breaks: one that begins with a blank goes on where the one before it ended."""
    held = ""
    for line in lines:
        text = line.rstrip("\r\n")
        if text[:1] in {" ", "\t"}:
            held += text[1:]
        else:
            if held:
                yield held
            held = text
    if held:
        yield held


def cards(lines: Iterable[str]) -> Iterator[list[Property]]:
    """The properties of each card; raises BadCard."""
    card: list[Property] | None = None
    for line in unfolded(lines):
        if not line.strip():
            continue
        found = LINE.fullmatch(line)
        if found is None:
            raise BadCard(line[:40])
        one = Property(found["name"].upper(), found["value"])
        if one.name == "BEGIN":
            card = []
        elif card is None:
            raise BadCard(line[:40])
        elif one.name == "END":
            yield card
            card = None
        else:
            card.append(one)
    if card is not None:
        raise BadCard("END:VCARD?")


def cells_of(card: Sequence[Property]) -> list[str]:
    """A card as the cells of COLUMNS; raises BadCard for a version that is not read."""
    told: dict[str, list[str]] = {column: [] for column in COLUMNS}
    for each in card:
        if each.name == "VERSION" and each.value.strip() not in {"3.0", "4.0"}:
            raise BadCard(f"VERSION:{each.value.strip()}")
        for column, text in told_by(each):
            told[column].append(text)
    names = told["name"]
    told["name"], told["name_local"] = names[:1], names[1:2]
    return [";".join(filter(None, told[column])) for column in COLUMNS]


def told_by(one: Property) -> Iterator[tuple[str, str]]:
    """The columns that a property fills."""
    match one.name:
        case "FN":
            yield "name", plain(one.value)
        case "N":
            family, given, *_rest = [*parts(one.value), "", ""]
            yield from (("given_name", given), ("family_name", family))
        case "ORG":
            yield "company", next(iter(parts(one.value)), "")
        case "ADR":
            address = [*parts(one.value), *[""] * 7]
            yield from (("city", address[3]), ("country", address[6]))
        case "CATEGORIES":
            yield "tags", ";".join(split(one.value, ","))
        case name if name in SEVERAL:
            yield (
                SEVERAL[name],
                plain(one.value).removeprefix("tel:").removeprefix("mailto:").split(";ext")[0],
            )
        case name if name in SIMPLE:
            yield SIMPLE[name], plain(one.value)


def parts(value: str) -> list[str]:
    """The parts of a structured value."""
    return split(value, ";")


def split(value: str, sign: str) -> list[str]:
    """A value cut at a sign that is not escaped, each part plain."""
    return [
        plain(part).strip()
        for part in re.findall(rf"((?:\\.|[^\\{sign}])*)(?:{sign}|$)", value)[:-1] or [value]
    ]


def plain(value: str) -> str:
    """A value without its escapes."""
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def escaped(text: str) -> str:
    """A text as part of a value."""
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\").replace("\n", "\\n")
    return cleaned.replace(",", "\\,").replace(";", "\\;")


def card_of(told: Mapping[str, Sequence[str]]) -> str:
    """A vCard 4.0 of what is known, by the names of COLUMNS; every line folded, the last one ended."""
    one = {column: escaped(next(iter(texts), "")) for column, texts in told.items()}
    name = one.get("name") or one.get("email") or one.get("phone") or "?"
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{name}"]
    lines += [f"FN:{one['name_local']}"] if one.get("name_local") else []
    if one.get("given_name") or one.get("family_name"):
        lines.append(f"N:{one.get('family_name', '')};{one.get('given_name', '')};;;")
    lines += [f"EMAIL:{escaped(text)}" for text in told.get("email", ())]
    lines += [f"TEL;VALUE=uri:tel:{text}" for text in told.get("phone", ())]
    if one.get("city") or one.get("country"):
        lines.append(f"ADR:;;;{one.get('city', '')};;;{one.get('country', '')}")
    lines += [f"ORG:{one['company']}"] if one.get("company") else []
    lines += [f"{name}:{one[column]}" for name, column in SIMPLE.items() if one.get(column)]
    if told.get("tags"):
        lines.append(f"CATEGORIES:{','.join(map(escaped, told['tags']))}")
    return "".join(f"{folded(line)}\r\n" for line in (*lines, "END:VCARD"))


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, never cut within a sign."""
    pieces, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > WIDTH:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += octets
    return "\r\n".join(pieces)
