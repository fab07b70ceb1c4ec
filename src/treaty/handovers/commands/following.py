"""Follow what happens to open handovers: re-fold their clocks, and say each verdict once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from treaty.agreements import commands as agreements
from treaty.handovers.commands.telling_of_clocks import tell_broken, tell_due_soon
from treaty.handovers.models import Clock, Handover
from treaty.handovers.projections import refold
from treaty.handovers.rules.acts import Name, Verdict
from treaty.handovers.rules.saying import UNDO_IS_OVER, may_be_said
from treaty.kit.rows import among
from treaty.ledger.facts import SubjectKind
from treaty.ledger.queries import Recorded
from treaty.people import queries as people

AT_ONCE = 500
"""Handovers swept in one transaction."""
WARNED_AT_ONCE = 10_000
"""Clocks warned of in one transaction: whoever has many hears of all in one notice."""
ASKED_SOMEBODY = Q(user__isnull=False) & ~Q(name=Name.BUYER_TOUCH)
ASKED_A_TEAM = Q(name=Name.TEAM_ACCEPT, handover__owner=None, handover__state="offered")


@transaction.atomic
def follow(handovers: Collection[int], at: datetime) -> None:
    """Fold the clocks of some handovers again and say what is decided."""
    _locked(handovers)
    refold(handovers, at)
    _say(handovers, at)


def follow_touches(batch: Sequence[Recorded]) -> None:
    """A listener: attempts move the clocks of the open handovers of whoever was reached."""
    tried = [r for r in batch if type(r.fact).is_attempt and r.about.kind is SubjectKind.IDENTITY]
    if not tried:
        return
    persons = set(people.persons_of({line.about.id for line in tried}).values())
    at = max(line.recorded_at for line in tried)
    earliest = min(line.occurred_at for line in tried)
    untouched = Q(first_touch_at=None) | Q(first_touch_at__gt=earliest)
    open_ones = Handover.objects.filter(untouched, person__in=persons).exclude(
        state="returned", decided_at__lt=earliest
    )
    found = list(open_ones.order_by("pk").values_list("pk", flat=True))
    if found:
        follow(found, at)


def sweep_clocks(at: datetime) -> int:
    """Break what ran out, say what can no longer be undone, and tell who is due soon; how many verdicts were said.

    Run it every few seconds: a promise is broken at its due time and recorded at the next sweep after it.
    """
    said = 0
    while found := _due(at):
        with transaction.atomic():
            _locked(found)
            ran_out = Clock.objects.filter(handover__in=found, verdict=Verdict.OPEN, due_at__lt=at)
            ran_out.update(verdict=Verdict.BROKEN, is_unsaid=True)
            said += _say(found, at)
    _warn(at)
    return said


def _due(at: datetime) -> list[int]:
    """Handovers with something to break or to say."""
    ran_out = Clock.objects.filter(verdict=Verdict.OPEN, due_at__lt=at).order_by("due_at")
    found = list(ran_out.values_list("handover_id", flat=True)[:AT_ONCE])
    if len(found) < AT_ONCE:
        sayable = Clock.objects.filter(is_unsaid=True, stopped_at__lt=at - UNDO_IS_OVER).order_by(
            "stopped_at"
        )
        found += sayable.values_list("handover_id", flat=True)[:AT_ONCE]
        unended = Clock.objects.filter(is_unsaid=True, stopped_at=None).order_by("due_at")
        found += unended.values_list("handover_id", flat=True)[:AT_ONCE]
    return sorted(set(found))


def _warn(at: datetime) -> None:
    """Tell whoever has to act once, while the clock still runs."""
    soon = Clock.objects.filter(verdict=Verdict.OPEN, warned_at=None, warn_at__lte=at, due_at__gte=at)
    soon = soon.filter(ASKED_SOMEBODY | ASKED_A_TEAM, state="running").order_by("due_at", "pk")
    if not soon.exists():
        return
    with transaction.atomic():
        claimed = soon.select_for_update(of=("self",)).select_related("handover").defer("handover__routing")
        clocks = list(claimed[:WARNED_AT_ONCE])
        among(Clock, "id", [clock.pk for clock in clocks]).update(warned_at=at)
        tell_due_soon(clocks, at)


def _locked(handovers: Collection[int]) -> None:
    """Nobody else follows these until the transaction ends; SQLite has one writer anyway."""
    list(Handover.objects.select_for_update().filter(pk__in=handovers).order_by("pk").values_list("pk"))


def _say(handovers: Collection[int], at: datetime) -> int:
    """Write final verdicts into the ledger, each once, and tell of those that broke."""
    unsaid = Clock.objects.filter(handover__in=handovers, is_unsaid=True)
    clocks = [
        clock
        for clock in unsaid.select_related("handover").order_by("due_at", "pk")
        if may_be_said(clock.verdict, clock.stopped_at, _undoable_at(clock.handover), at)
    ]
    for clock in clocks:
        _record(clock, at)
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(said=F("verdict"), is_unsaid=False)
    broken = [clock for clock in clocks if clock.verdict == Verdict.BROKEN]
    if broken:
        tell_broken(broken, at)
    return len(clocks)


def _undoable_at(row: Handover) -> datetime | None:
    """When the acceptance was made that may still be undone; None if there is none, or the buyer was touched since."""
    if row.state != "accepted" or row.decided_at is None:
        return None
    touched = row.first_touch_at is not None and row.first_touch_at > row.decided_at
    return None if touched else row.decided_at


def _record(clock: Clock, at: datetime) -> None:
    """The verdict of one clock: the team's accept promise names nobody, all others whose act was awaited."""
    if clock.due_at is None:
        return
    happened_at = (
        clock.due_at if clock.verdict == Verdict.BROKEN or clock.stopped_at is None else clock.stopped_at
    )
    agreements.record_verdict(
        clock.verdict,
        version=clock.handover.version_id,
        clause=clock.clause,
        side="sales",
        about=about(clock.handover_id, clock.name, clock.sequence),
        due_at=clock.due_at,
        user=clock.user_id,
        cause=clock.cause,
        at=happened_at,
        known_at=at,
    )


def about(handover: int, name: str, sequence: int) -> str:
    """What a verdict judges: `handover:7` for the promises of sales, `offer:7:2` for one person's accept clock."""
    return f"offer:{handover}:{sequence}" if name == Name.PERSONAL_ACCEPT else f"handover:{handover}"
