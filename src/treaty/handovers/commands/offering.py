"""Offer leads to sales, many at once: whom, by the agreement's routing; and the clocks begin."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from treaty.agreements import queries as agreements
from treaty.agreements.queries import InForce
from treaty.handovers.commands.telling import tell_offered
from treaty.handovers.commands.turns import locked_pool, save_turns
from treaty.handovers.facts import LeadOffered, LeadQualified
from treaty.handovers.models import Handover, Watch
from treaty.handovers.projections import fold_new
from treaty.handovers.queries import blocked
from treaty.handovers.rules.routing import Choice, Lead, Pool
from treaty.kit import sql
from treaty.kit.collector import without_collector
from treaty.kit.rows import among
from treaty.kit.rules.business_time import Calendar, NoBusinessTime, business_time
from treaty.ledger import commands as ledger
from treaty.ledger.commands import Entry
from treaty.ledger.facts import about_identity
from treaty.people import commands as people_commands
from treaty.people.queries.leads import LeadRow, leads
from treaty.scoring import queries as scoring
from treaty.staff import queries as staff

UNSCORED = "D4"
"""The grade of somebody about whom nothing is known."""
BY_HAND = "hand"

TABLE = Handover._meta.db_table
COLUMNS = (
    "id",
    "person_id",
    "identity_id",
    "version_id",
    "team_id",
    "owner_id",
    "grade",
    "why",
    "state",
    "is_on_purpose",
    "qualified_at",
    "offered_at",
    "return_reason",
    "return_effect",
    "routing",
)


@dataclass(frozen=True, slots=True)
class Qualified:
    """A person to offer: when and by what they qualified, and the identity that did; None for the anchor."""

    person: int
    at: datetime
    why: str
    identity: int | None = None
    on_purpose: bool = False
    grade: str = ""
    """The grade at that instant; empty where the kept score says it."""


def offer(person_ids: Collection[int], *, at: datetime, by: int | None, on_purpose: bool = True) -> list[int]:
    """Offer persons now, on purpose or not; the ids of the new handovers.

    Whoever is offered, worked on or a customer already is passed over, so offering twice is offering once.
    Without an agreement in force nothing is offered.
    """
    found = [Qualified(person, at, BY_HAND, None, on_purpose) for person in sorted(set(person_ids))]
    return offer_qualified(found, at=at, by=by)


def offer_qualified(found: Sequence[Qualified], *, at: datetime, by: int | None) -> list[int]:
    """Offer those who qualified, in the order given; the ids of the new handovers."""
    agreement = agreements.in_force(at)
    if agreement is None or not found:
        return []
    with without_collector(), transaction.atomic():
        offering = _Offering.prepared(agreement, found, at, by)
        rows = offering.made()
        if not rows:
            return []
        offering.record(rows)
        offering.give_owners(rows)
        fold_new(rows, at)
        among(Watch, "person_id", [row.person_id for row in rows]).delete()
        tell_offered(rows, at)
    return [row.pk for row in rows]


@dataclass
class _Offering:
    """Everything that one call of offering needs, read at once."""

    agreement: InForce
    found: Sequence[Qualified]
    at: datetime
    by: int | None
    pool: Pool
    team: Calendar
    leads: Mapping[int, LeadRow]
    grades: Mapping[int, str]

    @classmethod
    def prepared(
        cls, agreement: InForce, found: Sequence[Qualified], at: datetime, by: int | None
    ) -> "_Offering":
        """Lock the pool first: whoever offers next sees what this call offered."""
        agreed = agreement.document.pool
        team = staff.team_calendar(agreed.team, at)
        pool = locked_pool(agreed, team, at)
        purposes = {one.person: one.on_purpose for one in found}
        stopped = blocked(purposes, at)
        left = [one for one in found if one.person not in stopped]
        ids = [one.person for one in left]
        return cls(agreement, left, at, by, pool, team, leads(ids), _grades(left))

    def made(self) -> list[Handover]:
        """Route everybody and make their rows."""
        dues: dict[timedelta, datetime | None] = {}
        rows = []
        for one in self.found:
            if one.person not in self.leads:
                continue
            grade = self.grades[one.person]
            budget = self.agreement.document.accept_terms(grade).budget
            if budget not in dues:
                dues[budget] = _due(self.team, self.at, budget)
            rows.append(self._row(one, grade, self.pool.route(self._lead(one.person, dues[budget]))))
        _insert(rows)
        save_turns(self.agreement.document.pool.key, self.pool, self.team, self.at)
        return rows

    def _lead(self, person: int, due_at: datetime | None) -> Lead:
        row = self.leads[person]
        owner = row.company_owner if self.agreement.document.pool.owner_first else None
        return Lead(row.language, owner, due_at)

    def _row(self, one: Qualified, grade: str, choice: Choice) -> Handover:
        return Handover(
            person_id=one.person,
            identity_id=one.identity or self.leads[one.person].anchor,
            version_id=self.agreement.id,
            team_id=self.agreement.document.pool.team,
            owner_id=choice.user,
            grade=grade,
            why=one.why,
            is_on_purpose=one.on_purpose,
            qualified_at=one.at,
            offered_at=self.at,
            routing={
                **choice.as_routing(),
                "pool": self.agreement.document.pool.key,
                "head": choice.head_is_told,
            },
        )

    def record(self, rows: Sequence[Handover]) -> None:
        """Two facts for each: the person qualified, and was offered."""
        entries = []
        for row in rows:
            qualified = LeadQualified(self.agreement.id, row.grade, row.why)
            about = about_identity(row.identity_id)
            key = f"handover:{row.pk}"
            entries.append(Entry(qualified, about, row.qualified_at, self.by, f"{key}:qualified"))
            entries.append(Entry(_offered(row), about, self.at, self.by, f"{key}:offered"))
        ledger.record_many(entries, recorded_at=self.at)

    def give_owners(self, rows: Sequence[Handover]) -> None:
        """Persons without an owner get whom they were offered to."""
        given: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            if row.owner_id is not None and self.leads[row.person_id].owner is None:
                given[row.owner_id].append(row.person_id)
        for owner, persons in sorted(given.items()):
            people_commands.assign_owner(persons, owner=owner, at=self.at, by=self.by)


def _insert(rows: Sequence[Handover]) -> None:
    """Write new handovers and give them their ids."""
    for row, number in zip(rows, sql.new_ids(TABLE, len(rows)), strict=True):
        row.pk = number
    sql.write_rows(TABLE, COLUMNS, map(_written, rows))


def _written(row: Handover) -> tuple[object, ...]:
    values = (getattr(row, column) for column in COLUMNS[:-1])
    plain = (sql.stamp(value) if isinstance(value, datetime) else value for value in values)
    return (*plain, json.dumps(row.routing))


def _grades(found: Sequence[Qualified]) -> dict[int, str]:
    scores = scoring.scores([one.person for one in found if not one.grade])
    kept = {person: score.grade for person, score in scores.items()}
    return {one.person: one.grade or kept.get(one.person, UNSCORED) for one in found}


def _offered(row: Handover) -> LeadOffered:
    return LeadOffered(
        handover=row.pk,
        version=row.version_id,
        grade=row.grade,
        team=row.team_id,
        owner=row.owner_id,
        qualified_at=row.qualified_at.isoformat(),
        on_purpose=row.is_on_purpose,
        routing=row.routing,
    )


def _due(calendar: Calendar, at: datetime, budget: timedelta) -> datetime | None:
    try:
        return business_time(calendar, at).due(at, budget)
    except NoBusinessTime:
        return None
