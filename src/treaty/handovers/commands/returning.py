"""Return a lead to marketing with a coded reason, and do what the agreement says the reason does."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from treaty.agreements import queries as agreements
from treaty.agreements.rules import ReturnReason
from treaty.handovers.commands.deciding import handover_for
from treaty.handovers.commands.following import follow
from treaty.handovers.commands.refusals import Refused, Why
from treaty.handovers.commands.telling import tell_returned
from treaty.handovers.facts import LeadReturned
from treaty.handovers.models import Handover
from treaty.handovers.rules.returns import CONSEQUENCES, Effect, held_until, what_is_missing
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.people import commands as people_commands
from treaty.people import queries as people
from treaty.people.queries.leads import leads
from treaty.people.rules import ORDER, Stage

MISSING = {"note": Why.NEEDS_NOTE, "identity": Why.NEEDS_IDENTITY}


@dataclass(frozen=True, slots=True)
class _Return:
    """A return on its way: the agreed reason, and what came with it."""

    reason: ReturnReason
    note: str
    hold_until: datetime | None
    identity: int | None

    @property
    def effect(self) -> Effect:
        """What the agreement says the reason does."""
        return Effect(self.reason.effect)

    @property
    def wrong(self) -> int | None:
        """The address or number that the reason says is wrong."""
        return self.identity if self.effect is Effect.INVALID_IDENTITY else None

    def checked(self, row: Handover, at: datetime) -> "_Return":
        """The return with the time until which the person is held; refused where something is missing."""
        missing = what_is_missing(self.effect, note=self.note, identity=self.identity)
        if missing is not None:
            raise Refused(MISSING[missing])
        if self.hold_until is not None and not CONSEQUENCES[self.effect].date:
            raise Refused(Why.TAKES_NO_DATE)
        if self.hold_until is not None and self.hold_until <= at:
            raise Refused(Why.PAST_DATE)
        if (
            self.identity is not None
            and self.identity not in people.identities_of([row.person_id])[row.person_id]
        ):
            raise Refused(Why.NEEDS_IDENTITY)
        held = held_until(self.effect, self.reason.hold_days, self.hold_until, at)
        return replace(self, hold_until=held)


@transaction.atomic
def return_lead(
    handover_id: int,
    *,
    reason: str,
    note: str,
    at: datetime,
    by: int | None,
    hold_until: datetime | None = None,
    identity: int | None = None,
) -> None:
    """Sales gives the lead back. The reason is one of the version under which it was offered."""
    row = handover_for(handover_id, by)
    complete = _Return(_agreed(row, reason), note, hold_until, identity).checked(row, at)
    _refuse_if_a_deal_is_on(row)
    decided = Handover.objects.filter(pk=row.pk, state__in=("offered", "accepted"))
    if not decided.update(state="returned", decided_at=at, hold_until=complete.hold_until):
        raise Refused(Why.DECIDED)
    held = complete.hold_until.isoformat() if complete.hold_until else ""
    fact = LeadReturned(row.pk, reason, complete.effect.value, held, complete.wrong)
    about = about_identity(row.identity_id)
    ledger.record(fact, about=about, at=at, by=by, recorded_at=at, text=note.strip())
    _do(complete, row, at, by)
    follow([row.pk], at)
    tell_returned(row, complete.reason.label, at=at, by=by)


def _agreed(row: Handover, code: str) -> ReturnReason:
    reasons = agreements.version_by_id(row.version_id).document.return_reasons
    agreed = next((one for one in reasons if one.code == code), None)
    if agreed is None:
        raise Refused(Why.UNKNOWN_REASON)
    return agreed


def _refuse_if_a_deal_is_on(row: Handover) -> None:
    stage = leads([row.person_id])[row.person_id].stage
    if row.state == "accepted" and ORDER[Stage(stage)] >= ORDER[Stage.OPPORTUNITY]:
        raise Refused(Why.HAS_DEAL)


def _do(complete: _Return, row: Handover, at: datetime, by: int | None) -> None:
    """What becomes of the person."""
    stage = Stage(CONSEQUENCES[complete.effect].stage)
    cause = LeadReturned.__name__
    people_commands.enter_stage([row.person_id], stage, at=at, cause=cause, by=by, back=True)
    if complete.wrong is not None:
        people_commands.invalidate_identity(row.person_id, identity=complete.wrong, at=at, by=by)
