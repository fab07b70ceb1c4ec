"""A row of a file as a deal that another system kept."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from treaty.deals.rules import LOST, WON, DealDraft
from treaty.imports.rules.columns import Columns
from treaty.imports.rules.dates import moment
from treaty.imports.rules.persons import SEVERAL
from treaty.imports.rules.phones import phone
from treaty.imports.rules.problems import BadField
from treaty.imports.rules.rows import Around, Reading, money, texts
from treaty.imports.rules.things import WHO
from treaty.people.rules import BadIdentity, fold, normalised_email

LENGTHS = {"name": 200, "external_key": 78, "person_key": 250, "company": 200, "product": 120, "reason": 200}
"""How many characters each text holds."""
SIGNS = re.compile(r"[\W_]+")
LATEST = timedelta(minutes=10)
"""How far in the future a deal may have begun or ended, because clocks differ."""
ENDS = {"closedwon": "won", "closedlost": "lost", "gewonnen": "won", "verloren": "lost", "wygrane": "won"}
ENDS |= {
    "przegrane": "lost",
    "выиграна": "won",
    "проиграна": "lost",
    "受注": "won",
    "失注": "lost",
    "赢单": "won",
}
"""How other systems call the two ends of the road."""
ON_THE_WAY = {
    "appointmentscheduled": "new",
    "prospecting": "new",
    "contactmade": "new",
    "qualifiedtobuy": "qualified",
    "qualification": "qualified",
    "needsanalysis": "qualified",
    "valueproposition": "qualified",
    "iddecisionmakers": "qualified",
    "perceptionanalysis": "qualified",
    "presentationscheduled": "qualified",
    "demoscheduled": "qualified",
    "decisionmakerboughtin": "proposal",
    "proposalmade": "proposal",
    "proposalpricequote": "proposal",
    "contractsent": "negotiation",
    "negotiationsstarted": "negotiation",
    "negotiationreview": "negotiation",
}
"""The stages with which HubSpot, Salesforce and Pipedrive begin, as stages of ours."""
OPEN = frozenset({"open", "offen", "otwarta", "открыта", "進行中"})
"""How they call a deal that is on its way."""


@dataclass(frozen=True, slots=True)
class ToldDeal:
    """A deal as a row tells it: its person by identities, its company by name, blank where the row says nothing."""

    key: str
    draft: DealDraft
    who: tuple[tuple[str, str, str], ...] = ()
    """The field, the kind and the value of each identity of its person."""
    company: str = ""
    stage: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""

    @property
    def fields(self) -> Any:
        """What it tells of fields of one's own."""
        return self.draft.fields


def deal_of(columns: Columns, cells: Sequence[str], around: Around) -> ToldDeal:
    """The deal a row tells of; raises BadRow with every wrong field.

    Without an external key it is met again by its name, its person and its company.
    """
    told, reading = texts(columns, cells), _Reading(columns, around)
    for field, text in told.items():
        reading.read(field, text, told)
    if not told.get("name"):
        reading.bad.append(BadField("name", "blank"))
    reading.whole()
    deal = reading.deal()
    return deal if deal.key else replace(deal, key=_key_of(deal))


def _end(text: str) -> str:
    """won, lost, or nothing where a deal is open; raises KeyError."""
    word = SIGNS.sub("", text.casefold())
    return "" if word in OPEN else (ENDS | {WON: WON, LOST: LOST})[word]


def _key_of(deal: ToldDeal) -> str:
    names = (fold(deal.draft.name), fold(deal.company), *(value for _field, _kind, value in deal.who))
    return "row:" + hashlib.blake2b("\x1f".join(names).encode(), digest_size=16).hexdigest()


class _Reading(Reading):
    """One row on its way to a deal."""

    def __init__(self, columns: Columns, around: Around) -> None:
        super().__init__(columns.own, day_first=around.day_first)
        self.around = around
        self.who: list[tuple[str, str, str]] = []

    def deal(self) -> ToldDeal:
        """What the row told."""
        told = self.values
        draft = DealDraft(
            told["name"],
            owner=told.get("owner"),
            value=told.get("value"),
            close_on=told.get("close_on"),
            product=told.get("product", ""),
            fields=told.get("fields"),
        )
        rest = {name: told[name] for name in ("company", "stage", "opened_at", "reason") if name in told}
        rest |= {"stage": told["ended_as"]} if told.get("ended_as") else {}
        closed_at = told.get("closed_at")
        return ToldDeal(told.get("external_key", ""), draft, tuple(self.who), closed_at=closed_at, **rest)

    def read(self, field: str, text: str, told: dict[str, str]) -> None:
        """Take one field of the row."""
        if len(text) > LENGTHS.get(field, len(text)):
            self.bad.append(BadField(field, "too_long"))
        elif field in self.own.fields:
            self.take_own(field, text)
        elif field in WHO:
            self._person(field, text)
        elif field == "external_key":
            self.values[field] = f"{self.around.source}:{text}"
        elif field == "value":
            self._worth(text, told.get("currency", "").upper() or self.around.currency)
        elif field in {"stage", "ended_as"}:
            self._where(field, text)
        elif field == "owner":
            owners = self.around.owners
            self.values[field] = self.take(
                field, text, "bad_owner", lambda name: owners[name.casefold().strip()]
            )
        elif field in {"opened_at", "closed_at", "close_on"}:
            self._time(field, text)
        elif field != "currency":
            self.values[field] = text

    def _worth(self, text: str, currency: str) -> None:
        value = self.take("value", text, "bad_money", lambda amount: money(amount, currency))
        if value is not None and value.minor < 0:
            self.bad.append(BadField("value", "less_than_nothing", text[:80]))
        self.values["value"] = value

    def _time(self, field: str, text: str) -> None:
        first = text.partition(";")[0]
        at = self.take(field, first, "bad_added_at", lambda told: moment(told, day_first=self.day_first))
        now = self.around.at
        if field == "close_on":
            self.values[field] = at.date() if at is not None else None
            return
        if at is not None and now is not None and at > now + LATEST:
            self.bad.append(BadField(field, "in_future", first[:80]))
        self.values[field] = at

    def _where(self, field: str, text: str) -> None:
        """How far it is; that it ended says more than its stage."""
        code, read = ("bad_deal_stage", self._stage) if field == "stage" else ("bad_end", _end)
        self.values[field] = self.take(field, text, code, read)

    def _stage(self, text: str) -> str:
        word = text.casefold().strip()
        plain = SIGNS.sub("", word)
        known = self.around.stages
        return known.get(word) or known.get(plain) or ENDS.get(plain) or known[ON_THE_WAY[plain]]

    def _person(self, field: str, text: str) -> None:
        """By whom the deal is: a mail address, a number or a key of the other system."""
        for part in filter(None, map(str.strip, SEVERAL.split(text))):
            try:
                if field == "person_key":
                    self.who.append((field, "external", f"{self.around.source}:{part}"))
                else:
                    told = normalised_email(part) if field == "email" else phone(part, home=self.around.home)
                    self.who.append((field, field, told))
            except BadIdentity as wrong:
                self.bad.append(BadField(field, wrong.code, part[:80]))
