"""A person was forgotten: nobody is told of them by name any more; their handovers and clocks stay as they were."""

from collections.abc import Sequence

from treaty.handovers.commands.telling import page_of
from treaty.handovers.models import Handover, Watch
from treaty.ledger.queries import Recorded
from treaty.notices.commands import withdraw
from treaty.people.queries import holders
from treaty.staff.commands import erase_changes


def forget_names(batch: Sequence[Recorded]) -> None:
    """A listener: notices that name the person are withdrawn, and time alone qualifies them no more."""
    persons = sorted(set(holders(batch).values()))
    ids = list(Handover.objects.filter(person__in=persons).order_by("pk").values_list("pk", flat=True))
    withdraw([page_of(handover) for handover in ids])
    erase_changes("handover", ids)
    Watch.objects.filter(person__in=persons).delete()
