"""Reading documents for the search as long work: beside the clocks, with its progress; it can be cancelled."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from treaty.documents import commands, queries
from treaty.kit import jobs
from treaty.kit.jobs import Progress, job
from treaty.kit.queries import running_jobs


@job("read_documents", attempts=3)
def read_documents(progress: Progress) -> dict[str, int]:
    """Read all contents that wait; how many those were."""
    done, last = 0, 0
    while (read := commands.read_next(at=timezone.now(), after=last)) is not None:
        done, last = done + 1, read
        progress.advance(done, done + queries.unread())
        progress.check()
    return {"documents": done}


def read_new_documents(at: datetime) -> None:
    """Ask for the work where something waits, unless it waits or runs already."""
    if queries.unread() and all(one.name != "read_documents" for one in running_jobs(at)):
        jobs.start("read_documents", _("Read documents for the search"), {}, by=None)
