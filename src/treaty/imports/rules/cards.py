"""vCard 3.0 and 4.0 (RFC 2426, RFC 6350) as cells: the properties of one card, read from its lines and written to them.

Version 2.1 is read, too: old phones and Outlook write it, with bare types and quoted-printable values in any charset.
"""

import quopri
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
    "email_work",
    "email_private",
    "phone_mobile",
    "phone_work",
    "phone_private",
)
"""The cells a card becomes, called as the fields they hold. An address whose type is told stands under that; so does the
preferred one, and among the others, whose first is the main one."""

SIMPLE = {"UID": "external_key", "TITLE": "title", "LANG": "language", "TZ": "time_zone"}
SEVERAL = {"EMAIL": "email", "TEL": "phone"}
USED = frozenset({"FN", "N", "ORG", "ADR", "CATEGORIES", "TZ", *SIMPLE, *SEVERAL})
"""The properties that fill a column."""
TYPES = {"cell": "mobile", "work": "work", "home": "private"}
"""What an address or number is by the types of its property; the first that fits a column says it."""
JOINED = frozenset(
    {
        "email",
        "phone",
        "tags",
        *(name for name in COLUMNS if "_" in name and name[:6] in {"email_", "phone_"}),
    }
)
"""Cells that hold several values; of all else a card may tell several, and the first one counts."""
LINE = re.compile(
    r'(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<params>(?:;(?:"[^"]*"|[^":])*)?):(?P<value>.*)', re.DOTALL
)
BEGIN, END = re.compile("BEGIN:", re.IGNORECASE), re.compile("END:", re.IGNORECASE)
OURS = "-//Treaty//Treaty//EN"
"""What a card of ours says made it."""
READ = {"2.1", "3.0", "4.0"}
"""The versions that are read."""
QUOTED = re.compile(r"[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE(?:;[^:]*)?:", re.IGNORECASE)
"""How a line of version 2.1 begins whose value is written in quoted-printable; it goes on behind an = at its end."""
CHARSET = re.compile(r";CHARSET=\"?([\w.:-]+)", re.IGNORECASE)
SHOWN = 40
"""Characters of a line by which a broken card is told."""
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
WIDTH = 75
"""Octets in a line before it is folded."""


class BadCard(ValueError):
    """Lines that are no vCard of a version that is read; the text is the line where that shows."""


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a card: its name in capitals, its value as it stands, and its types in small letters."""

    name: str
    value: str
    types: frozenset[str] = frozenset()


def unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Lines without their breaks: one that begins with a blank goes on where the one before it ended."""
    held = ""
    for line in lines:
        text = line.rstrip("\r\n")
        if held.endswith("=") and QUOTED.match(held):
            held = held[:-1] + text
        elif text[:1] in {" ", "\t"}:
            held += text[1:]
        else:
            if held:
                yield held
            held = text
    if held:
        yield held


def cards(lines: Iterable[str]) -> Iterator[list[str]]:
    """The lines of each card; what begins or ends where none does is a card of its own, which `cells_of` refuses."""
    held: list[str] = []
    for line in unfolded(lines):
        begins, ends = BEGIN.match(line), END.match(line)
        if begins and held:
            yield held
            held = []
        if line.strip():
            held.append(line)
        if ends:
            yield held
            held = []
    if held:
        yield held


def cells_of(card: Sequence[str]) -> list[str]:
    """A card as the cells of COLUMNS; raises BadCard."""
    if not BEGIN.match(card[0]):
        raise BadCard(card[0][:SHOWN])
    if not END.match(card[-1]):
        raise BadCard("END:VCARD?")
    found = list(properties(card))
    if len(found) < len(card):
        raise BadCard(next(line for line in card if not any(properties([line])))[:SHOWN])
    if strange := [
        one.value.strip() for one in found if one.name == "VERSION" and one.value.strip() not in READ
    ]:
        raise BadCard(f"VERSION:{strange[0]}")
    return filled(found)


def properties(card: Iterable[str]) -> Iterator[Property]:
    """The properties of a card, without the lines that are none."""
    for line in card:
        if found := LINE.fullmatch(line):
            name, value = found["name"].upper(), found["value"]
            if name in USED and QUOTED.match(line):
                value = unquoted(value, found["params"])
            if value is not None:
                yield Property(name, value, types_of(found["params"]))


