"""Accept an offered lead, and take an acceptance back at once."""

from datetime import datetime

from django.db import transaction

from treaty.handovers.commands.following import follow
from treaty.handovers.commands.refusals import Refused, Why
from treaty.handovers.facts import AcceptanceUndone, LeadAccepted
from treaty.handovers.models import Handover
from treaty.handovers.queries import may_decide
from treaty.handovers.rules.saying import UNDO_IS_OVER
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.people import commands as people_commands
from treaty.people.queries.leads import leads
from treaty.people.rules import Stage
from treaty.staff import queries as staff


def handover_for(handover_id: int, by: int | None) -> Handover:
    """The handover, locked, if whoever acts may decide it. `by` None is the system itself."""
    row = Handover.objects.select_for_update().filter(pk=handover_id).first()
    if row is None:
        raise Refused(Why.UNKNOWN)
    if by is not None:
        user = staff.user_with_role(by)
        if user is None or not may_decide(user, row.owner_id, row.team_id):
            raise Refused(Why.NOT_YOURS)
    return row


@transaction.atomic
def accept(handover_id: int, *, at: datetime, by: int | None) -> None:
    """Sales accepts the lead: for its owner, or, where the whole team was asked, for whoever accepts."""
    row = handover_for(handover_id, by)
    owner = row.owner_id or by
    if owner is None:
        raise Refused(Why.NOT_YOURS)
    open_offer = Handover.objects.filter(pk=row.pk, state="offered")
    if not open_offer.update(state="accepted", owner_id=owner, decided_at=at):
        raise Refused(Why.DECIDED)
    fact = LeadAccepted(row.pk, owner)
    ledger.record(fact, about=about_identity(row.identity_id), at=at, by=by, recorded_at=at)
    if leads([row.person_id])[row.person_id].owner is None:
        people_commands.assign_owner([row.person_id], owner=owner, at=at, by=by)
    follow([row.pk], at)


@transaction.atomic
def undo_acceptance(handover_id: int, *, at: datetime, by: int | None) -> None:
    """Take an acceptance back, as if the key had not been pressed: at once, and before anybody was touched."""
    row = handover_for(handover_id, by)
    if row.state != "accepted" or row.decided_at is None:
        raise Refused(Why.DECIDED)
    if at - row.decided_at > UNDO_IS_OVER:
        raise Refused(Why.TOO_LATE)
    if row.first_touch_at is not None and row.first_touch_at >= row.decided_at:
        raise Refused(Why.TOUCHED)
    accepted = Handover.objects.filter(pk=row.pk, state="accepted", decided_at=row.decided_at)
    if not accepted.update(state="offered", decided_at=None):
        raise Refused(Why.DECIDED)
    about = about_identity(row.identity_id)
    ledger.record(AcceptanceUndone(row.pk), about=about, at=at, by=by, recorded_at=at)
    follow([row.pk], at)
    _put_person_back(row, at, by)


def _put_person_back(row: Handover, at: datetime, by: int | None) -> None:
    """The person's stage and owner, as they were before the key was pressed."""
    lead = leads([row.person_id])[row.person_id]
    if lead.stage == Stage.SAL:
        cause = AcceptanceUndone.__name__
        people_commands.enter_stage([row.person_id], Stage.MQL, at=at, cause=cause, by=by, back=True)
    was_the_teams = Handover.objects.filter(pk=row.pk, owner=None).exists()
    if was_the_teams and lead.owner == row.owner_id:
        people_commands.assign_owner([row.person_id], owner=None, at=at, by=by)
