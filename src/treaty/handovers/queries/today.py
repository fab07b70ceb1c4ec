"""Handovers as Today tells of them: what came back, what qualified, which clocks break soon, what channels brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from treaty.handovers.facts import LeadReturned
from treaty.handovers.models import Handover
from treaty.handovers.queries.cards import Card, cards_of
from treaty.handovers.queries.rows import (
    Condition,
    ReturnRow,
    channel_counts,
    first_cards,
    first_returns,
    number_of,
    seen_by,
)
from treaty.handovers.queries.standing import visible_handovers
from treaty.handovers.rules.returns import WITHDRAWN
from treaty.kit import sql
from treaty.ledger import queries as ledger
from treaty.ledger.facts import about_identity
from treaty.staff.queries import KnownCalendars, User


@dataclass(frozen=True, slots=True)
class ReturnedLead:
    """A lead that sales gave back: who, why in the agreement's words, and what the seller wrote."""

    id: int
    person: str
    person_local: str
    language: str
    line: str
    grade: str
    reason: str
    note: str
    owner: str
    returned_at: datetime
    hold_until: datetime | None

    @property
    def url(self) -> str:
        """Where the handover is read."""
        return f"/handovers/{self.id}/"


@dataclass(frozen=True, slots=True)
class ChannelLeads:
    """The leads of one channel ("" where none is known): how many qualified, and what became of them."""

    channel: str
    offered: int
    accepted: int
    returned: int


def returned_lately(user: User, since: datetime, limit: int = 8) -> list[ReturnedLead]:
    """What came back since an instant, the newest first, with the seller's words; two questions for all."""
    found = first_returns(returned_since(since) & seen_by(user), limit)
    notes = _notes(found)
    return [_returned(row, notes.get(row.card.pk, "")) for row in found]


def returned_count(user: User, since: datetime) -> int:
    """How many came back since an instant."""
    return number_of(returned_since(since) & seen_by(user))


def returned_since(since: datetime) -> Condition:
    """Returned by somebody, and not before an instant."""
    told = "h.state = 'returned' AND h.decided_at >= %s AND h.return_reason NOT IN (%s, %s)"
    return Condition(told, (sql.stamp(since), *WITHDRAWN))


def latest_qualified(
    user: User, at: datetime, limit: int = 6, *, known: KnownCalendars | None = None
) -> list[Card]:
    """The leads that qualified last, whatever became of them."""
    rows = first_cards(seen_by(user), "h.qualified_at DESC, h.id DESC", limit)
    return cards_of(rows, user, at, known=known)


def breaking_soon(
    user: User, at: datetime, until: datetime, limit: int = 8, *, known: KnownCalendars | None = None
) -> list[Card]:
    """Handovers with a clock that ran out or runs out before an instant, the first one on top."""
    rows = first_cards(breaks(until) & seen_by(user), "h.next_due_at, h.id", limit)
    return cards_of(rows, user, at, known=known)


def breaking_count(user: User, until: datetime) -> int:
    """How many there are of those."""
    return number_of(breaks(until) & seen_by(user))


def channels_between(user: User, since: datetime, until: datetime) -> list[ChannelLeads]:
    """What each channel brought of those who qualified in [since, until), the most leads first."""
    within = Condition("h.qualified_at >= %s AND h.qualified_at < %s", (sql.stamp(since), sql.stamp(until)))
    found = channel_counts(within & seen_by(user))
    return sorted((ChannelLeads(*row) for row in found), key=lambda row: (-row.offered, row.channel))


def leads_of_channel(
    user: User, channel: str, since: datetime, until: datetime, *, state: str = ""
) -> "QuerySet[Handover]":
    """The handovers behind such a figure, with the names a row shows, unordered; an empty state means all."""
    rows = visible_handovers(user).filter(
        person__channel=channel, qualified_at__gte=since, qualified_at__lt=until
    )
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("person__company", "owner")


def breaking(until: datetime) -> Q:
    """Offered, or accepted and not yet touched; told so that the engines walk along the clocks, not the states."""
    untouched = Q(first_touch_at=None) | Q(state="offered")
    return untouched & Q(next_due_at__lt=until) & ~Q(state="returned")


def breaks(until: datetime) -> Condition:
    """The same as `breaking`, written out."""
    untouched = "h.first_touch_at IS NULL OR h.state = 'offered'"
    return Condition(f"({untouched}) AND h.next_due_at < %s AND h.state <> 'returned'", (sql.stamp(until),))


def _notes(rows: Sequence[ReturnRow]) -> dict[int, str]:
    subjects = [about_identity(row.identity_id) for row in rows]
    lines = ledger.recent(subjects, 4 * len(subjects), kinds=[LeadReturned.__name__])
    return {line.fact.handover: line.text for line in lines if isinstance(line.fact, LeadReturned)}


def _returned(row: ReturnRow, note: str) -> ReturnedLead:
    card = row.card
    return ReturnedLead(
        id=card.pk,
        person=card.person,
        person_local=card.person_local,
        language=card.language,
        line=card.line,
        grade=card.grade,
        reason=card.reason,
        note=note,
        owner=card.owner,
        returned_at=row.returned_at,
        hold_until=row.hold_until,
    )
