"""Looking for duplicates as long work: in steps that are kept, with its progress, until nobody waits."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from treaty.kit import jobs
from treaty.kit.jobs import Progress, job
from treaty.kit.queries import running_jobs
from treaty.people.commands import Scan
from treaty.people.queries import waiting

AT_ONCE = 500
"""Changes up to which a turn of the schedule looks at them itself; more become long work that people can watch."""


@job("find_duplicates", attempts=3)
def find_duplicates(progress: Progress) -> dict[str, int]:
    """Look at all who came or changed; how many changes that were, and how many pairs look like one person."""
    scan, done, total = Scan(), 0, waiting()
    while number := scan.step(at=timezone.now()):
        done += number
        progress.advance(done, max(total, done))
        progress.check()
    return {"changes": done, "pairs": scan.found}


def look_for_duplicates(at: datetime) -> None:
    """Look at the few who came or changed since the last turn; for many, ask for long work unless it waits or runs."""
    if waiting(AT_ONCE + 1) <= AT_ONCE:
        Scan().step(at=at, limit=AT_ONCE)
    elif all(one.name != "find_duplicates" for one in running_jobs(at)):
        jobs.start("find_duplicates", _("Look for duplicates"), {}, by=None)
