"""Everything that recurs, on one page: its name, how often, and what is run. Also who hears that a job has ended."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from treaty.agreements import commands as agreements
from treaty.handovers import commands as handovers
from treaty.kit import commands as kit
from treaty.kit import jobs
from treaty.kit.commands import Claimed
from treaty.kit.schedule import Recurring
from treaty.mail import commands as mail
from treaty.mail import delivery
from treaty.notices import commands as notices
from treaty.scoring import commands as scoring
from treaty.staff import commands as staff

NOTICES = {"done": "job_done", "dead": "job_failed", "cancelled": "job_cancelled"}


def tell_end(job: Claimed, state: str, reason: str) -> None:
    """Whoever asked for long work hears of its end."""
    if job.by is not None:
        values = {"title": job.title, "reason": reason}
        key, url = f"job:{job.id}:{job.attempt}:{state}", reverse("kit:job", args=[job.id])
        notices.tell([job.by], kind=NOTICES[state], key=key, values=values, url=url, at=timezone.now())


def forget_sent_mail(at: datetime) -> None:
    """Drops the rows of mails sent a month ago."""
    mail.forget_sent(at=at)


jobs.when_ended(tell_end)


def begin_versions(at: datetime) -> None:
    """Puts versions of the agreement in force whose date has come."""
    agreements.begin_due(at)


RECURRING = (
    Recurring("handovers: judge the clocks that ran out", timedelta(seconds=10), handovers.sweep_clocks),
    Recurring("agreement: put in force what is due", timedelta(seconds=15), begin_versions),
    Recurring("scores: fade with time", timedelta(seconds=30), scoring.sweep),
    Recurring(
        "handovers: offer who qualifies by time alone", timedelta(seconds=30), handovers.sweep_qualifying
    ),
    Recurring("jobs: take back what a dead worker left", timedelta(seconds=10), kit.recover_jobs),
    Recurring("mail: deliver what waits", timedelta(seconds=5), delivery.deliver_waiting),
    Recurring("hours: copy the public holidays to come", timedelta(days=1), staff.top_up_holidays),
    Recurring("mail: forget what was sent a month ago", timedelta(days=1), forget_sent_mail),
)
