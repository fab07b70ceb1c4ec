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

WHO = ("person_key", "email", "phone")
"""Fields that say which person a row is about."""

DEALS = Thing(
    "deals",
    "deal",
    {
        "name": (
            "deal",
            "deal name",
            "opportunity",
            "opportunity name",
            "deal title",
            "nazwa",
            "nazwa szansy",
            "сделка",
            "название",
            "商談名",
            "商机名称",
            "title",
        ),
        "external_key": ("id", "external id", "key", "record id", "deal id", "opportunity id"),
        "email": (
            "e-mail",
            "mail",
            "email address",
            "contact email",
            "person email",
            "contact person email",
            "primary contact email",
        ),
        "phone": ("telephone", "phone number", "contact phone", "person phone", "telefon"),
        "person_key": ("contact id", "person id", "associated contact ids", "primary contact id"),
        "company": (
            "company name",
            "account",
            "account name",
            "organisation",
            "organization",
            "associated company",
            "firma",
            "компания",
            "会社",
            "公司",
            "客户名称",
        ),
        "ended_as": ("deal status", "won or lost"),
        "stage": ("deal stage", "stage name", "status", "etap", "стадия", "этап", "フェーズ", "阶段"),
        "value": (
            "amount",
            "deal value",
            "wert",
            "betrag",
            "kwota",
            "wartosc",
            "сумма",
            "金額",
            "金额",
            "montant",
        ),
        "currency": ("deal currency", "currency code", "wahrung", "waluta", "валюта", "通貨", "货币"),
        "opened_at": (
            "opened",
            "opened at",
            "created",
            "created at",
            "create date",
            "created date",
            "deal created",
            "engage date",
        ),
        "closed_at": ("closed", "closed at", "closed date", "won time", "lost time", "won at", "lost at"),
        "close_on": (
            "close date",
            "expected close date",
            "closes on",
            "expected close",
            "plan zamkniecia",
            "дата закрытия",
            "完了予定日",
            "预计成交日期",
        ),
        "owner": (
            "deal owner",
            "opportunity owner",
            "owner email",
            "assigned to",
            "sales agent",
            "owner name",
        ),
        "product": ("product name", "produkt", "продукт", "製品", "产品"),
        "reason": ("lost reason", "closed lost reason", "closed won reason", "won reason", "loss reason"),
    },
    (frozenset({"name"}),),
    ("opened_at", "closed_at", "close_on"),
    frozenset({*WHO, "closed_at", "reason"}),
)

TOUCHPOINTS = Thing(
    "touchpoints",
    "",
    {
        "kind": ("type", "activity type", "event type", "fact", "art", "typ", "тип", "種類", "类型"),
        "occurred_at": (
            "occurred at",
            "date",
            "time",
            "timestamp",
            "when",
            "activity date",
            "datum",
            "data",
            "дата",
            "日時",
            "时间",
        ),
        "email": ("e-mail", "mail address", "email address", "contact email", "person email"),
        "phone": ("telephone", "phone number", "contact phone", "telefon"),
        "person_key": ("contact id", "person id", "associated contact ids"),
        "name": ("person", "full name", "contact name", "contact"),
        "external_key": ("id", "external id", "key", "record id", "activity id"),
        "by": ("owner", "activity owner", "assigned to", "user", "done by", "who"),
        "text": ("note", "notes", "body", "message", "description", "comment", "notatka", "текст"),
        "form": ("form name",),
        "page": ("url", "page url", "landing page"),
        "file": ("file name", "download"),
        "mail": ("subject", "email subject", "mail subject"),
        "event": ("event name", "webinar"),
        "ad": ("advertisement", "ad name"),
        "outcome": ("result", "call outcome", "meeting outcome", "disposition"),
        "way": ("medium", "by which way"),
        "minutes": ("duration", "duration minutes", "length"),
        "seconds": ("duration seconds", "seconds on page"),
        "channel": ("source", "utm source"),
        "campaign": ("campaign name", "utm campaign"),
    },
    (frozenset({"kind"}), frozenset({"occurred_at"}), frozenset(WHO)),
    ("occurred_at",),
)
