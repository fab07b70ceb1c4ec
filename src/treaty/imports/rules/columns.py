"""Which column of a file holds which field of a person: by the system it comes from, by its name, or told."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from treaty.fields.rules import LINKED, FieldRow, Kind, grown
from treaty.imports.rules.headings import ABROAD, FULL_OR_GIVEN
from treaty.imports.rules.presets import column_name, preset_of
from treaty.imports.rules.problems import SAID, TEXT
from treaty.imports.rules.things import COMPANIES, DEALS, TOUCHPOINTS, Thing
from treaty.people.rules import LABELS, Purpose

NAMES: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "full name",
        "person",
        "nazwa",
        "imie i nazwisko",
        "имя",
        "фио",
        "氏名",
        "姓名",
        "الاسم",
        "nom complet",
        "nombre completo",
        "vollstandiger name",
    ),
    "given_name": (
        "given name",
        "first name",
        "firstname",
        "imie",
        "名",
        "vorname",
        "prenom",
        "nombre",
        "nome",
        "voornaam",
        "fornamn",
    ),
    "family_name": (
        "family name",
        "last name",
        "lastname",
        "surname",
        "nazwisko",
        "фамилия",
        "姓",
        "nachname",
        "nom",
        "nom de famille",
        "apellidos",
        "cognome",
        "sobrenome",
        "achternaam",
        "efternamn",
        "sukunimi",
    ),
    "name_local": ("local name", "name in own script"),
    "email": (
        "email",
        "e-mail",
        "mail",
        "email address",
        "e-mail address",
        "email 2",
        "e-mail-adresse",
        "adresse e-mail",
        "correo",
        "correo electronico",
        "indirizzo e-mail",
        "e-mailadres",
        "e-postadress",
        "адрес электронной почты",
        "メールアドレス",
        "eメール",
        "电子邮件",
        "邮箱",
        "البريد الإلكتروني",
    ),
    "phone": (
        "phone",
        "telephone",
        "phone number",
        "telefon",
        "telefonnummer",
        "numer telefonu",
        "numero de telephone",
        "telephone number",
        "numero de telefono",
        "telefono",
        "numero di telefono",
        "telefoonnummer",
        "телефон",
        "номер телефона",
        "電話番号",
        "الهاتف",
        "電話",
        "电话",
    ),
    "email_work": ("work email", "email work", "business email"),
    "email_private": ("private email", "personal email", "email private", "email home", "home email"),
    "email_other": ("other email", "email other"),
    "phone_work": ("work phone", "phone work", "business phone"),
    "phone_private": ("private phone", "home phone", "phone private", "phone home"),
    "phone_mobile": (
        "mobile",
        "mobile phone",
        "phone mobile",
        "cell",
        "cell phone",
        "handy",
        "мобильный",
        "携帯電話",
        "手机",
    ),
    "phone_switchboard": ("switchboard", "main phone", "phone main"),
    "phone_other": ("other phone", "phone other"),
    "external_key": ("id", "external id", "external key", "record id", "prospect id"),
    "keys": ("keys",),
    "title": (
        "title",
        "job title",
        "role",
        "position",
        "stanowisko",
        "должность",
        "役職",
        "职位",
        "berufsbezeichnung",
        "cargo",
        "intitule du poste",
    ),
    "language": ("language", "lang", "locale"),
    "time_zone": ("time zone", "timezone"),
    "country": ("country", "country code", "country/region", "kraj", "страна", "国", "land", "pays", "pais"),
    "city": ("city", "town", "miasto", "город", "stadt", "ville", "ciudad", "市", "城市", "المدينة"),
    "interest": ("interest", "interested in", "product"),
    "channel": ("channel", "source", "lead source", "origin", "original source"),
    "landing_page": ("landing page", "first page"),
    "company": (
        "company",
        "company name",
        "organisation",
        "organization",
        "firma",
        "unternehmen",
        "unternehmensname",
        "entreprise",
        "nom de l'entreprise",
        "empresa",
        "azienda",
        "bedrijf",
        "org",
        "компания",
        "会社",
        "公司",
    ),
    "owner": ("owner", "owner email", "assigned to"),
    "stage": ("stage", "lifecycle stage"),
    "lead_status": ("lead status",),
    "tags": ("tags", "labels"),
    "consents": ("consents",),
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
        "first seen",
    ),
    "deleted": ("deleted", "is deleted", "isdeleted"),
}
FIELDS = {field: (*names, *ABROAD.get(field, ())) for field, names in NAMES.items()}
"""Every field a column can hold, and the names by which such a column is guessed."""

IDENTITIES: dict[str, tuple[str, str]] = {
    f"{kind}_{label}".rstrip("_"): (kind, label)
    for kind in ("email", "phone")
    for label in LABELS
    if f"{kind}_{label}".rstrip("_") in FIELDS
}
"""Fields that hold addresses and numbers: which of both, and what they are of a person."""
REPEATABLE = frozenset({*IDENTITIES, "tags", "lead_status"})
"""Fields that several columns may hold together."""
WHO = frozenset({"name", "given_name", "family_name", *IDENTITIES, "external_key", "keys"})
"""Fields of which one at least says who a person is."""


PERSONS = Thing("persons", "person", FIELDS, (WHO,), ("added_at",), REPEATABLE)
THINGS = {thing.key: thing for thing in (PERSONS, COMPANIES, DEALS, TOUCHPOINTS)}
"""What the rows of a file can be."""


class BadMapping(ValueError):
    """A mapping that does not fit the file; `wording.unfit` says what would."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(f"{code}: {values}")


