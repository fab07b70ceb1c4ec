"""What the scoreboard counts: leads by the time they qualified, the promises about them, and how rows are named."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from treaty.handovers.models import Clock, Handover
from treaty.handovers.queries.standing import visible_handovers
from treaty.handovers.rules.acts import Name
from treaty.handovers.rules.figures import CountedLead, CountedPromise
from treaty.staff.queries import User

TEAM_PROMISES = (Name.TEAM_ACCEPT.value, Name.FIRST_TOUCH.value)
"""The clocks that judge the promises of sales; the personal accept clock judges persons and is counted apart."""

WAITING = "waiting"
"""A clock that has not begun: nothing is promised yet."""


@dataclass(frozen=True, slots=True)
class NamedLead:
    """What a list says of a handover to those who see it."""

    person: str
    company: str
    owner: str


def counted_leads(since: datetime, until: datetime) -> list[CountedLead]:
    """All handovers whose persons qualified in [since, until), in that order; for totals, which are for everybody."""
    rows = Handover.objects.filter(qualified_at__gte=since, qualified_at__lt=until)
    columns = ("pk", "person_id", "version_id", "grade", "state", "qualified_at", "decided_at")
    found = rows.order_by("qualified_at", "pk").values_list(*columns, "touch_seconds", "return_reason")
    return [CountedLead(*row) for row in found]


def counted_promises(since: datetime, until: datetime) -> list[CountedPromise]:
    """The promises of sales about the handovers of [since, until): those that run, and those that were judged."""
    rows = Clock.objects.filter(handover__qualified_at__gte=since, handover__qualified_at__lt=until)
    rows = rows.filter(name__in=TEAM_PROMISES).exclude(state=WAITING, verdict="open")
    columns = ("pk", "handover_id", "handover__version_id", "clause", "verdict", "due_at", "stopped_at")
    return [CountedPromise(*row) for row in rows.order_by("due_at", "pk").values_list(*columns)]


def promise_totals() -> dict[tuple[int, str, str], int]:
    """How many promises of sales there are over all time, by (version, clause, verdict)."""
    rows = Clock.objects.filter(name__in=TEAM_PROMISES).exclude(state=WAITING, verdict="open").order_by()
    found = rows.values_list("handover__version_id", "clause", "verdict").annotate(Count("pk"))
    return {(version, clause, verdict): number for version, clause, verdict, number in found}


def named_leads(user: User, handovers: Collection[int]) -> dict[int, NamedLead]:
    """Of some handovers those that the user sees, with names."""
    rows = visible_handovers(user).filter(pk__in=handovers).order_by("pk")
    columns = ("pk", "person__name", "person__company__name", "owner__name")
    return {row[0]: NamedLead(row[1], row[2] or "", row[3] or "") for row in rows.values_list(*columns)}
