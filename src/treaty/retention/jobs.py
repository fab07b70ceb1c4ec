"""Keeping the rules as long work: every night, in portions, with its progress; it can be cancelled between two of them."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from treaty.kit import jobs
from treaty.kit.jobs import Progress, job
from treaty.kit.queries import running_jobs
from treaty.retention import commands, queries
from treaty.retention.rules import Kind


@job("keep_retention", attempts=3)
def keep_retention(progress: Progress) -> dict[str, int]:
    """Take what the rules that are on say; how much each took."""

    def step(taken: int) -> None:
        progress.advance(taken)
        progress.check()

    return {kind.value: commands.take(kind, at=timezone.now(), step=step) for kind in Kind}


def keep_tonight(at: datetime) -> None:
    """Ask for the work where a rule is on, unless it waits or runs already."""
    if queries.rules() and all(one.name != "keep_retention" for one in running_jobs(at)):
        jobs.start("keep_retention", _("Keep the rules of retention"), {}, by=None)
