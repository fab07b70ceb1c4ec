"""Hand an offered lead on to a colleague."""

from datetime import datetime

from django.db import transaction

from treaty.handovers.commands.deciding import handover_for
from treaty.handovers.commands.following import follow
from treaty.handovers.commands.refusals import Refused, Why
from treaty.handovers.commands.telling import tell_handed_on
from treaty.handovers.facts import LeadHandedOn
from treaty.handovers.models import Handover
from treaty.handovers.rules.causes import CAUSES
from treaty.handovers.rules.routing import Rule
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.people import commands as people_commands
from treaty.people.queries.leads import leads
from treaty.staff import queries as staff


@transaction.atomic
def hand_on(handover_id: int, *, to: int, cause: str, at: datetime, by: int | None) -> None:
    """Pass an offered lead to a colleague of sales; the clock of whoever had it closes, excused if still open."""
    row = handover_for(handover_id, by)
    _refuse_what_cannot_be(row, to, cause)
    routing: dict[str, object] = {"rule": Rule.BY_HAND.value, "candidates": [], "skipped": []}
    offered = Handover.objects.filter(pk=row.pk, state="offered", owner_id=row.owner_id)
    if not offered.update(owner_id=to, routing=routing):
        raise Refused(Why.DECIDED)
    fact = LeadHandedOn(row.pk, row.owner_id, to, cause, routing)
    ledger.record(fact, about=about_identity(row.identity_id), at=at, by=by, recorded_at=at)
    if leads([row.person_id])[row.person_id].owner == row.owner_id:
        people_commands.assign_owner([row.person_id], owner=to, at=at, by=by)
    follow([row.pk], at)
    tell_handed_on(row.pk, row.owner_id, at=at, by=by)


def _refuse_what_cannot_be(row: Handover, to: int, cause: str) -> None:
    if cause not in CAUSES:
        raise Refused(Why.UNKNOWN_CAUSE)
    if to == row.owner_id:
        raise Refused(Why.SAME_OWNER)
    if not any(one.id == to and one.side in {"sales", "both"} for one in staff.colleagues()):
        raise Refused(Why.UNKNOWN_COLLEAGUE)
