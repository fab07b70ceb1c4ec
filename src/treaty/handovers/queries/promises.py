"""What stands behind the figures of sales' promises and marketing's volume: counts, and the handovers themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from treaty.handovers.models import Clock, Handover
from treaty.handovers.queries.standing import visible_handovers
from treaty.handovers.rules.acts import Name
from treaty.staff.queries import User

TEAM_PROMISES = (Name.TEAM_ACCEPT.value, Name.FIRST_TOUCH.value)
"""The clocks that judge the promises of sales; the personal accept clock judges persons and is counted apart."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise about one lead, as the list behind a figure shows it."""

    handover_id: int
    person_id: int
    person: str
    grade: str
    owner: str
    clause: str
    verdict: str
    cause: str
    due_at: datetime | None
    stopped_at: datetime | None

    @property
    def url(self) -> str:
        """Where the handover is read."""
        return f"/handovers/{self.handover_id}/"


def open_promises(version: int | None = None) -> dict[str, int]:
    """How many promises of each clause are running now, of one version (its row's id) or of all."""
    which = Q(name__in=TEAM_PROMISES, verdict="open", state="running")
    if version is not None:
        which &= Q(handover__version=version)
    rows = Clock.objects.filter(which).order_by("clause").values("clause").annotate(n=Count("pk"))
    return {row["clause"]: row["n"] for row in rows}


def promise_rows(
    user: User,
    *,
    clause: str = "",
    verdict: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 500,
) -> list[PromiseRow]:
    """The promises behind a figure: of a clause, a verdict, due in [since, until), soonest due first.

    Open ones are those that run; they are not bound to a month by their due time, so give no `since` for them.
    """
    rows = Clock.objects.filter(handover__in=visible_handovers(user).values("pk"), name__in=TEAM_PROMISES)
    for field, value in (
        ("clause", clause),
        ("verdict", verdict),
        ("due_at__gte", since),
        ("due_at__lt", until),
    ):
        if value:
            rows = rows.filter(**{field: value})
    if verdict == "open":
        rows = rows.filter(state="running")
    chosen = rows.select_related("handover__person", "handover__owner", "user").order_by("due_at", "pk")
    return [_row(clock) for clock in chosen[:limit]]


def volume_rows(user: User, *, since: datetime, until: datetime, letter: str = "") -> list[Handover]:
    """The handovers that count for marketing's volume in [since, until): one for each person who qualified."""
    rows = visible_handovers(user).filter(qualified_at__gte=since, qualified_at__lt=until)
    if letter:
        rows = rows.filter(grade__startswith=letter)
    first: dict[int, Handover] = {}
    for row in rows.select_related("person__company", "owner").order_by("qualified_at", "pk"):
        first.setdefault(row.person_id, row)
    return list(first.values())


def _row(clock: Clock) -> PromiseRow:
    row = clock.handover
    owner = clock.user or row.owner
    return PromiseRow(
        handover_id=row.pk,
        person_id=row.person_id,
        person=row.person.name,
        grade=row.grade,
        owner=owner.name if owner else "",
        clause=clock.clause,
        verdict=clock.verdict,
        cause=clock.cause,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
    )


def rows_about(user: User, about: Sequence[str]) -> list[Handover]:
    """The handovers that verdicts are about (`handover:7`), as far as the user sees them, in the order given."""
    ids = [int(part) for one in about if (part := one.partition(":")[2].split(":")[0]).isdigit()]
    rows = visible_handovers(user).filter(pk__in=ids).select_related("person__company", "owner")
    found = {row.pk: row for row in rows.order_by("pk")}
    return [found[one] for one in dict.fromkeys(ids) if one in found]