@dataclass(frozen=True, slots=True)
class Own:
    """What columns of persons can hold because a company defined it: fields (`own.plan`), with its currency, and to what
    persons may agree (`consent.newsletter`)."""

    fields: dict[str, FieldRow] = dataclasses.field(default_factory=dict)
    currency: str = ""
    purposes: Mapping[str, Purpose] = dataclasses.field(default_factory=dict)

    def learn(self, name: str, value: object) -> None:
        """New tags of one row are there for the next, so that the row with one too many is the bad one. Raises BadValue."""
        row = self.fields[name]
        if row.kind is Kind.TAGS and value:
            self.fields[name] = dataclasses.replace(row, options=grown(value, row.options))

    @property
    def names(self) -> dict[str, str]:
        """What each is called."""
        told = {field: one.name for field, one in self.purposes.items()}
        return {field: row.name for field, row in self.fields.items()} | told


NO_OWN = Own()


@dataclass(frozen=True, slots=True)
class Columns:
    """The field of each mapped column, by the column's place from 0."""

    by_place: tuple[tuple[int, str], ...]
    own: Own = NO_OWN
    thing: Thing = PERSONS

    def linked(self) -> list[FieldRow]:
        """The mapped fields of one's own that point to other records."""
        mapped = (self.own.fields.get(field) for _place, field in self.by_place)
        return [row for row in mapped if row is not None and row.kind in LINKED]

    def named(self, header: Sequence[str]) -> dict[str, str]:
        """The mapping as names, to be shown and kept."""
        return {header[place]: field for place, field in self.by_place}

    def left_out(self, header: Sequence[str]) -> list[str]:
        """The names of columns that nothing is read from."""
        read = {place for place, _field in self.by_place}
        ours = {"", *SAID, TEXT}
        return [name for place, name in enumerate(header) if place not in read and name.strip() not in ours]


def digest(header: Sequence[str]) -> str:
    """The same for the same column names in any order and case, and for rows of such a file that were handed back."""
    names = sorted(column_name(name) for name in header if name not in {*SAID, TEXT})
    return hashlib.blake2b("\x1f".join(names).encode(), digest_size=16).hexdigest()


def guessed(header: Sequence[str], own: Own = NO_OWN, thing: Thing = PERSONS) -> Columns:
    """The columns whose names say what they hold; others are left out. Raises BadMapping."""
    return _checked(guesses(header, own, thing), header, own, thing)


def guesses(header: Sequence[str], own: Own = NO_OWN, thing: Thing = PERSONS) -> list[tuple[int, str]]:
    """The place and the field of each column whose name says what it holds: in the system it comes from, or at all."""
    preset = preset_of(header, thing.key)
    fields = {
        column_name(name): field for field, row in own.fields.items() for name in (field, row.key, row.name)
    }
    fields |= {column_name(name): field for field, one in own.purposes.items() for name in (field, one.name)}
    fields |= {column_name(name): field for field, names in thing.fields.items() for name in (field, *names)}
    fields |= preset.columns if preset else {}
    found: list[tuple[int, str]] = []
    taken: set[str] = set()
    for place, name in enumerate(header):
        field = fields.get(column_name(name))
        if field and (field in thing.repeatable or field not in taken):
            taken.add(field)
            found.append((place, field))
    return _parted(found, header) if thing is PERSONS else found


def _parted(found: list[tuple[int, str]], header: Sequence[str]) -> list[tuple[int, str]]:
    """The same, but `name` beside `surname`, and `имя` beside `фамилия`, is the given name."""
    fields = {field for _place, field in found}
    if "family_name" not in fields or "given_name" in fields:
        return found
    return [
        (place, "given_name" if field == "name" and column_name(header[place]) in FULL_OR_GIVEN else field)
        for place, field in found
    ]


def placed(
    header: Sequence[str], mapping: Mapping[str, str], own: Own = NO_OWN, thing: Thing = PERSONS
) -> Columns:
    """The columns a page told by their places; fields that are out of use since are left out. Raises BadMapping."""
    known = thing.fields.keys() | own.names.keys()
    places = sorted((int(place), field) for place, field in mapping.items() if field in known)
    return _checked(places, header, own, thing)


def told(
    header: Sequence[str], mapping: Mapping[str, str], own: Own = NO_OWN, thing: Thing = PERSONS
) -> Columns:
    """The columns a mapping names: {column: field}; raises BadMapping."""
    found, taken = [], set[str]()
    for name, field in mapping.items():
        if name not in header:
            raise BadMapping("no_such_column", column=name, header=", ".join(header))
        if field not in thing.fields and field not in own.names:
            raise BadMapping("no_such_field", field=field, fields=", ".join((*thing.fields, *own.names)))
        if field in taken and field not in thing.repeatable:
            raise BadMapping("field_twice", field=field, repeatable=", ".join(sorted(thing.repeatable)))
        taken.add(field)
        found.append((list(header).index(name), field))
    return _checked(found, header, own, thing)


def _checked(found: list[tuple[int, str]], header: Sequence[str], own: Own, thing: Thing) -> Columns:
    held = {field for _place, field in found}
    if lacking := next((needed for needed in thing.needs if not held & needed), None):
        fields = ", ".join(name for name in thing.fields if name in lacking)
        raise BadMapping(
            "nobody" if thing is PERSONS else "lacks_field", header=", ".join(header), fields=fields
        )
    return Columns(tuple(found), own, thing)
