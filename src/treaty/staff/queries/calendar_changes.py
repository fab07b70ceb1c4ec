"""When anybody's calendar changed: between two changes every instant knows the same calendars."""

from datetime import datetime

from treaty.staff.models import Absence, Membership, Schedule


def calendar_changes() -> list[datetime]:
    """The instants at which schedules, teams or absences were recorded or withdrawn, in order."""
    recorded = [
        model.objects.values_list("recorded_at", flat=True) for model in (Schedule, Membership, Absence)
    ]
    withdrawn = Absence.objects.filter(withdrawn_at__isnull=False).values_list("withdrawn_at", flat=True)
    return sorted({at for rows in (*recorded, withdrawn) for at in rows if at is not None})
