"""The files of the Maven CRM sample: accounts, sales teams, products, pipeline. Mapping: docs/how-to/import.md."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from treaty.deals.rules import DealDraft, PastDeal
from treaty.imports.rules.problems import BadField, BadRow
from treaty.kit.rules.money import Money
from treaty.people.rules import CompanyDraft

SOURCE = "maven"
FILES = ("accounts.csv", "sales_teams.csv", "products.csv", "sales_pipeline.csv")
COLUMNS = {
    "accounts.csv": (
        "account",
        "sector",
        "year_established",
        "revenue",
        "employees",
        "office_location",
        "subsidiary_of",
    ),
    "sales_teams.csv": ("sales_agent", "manager", "regional_office"),
    "products.csv": ("product", "series", "sales_price"),
    "sales_pipeline.csv": (
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ),
}
SPELLINGS = {
    ("product", "GTXPro"): "GTX Pro",
    ("sector", "technolgy"): "technology",
    ("office_location", "Philipines"): "Philippines",
}
"""Misspellings in the files, by field, and what they mean."""

STAGES = {"Prospecting": "new", "Engaging": "qualified", "Won": "won", "Lost": "lost"}
CURRENCY = "USD"
NO_COMPANY = "without_company"
MILLION = 1_000_000


def spelled(field: str, text: str) -> str:
    """A value as it is meant."""
    return SPELLINGS.get((field, text.strip()), text.strip())


def company_of(row: Mapping[str, str]) -> CompanyDraft:
    """The company of an account; raises BadRow. Revenue is given in millions of dollars."""
    try:
        return CompanyDraft(
            name=row["account"].strip(),
            key=f"{SOURCE}:{row['account'].strip()}",
            sector=spelled("sector", row["sector"]),
            employees=int(row["employees"]),
            founded=int(row["year_established"]),
            revenue_minor=Money.parse(str(Decimal(row["revenue"]) * MILLION), CURRENCY).minor,
            revenue_currency=CURRENCY,
            country=spelled("office_location", row["office_location"]),
            parent=row["subsidiary_of"].strip(),
        )
    except (ValueError, InvalidOperation):
        raise BadRow([BadField("employees", "bad_number")]) from None


def deal_of(
    row: Mapping[str, str], *, company: int | None, owner: int | None, otherwise: datetime
) -> PastDeal:
    """The deal of an opportunity; raises BadRow. `otherwise` is when it opened if the row does not say."""
    if (stage := STAGES.get(row["deal_stage"].strip())) is None:
        raise BadRow([BadField("deal_stage", "bad_stage", row["deal_stage"][:80])])
    opened, closed = _day(row, "engage_date"), _day(row, "close_date")
    product, key = spelled("product", row["product"]), row["opportunity_id"].strip()
    name = f"{product}, {row['account'].strip()}" if row["account"].strip() else f"{product}, {key}"
    value = _value(row) if stage == "won" else None
    return PastDeal(
        key=f"{SOURCE}:{key}",
        draft=DealDraft(name, company=company, owner=owner, stage=stage, value=value, product=product),
        opened_at=opened or closed or otherwise,
        closed_at=closed,
        flags=() if row["account"].strip() else (NO_COMPANY,),
    )


def _day(row: Mapping[str, str], field: str) -> datetime | None:
    try:
        return (
            datetime.combine(date.fromisoformat(row[field].strip()), time(), UTC)
            if row[field].strip()
            else None
        )
    except ValueError:
        raise BadRow([BadField(field, "bad_added_at", row[field][:80])]) from None


def _value(row: Mapping[str, str]) -> Money | None:
    try:
        return Money.parse(row["close_value"].strip(), CURRENCY) if row["close_value"].strip() else None
    except ValueError:
        raise BadRow([BadField("close_value", "bad_number", row["close_value"][:80])]) from None
