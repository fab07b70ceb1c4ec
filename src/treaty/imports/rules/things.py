"""What the rows of a file can be beside persons: the fields of each thing, and the names by which its columns are guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

Names = Mapping[str, tuple[str, ...]]
"""Every field a column can hold, and the names by which such a column is guessed."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row is: its fields, and of each set of `needs` one field that some column must hold."""

    key: str
    """companies; it names the kind of the run, too."""
    record: str
    """The kind of record whose own fields its columns can hold."""
    fields: Names
    needs: tuple[frozenset[str], ...]
    dates: tuple[str, ...] = ()
    """Fields by whose cells one sees whether dates begin with the day."""
    repeatable: frozenset[str] = frozenset()
    """Fields that several columns may hold together."""


COMPANIES = Thing(
    "companies",
    "company",
    {
        "name": (
            "company",
            "company name",
            "account",
            "account name",
            "organisation",
            "organization",
            "organization name",
            "nazwa",
            "nazwa firmy",
            "firma",
            "unternehmen",
            "unternehmensname",
            "entreprise",
            "nom de l'entreprise",
            "empresa",
            "azienda",
            "bedrijf",
            "компания",
            "название",
            "会社",
            "会社名",
            "公司",
            "公司名称",
            "الشركة",
        ),
        "external_key": ("id", "external id", "key", "record id", "account id", "company id"),
        "domain": (
            "domain",
            "company domain name",
            "website",
            "web site",
            "url",
            "домен",
            "ドメイン",
            "域名",
        ),
        "sector": ("sector", "industry", "branche", "branża", "отрасль", "業種", "行业", "القطاع"),
        "employees": (
            "employees",
            "number of employees",
            "headcount",
            "size",
            "mitarbeiter",
            "liczba pracownikow",
            "сотрудники",
            "従業員数",
            "员工人数",
        ),
        "founded": ("founded", "year founded", "year established", "founded year", "rok zalozenia", "設立"),
        "revenue": ("revenue", "annual revenue", "turnover", "umsatz", "obroty", "выручка", "売上", "收入"),
        "currency": ("currency", "revenue currency", "wahrung", "waluta", "валюта", "通貨", "货币"),
        "city": ("town", "miasto", "город", "stadt", "ville", "ciudad", "市", "城市", "المدينة"),
        "country": (
            "country code",
            "country/region",
            "kraj",
            "страна",
            "国",
            "land",
            "pays",
            "pais",
            "البلد",
        ),
        "owner": ("owner", "owner email", "company owner", "account owner", "assigned to"),
        "parent": ("parent", "parent company", "parent account", "subsidiary of", "belongs to"),
    },
    (frozenset({"name"}),),
)
