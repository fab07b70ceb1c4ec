"""A person was forgotten or put into the bin: open leads end without anybody's fault; who comes back is offered anew."""

from collections.abc import Mapping, Sequence

from django.db.models import Q

from treaty.handovers.commands.following import follow
from treaty.handovers.commands.offering import offer
from treaty.handovers.commands.telling import page_of
from treaty.handovers.facts import LeadWithdrawn
from treaty.handovers.models import Handover, Watch
from treaty.handovers.rules import acts
from treaty.handovers.rules.returns import BINNED
from treaty.ledger import commands as ledger
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import Recorded
from treaty.notices.commands import withdraw
from treaty.people.queries import holders
from treaty.staff.commands import erase_changes

IN_DEBT = Q(state="offered") | Q(state="accepted", first_touch_at=None)
"""Handovers of which an answer or a first touch is still owed."""


def follow_forgetting(batch: Sequence[Recorded]) -> None:
    """A listener: what is owed to the person is owed no more, notices are withdrawn, time alone qualifies nobody."""
    known = holders(batch)
    found = {known[line.about.id]: line for line in batch if line.about.id in known}
    persons = sorted(found)
    _withdraw_leads(found, acts.FORGOTTEN)
    ids = list(Handover.objects.filter(person__in=persons).order_by("pk").values_list("pk", flat=True))
    withdraw([page_of(handover) for handover in ids])
    erase_changes("handover", ids)
    Watch.objects.filter(person__in=persons).delete()


def follow_binning(batch: Sequence[Recorded]) -> None:
    """A listener: nobody owes anything to who is in the bin, and time alone qualifies nobody there."""
    known = holders(batch)
    found = {known[line.about.id]: line for line in batch if line.about.id in known}
    _withdraw_leads(found, acts.BINNED)
    Watch.objects.filter(person__in=sorted(found)).delete()


def follow_restoring(batch: Sequence[Recorded]) -> None:
    """A listener: whose lead ended in the bin is offered again, and new clocks begin."""
    known = holders(batch)
    persons = sorted({known[line.about.id] for line in batch if line.about.id in known})
    rows = Handover.objects.filter(person__in=persons).order_by("pk")
    newest = dict(rows.values_list("person_id", "return_reason"))
    again = [person for person, reason in newest.items() if reason == BINNED]
    if again:
        offer(again, at=max(line.recorded_at for line in batch), by=None, on_purpose=True)


def _withdraw_leads(forgotten: Mapping[int, Recorded], cause: str) -> None:
    """End the open leads of persons; clocks that were not due yet are excused, those that broke stay broken."""
    rows = list(Handover.objects.filter(IN_DEBT, person__in=sorted(forgotten)).order_by("pk"))
    for row in rows:
        line, about = forgotten[row.person_id], about_identity(row.identity_id)
        ledger.record(
            LeadWithdrawn(row.pk, cause),
            about=about,
            at=line.recorded_at,
            by=line.by,
            recorded_at=line.recorded_at,
        )
    if rows:
        follow([row.pk for row in rows], max(line.recorded_at for line in forgotten.values()))
