"""A row of a file as the draft of a company."""

from collections.abc import Sequence

from treaty.imports.rules.columns import Columns
from treaty.imports.rules.persons import country_code
from treaty.imports.rules.problems import BadField
from treaty.imports.rules.rows import Around, Reading, money, texts, whole
from treaty.people.rules import CompanyDraft

LENGTHS = {
    "name": 200,
    "external_key": 100,
    "domain": 253,
    "sector": 80,
    "city": 120,
    "country": 80,
    "parent": 200,
}
"""How many characters each text holds."""
MOST_EMPLOYEES = 2_147_483_647


def company_of(columns: Columns, cells: Sequence[str], around: Around) -> CompanyDraft:
    """The company a row tells of; raises BadRow with every wrong field. Without an external key it is met by its name."""
    told, reading = texts(columns, cells), _Reading(columns, around)
    for field, text in told.items():
        reading.read(field, text, told)
    if not told.get("name"):
        reading.bad.append(BadField("name", "blank"))
    reading.whole()
    return CompanyDraft(**reading.values)


class _Reading(Reading):
    """One row on its way to the draft of a company."""

    def __init__(self, columns: Columns, around: Around) -> None:
        super().__init__(columns.own, day_first=around.day_first)
        self.around = around

    def read(self, field: str, text: str, told: dict[str, str]) -> None:
        """Take one field of the row."""
        if len(text) > LENGTHS.get(field, len(text)):
            self.bad.append(BadField(field, "too_long"))
        elif field in self.own.fields:
            self.take_own(field, text)
        elif field == "external_key":
            self.values["key"] = f"{self.around.source}:{text}"
        elif field == "revenue":
            self._revenue(text, told.get("currency", "").upper() or self.around.currency)
        elif field == "owner":
            self.values[field] = self.take(
                field, text, "bad_owner", lambda name: self.around.owners[name.casefold().strip()]
            )
        elif field in RANGES:
            self._number(field, text)
        elif field != "currency":
            self.values[field] = READERS.get(field, str)(text)

    def _number(self, field: str, text: str) -> None:
        number = self.take(field, text, "bad_number", whole)
        if number is not None and number not in RANGES[field]:
            self.bad.append(BadField(field, "bad_number", text[:80]))
        self.values[field] = number

    def _revenue(self, text: str, currency: str) -> None:
        amount = self.take("revenue", text, "bad_money", lambda told: money(told, currency))
        if amount is not None:
            self.values |= {"revenue_minor": amount.minor, "revenue_currency": amount.currency}


RANGES = {"employees": range(MOST_EMPLOYEES + 1), "founded": range(1, 10_000)}


def domain(text: str) -> str:
    """The host of a web address: https://www.kestrel.example/about is kestrel.example."""
    host = text.casefold().partition("://")[2] or text.casefold()
    return host.partition("/")[0].removeprefix("www.")


def country(text: str) -> str:
    """Two letters where the name is known, else what the file says."""
    try:
        return country_code(text)
    except KeyError:
        return text


READERS = {"domain": domain, "country": country}
"""Fields whose texts are brought into one form."""
