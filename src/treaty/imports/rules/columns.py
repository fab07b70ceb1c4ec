"""Which column of a file holds which field of a person: guessed by its name, or told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from treaty.people.rules import fold

FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "person", "nazwa", "имя", "氏名", "姓名", "الاسم"),
    "given_name": ("given name", "first name", "firstname", "imie", "名"),
    "family_name": ("family name", "last name", "lastname", "surname", "nazwisko", "фамилия", "姓"),
    "name_local": ("local name", "name in own script"),
    "email": (
        "email",
        "e-mail",
        "mail",
        "email address",
        "e-mail address",
        "work email",
        "email 2",
        "other email",
    ),
    "phone": (
        "phone",
        "telephone",
        "phone number",
        "mobile",
        "mobile phone",
        "telefon",
        "телефон",
        "電話",
        "电话",
    ),
    "external_key": ("id", "external id", "external key", "record id", "prospect id"),
    "title": ("title", "job title", "role", "position", "stanowisko", "должность"),
    "language": ("language", "lang", "locale"),
    "time_zone": ("time zone", "timezone"),
    "country": ("country", "country code", "kraj", "страна", "国"),
    "city": ("city", "town", "miasto", "город"),
    "interest": ("interest", "interested in", "product"),
    "channel": ("channel", "source", "lead source", "origin", "original source"),
    "landing_page": ("landing page", "first page"),
    "company": (
        "company",
        "company name",
        "organisation",
        "organization",
        "firma",
        "компания",
        "会社",
        "公司",
    ),
    "owner": ("owner", "owner email", "assigned to"),
    "stage": ("stage", "lifecycle stage", "lead status"),
    "tags": ("tags", "labels"),
    "unsubscribed": ("unsubscribed", "opted out", "email opt out", "do not email"),
    "do_not_call": ("do not call", "no calls"),
    "added_at": (
        "added",
        "added at",
        "created",
        "created at",
        "create date",
        "first contact",
        "first contact date",
    ),
}
"""Every field a column can hold, and the names by which such a column is guessed."""

REPEATABLE = frozenset({"email", "phone", "tags"})
"""Fields that several columns may hold together."""


WHO = frozenset({"name", "given_name", "family_name", "email", "phone", "external_key"})
"""Fields of which one at least says who a person is."""


class BadMapping(ValueError):
    """A mapping that does not fit the file; `wording.unfit` says what would."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(f"{code}: {values}")


@dataclass(frozen=True, slots=True)
class Columns:
    """The field of each mapped column, by the column's place from 0."""

    by_place: tuple[tuple[int, str], ...]

    def named(self, header: Sequence[str]) -> dict[str, str]:
        """The mapping as names, to be shown and kept."""
        return {header[place]: field for place, field in self.by_place}


def guessed(header: Sequence[str]) -> Columns:
    """The columns whose names say what they hold; others are left out. Raises BadMapping."""
    return _checked(guesses(header), header)


def guesses(header: Sequence[str]) -> list[tuple[int, str]]:
    """The place and the field of each column whose name says what it holds."""
    fields = {fold(name): field for field, names in FIELDS.items() for name in (field, *names)}
    found: list[tuple[int, str]] = []
    taken: set[str] = set()
    for place, name in enumerate(header):
        field = fields.get(fold(name).replace("_", " ").strip()) or fields.get(fold(name).strip())
        if field and (field in REPEATABLE or field not in taken):
            taken.add(field)
            found.append((place, field))
    return found


def placed(header: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """The columns a page told by their places; raises BadMapping."""
    return _checked(sorted((int(place), field) for place, field in mapping.items()), header)


def told(header: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """The columns a mapping names: {column: field}; raises BadMapping."""
    found, taken = [], set[str]()
    for name, field in mapping.items():
        if name not in header:
            raise BadMapping("no_such_column", column=name, header=", ".join(header))
        if field not in FIELDS:
            raise BadMapping("no_such_field", field=field, fields=", ".join(FIELDS))
        if field in taken and field not in REPEATABLE:
            raise BadMapping("field_twice", field=field, repeatable=", ".join(sorted(REPEATABLE)))
        taken.add(field)
        found.append((list(header).index(name), field))
    return _checked(found, header)


def _checked(found: list[tuple[int, str]], header: Sequence[str]) -> Columns:
    if not {field for _place, field in found} & WHO:
        raise BadMapping("nobody", header=", ".join(header))
    return Columns(tuple(found))