def unquoted(value: str, params: str) -> str | None:
    """A value out of quoted-printable, in the charset that its parameters tell; None where it is none.

    A semicolon that was quoted is part of a text, and parts nothing.
    """
    charset = CHARSET.search(params)
    kept = re.sub("=3b", r"\\;", value, flags=re.IGNORECASE).encode()
    try:
        return quopri.decodestring(kept).decode(charset[1] if charset else "utf-8")
    except (LookupError, UnicodeError):
        return None


def types_of(params: str) -> frozenset[str]:
    """The types of a property, told as TYPE=work,home or, as many write them, alone; `pref` of the preferred one."""
    found: set[str] = set()
    for param in params.casefold().replace('"', "").split(";"):
        name, sign, values = param.partition("=")
        found |= set(values.split(",")) if name == "type" else set() if sign and name != "pref" else {name}
    return frozenset(filter(None, map(str.strip, found)))


def filled(card: Sequence[Property]) -> list[str]:
    """Properties as the cells of COLUMNS."""
    told: dict[str, list[str]] = {column: [] for column in COLUMNS}
    for each in card:
        if each.name != "ADR" or not (told["city"] or told["country"]):
            for column, text in told_by(each):
                told[column] += [text] if text else []
    names = told["name"]
    told["name"], told["name_local"] = names[:1], names[1:2]
    is_ours = any(each.name == "PRODID" and each.value.strip() == OURS for each in card)
    if is_ours and any(told[column] for column in JOINED - {"tags"}):  # by which the person is met again
        told["external_key"] = [key for key in told["external_key"] if not key.startswith("urn:uuid:")]
    return [";".join(told[column] if column in JOINED else told[column][:1]) for column in COLUMNS]


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
            yield from _reached(SEVERAL[name], one)
        case "TZ":
            yield "time_zone", plain(one.value) if "/" in one.value else ""
        case name if name in SIMPLE:
            yield SIMPLE[name], plain(one.value)


def _reached(kind: str, one: Property) -> Iterator[tuple[str, str]]:
    """An address or number under what it is, and where that is not told; nobody is called by a fax."""
    if "fax" in one.types:
        return
    text = plain(one.value).removeprefix("tel:").removeprefix("mailto:").split(";ext")[0]
    labels = (f"{kind}_{label}" for word, label in TYPES.items() if word in one.types)
    column = next((name for name in labels if name in COLUMNS), kind)
    if column == kind or "pref" in one.types:
        yield kind, text
    if column != kind:
        yield column, text


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
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"PRODID:{OURS}", f"FN:{name}"]
    lines += [f"FN:{one['name_local']}"] if one.get("name_local") else []
    if one.get("given_name") or one.get("family_name"):
        lines.append(f"N:{one.get('family_name', '')};{one.get('given_name', '')};;;")
    lines += [f"EMAIL{_type('email', text, told)}:{escaped(text)}" for text in told.get("email", ())]
    lines += [f"TEL;VALUE=uri{_type('phone', text, told)}:tel:{text}" for text in told.get("phone", ())]
    if one.get("city") or one.get("country"):
        lines.append(f"ADR:;;;{one.get('city', '')};;;{one.get('country', '')}")
    lines += [f"ORG:{one['company']}"] if one.get("company") else []
    lines += [f"{name}:{one[column]}" for name, column in SIMPLE.items() if one.get(column)]
    if told.get("tags"):
        lines.append(f"CATEGORIES:{','.join(map(escaped, told['tags']))}")
    return "".join(f"{folded(line)}\r\n" for line in (*lines, "END:VCARD"))


def _type(kind: str, text: str, told: Mapping[str, Sequence[str]]) -> str:
    """What an address or number is, as parameters; the first one is preferred to others."""
    known = (word for word, label in TYPES.items() if text in told.get(f"{kind}_{label}", ()))
    preferred = ";PREF=1" if len(told[kind]) > 1 and text == told[kind][0] else ""
    return "".join(f";TYPE={word}" for word in known) + preferred


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
