"""Handovers as Today tells of them: what came back, what qualified, which clocks break soon, what channels brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from treaty.agreements.queries import version_by_id
from treaty.handovers.facts import LeadReturned
from treaty.handovers.models import Handover
from treaty.handovers.queries.cards import Card, cards_of, in_order
from treaty.handovers.queries.standing import visible_handovers
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
    rows = visible_handovers(user).filter(state="returned", decided_at__gte=since)
    found = list(rows.select_related("person__company", "owner").order_by("-decided_at", "-pk")[:limit])
    notes = _notes(found)
    return [_returned(row, notes.get(row.pk, "")) for row in found]


def returned_count(user: User, since: datetime) -> int:
    """How many came back since an instant."""
    return visible_handovers(user).filter(state="returned", decided_at__gte=since).count()


def latest_qualified(
    user: User, at: datetime, limit: int = 6, *, known: KnownCalendars | None = None
) -> list[Card]:
    """The leads that qualified last, whatever became of them."""
    rows = in_order(visible_handovers(user)).order_by("-qualified_at", "-pk")
    return cards_of(rows[:limit], user, at, known=known)


def breaking_soon(
    user: User, at: datetime, until: datetime, limit: int = 8, *, known: KnownCalendars | None = None
) -> list[Card]:
    """Handovers with a clock that ran out or runs out before an instant, the first one on top."""
    rows = in_order(visible_handovers(user).filter(breaking(until))).order_by("next_due_at", "pk")
    return cards_of(rows[:limit], user, at, known=known)


def breaking_count(user: User, until: datetime) -> int:
    """How many there are of those."""
    return visible_handovers(user).filter(breaking(until)).count()


def channels_between(user: User, since: datetime, until: datetime) -> list[ChannelLeads]:
    """What each channel brought of those who qualified in [since, until), the most leads first."""
    rows = visible_handovers(user).filter(qualified_at__gte=since, qualified_at__lt=until).order_by()
    accepted, returned = (Count("pk", filter=Q(state=state)) for state in ("accepted", "returned"))
    found = rows.values_list("person__channel").annotate(Count("pk"), accepted=accepted, returned=returned)
    return sorted((ChannelLeads(*row) for row in found), key=lambda row: (-row.offered, row.channel))


def leads_of_channel(
    user: User, channel: str, since: datetime, until: datetime, *, state: str = "", limit: int = 200
) -> "QuerySet[Handover]":
    """The handovers behind such a figure, the latest qualified first; an empty state means all."""
    rows = visible_handovers(user).filter(
        person__channel=channel, qualified_at__gte=since, qualified_at__lt=until
    )
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("person__company", "owner").order_by("-qualified_at", "-pk")[:limit]


def breaking(until: datetime) -> Q:
    """Offered, or accepted and not yet touched; told so that the engines walk along the clocks, not the states."""
    untouched = Q(first_touch_at=None) | Q(state="offered")
    return untouched & Q(next_due_at__lt=until) & ~Q(state="returned")


def _notes(rows: "Sequence[Handover] | QuerySet[Handover]") -> dict[int, str]:
    subjects = [about_identity(row.identity_id) for row in rows]
    lines = ledger.recent(subjects, 4 * len(subjects), kinds=[LeadReturned.__name__])
    return {line.fact.handover: line.text for line in lines if isinstance(line.fact, LeadReturned)}


def _returned(row: Handover, note: str) -> ReturnedLead:
    person, document = row.person, version_by_id(row.version_id).document
    company = person.company.name if person.company else ""
    reasons = {reason.code: reason.label for reason in document.return_reasons}
    return ReturnedLead(
        id=row.pk,
        person=person.name,
        person_local=person.name_local,
        language=person.language,
        line=", ".join(part for part in (person.title, company, person.city) if part),
        grade=row.grade,
        reason=reasons.get(row.return_reason, row.return_reason),
        note=note,
        owner=row.owner.name if row.owner else "",
        returned_at=row.decided_at or row.offered_at,
        hold_until=row.hold_until,
    )
