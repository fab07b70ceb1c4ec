"""Everything that recurs, on one page: its name, how often, and what is run. Also who hears that a job has ended."""

from datetime import datetime, timedelta

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from treaty.agreements import commands as agreements
from treaty.conversations import commands as conversations
from treaty.deals import commands as deals
from treaty.documents import commands as documents
from treaty.documents.jobs import read_new_documents
from treaty.handovers import commands as handovers
from treaty.imports import commands as imports
from treaty.kit import commands as kit
from treaty.kit import jobs
from treaty.kit.commands import Claimed
from treaty.kit.commands.changes import forget_marks
from treaty.kit.schedule import Recurring
from treaty.mail import commands as mail
from treaty.mail import delivery
from treaty.notices import commands as notices
from treaty.people import commands as people
from treaty.people.jobs import look_for_duplicates
from treaty.retention.jobs import keep_tonight
from treaty.scoreboard.commands import judge_month, keep_figures
from treaty.scoring import queries as scores
from treaty.scoring.projections import refold
from treaty.segments.projections import follow
from treaty.staff import commands as staff
from treaty.warehouse import commands as lake
from treaty.webhooks import commands as webhooks
from treaty.webhooks import delivery as posting

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


def mend_journal(at: datetime) -> None:
    """Names in the journal of forgettings whom a power failure left out."""
    people.mend_journal(at=at)


def purge_bin(at: datetime) -> None:
    """Forgets who lay in the bin for a month, and empties what lay there."""
    people.purge_bin(at=at)
    people.purge_companies(at=at)
    deals.purge_deals(at=at)
    conversations.purge_notes(at=at)


def forget_files(at: datetime) -> None:
    """Drops files of imports and exports that lay long enough."""
    imports.forget_files(at=at)


def forget_sessions(_at: datetime) -> None:
    """Drops the rows of sessions that are over."""
    call_command("clearsessions")


def refold_due_scores(at: datetime) -> None:
    """Folds scores whose engagement has faded to another grade meanwhile; what is left waits for the next turn."""
    refold(scores.due(at, 5_000), at)


def forget_changed_rows(at: datetime) -> None:
    """Drops marks of changed rows that the lake has seen."""
    forget_marks(before=at - lake.KEPT)


jobs.when_ended(tell_end)


def begin_versions(at: datetime) -> None:
    """Puts versions of the agreement in force whose date has come."""
    agreements.begin_due(at)


SECONDS = timedelta(seconds=5)
"""The clocks' beat: a promise that breaks is recorded well within a minute, and notices leave soon after."""

RECURRING = (
    Recurring(
        "handovers: break what ran out, warn of what is due",
        SECONDS,
        handovers.sweep_clocks,
        _("Clocks: break promises that ran out, warn of those due soon"),
    ),
    Recurring(
        "handovers: offer whom time let qualify",
        timedelta(seconds=15),
        handovers.sweep_qualifying,
        _("Offer persons who qualify because time passed"),
    ),
    Recurring(
        "agreement: put due versions in force",
        timedelta(seconds=15),
        agreements.begin_due,
        _("Put versions of the agreement in force on their day"),
    ),
    Recurring(
        "scores: fold those that time changed",
        timedelta(minutes=1),
        refold_due_scores,
        _("Count scores anew that time has changed"),
    ),
    Recurring(
        "people: look for duplicates of who came or changed",
        timedelta(minutes=1),
        look_for_duplicates,
        _("Look for duplicates of persons who came or changed"),
    ),
    Recurring(
        "segments: ask those again whom facts or time moved",
        SECONDS,
        follow,
        _("Look who enters and leaves segments"),
    ),
    Recurring(
        "lake: take in what happened",
        timedelta(seconds=15),
        lake.follow,
        _("Take what happened into the lake"),
    ),
    Recurring(
        "lake: forget yesterday's marks of changed rows",
        timedelta(hours=1),
        forget_changed_rows,
        _("Forget which rows changed before yesterday"),
    ),
    Recurring(
        "scoreboard: judge finished months",
        timedelta(minutes=10),
        judge_month,
        _("Judge the promises of finished months"),
    ),
    Recurring(
        "scoreboard: keep this month's figures ready",
        timedelta(seconds=45),
        keep_figures,
        _("Keep this month’s figures ready"),
    ),
    Recurring(
        "jobs: take back what a dead worker left",
        timedelta(seconds=10),
        kit.recover_jobs,
        _("Take back jobs of a worker that died"),
    ),
    Recurring("mail: deliver what waits", SECONDS, delivery.deliver_waiting, _("Send mails that wait")),
    Recurring(
        "mail: forget what was sent a month ago",
        timedelta(days=1),
        forget_sent_mail,
        _("Forget mails sent a month ago"),
    ),
    Recurring("webhooks: queue new facts", SECONDS, webhooks.queue_facts, _("Queue new facts for webhooks")),
    Recurring(
        "webhooks: send what is due",
        SECONDS,
        posting.deliver_due,
        _("Send messages of webhooks that are due"),
    ),
    Recurring(
        "webhooks: forget what ended a month ago",
        timedelta(days=1),
        webhooks.forget_ended,
        _("Forget messages of webhooks that ended a month ago"),
    ),
    Recurring(
        "hours: copy public holidays that came into view",
        timedelta(days=1),
        staff.top_up_holidays,
        _("Take over public holidays of the coming months"),
    ),
    Recurring(
        "keys: forget answers of yesterday's calls",
        timedelta(hours=1),
        staff.forget_answers,
        _("Forget yesterday’s answers of the API"),
    ),
    Recurring(
        "people: empty the bin of what lay there for a month",
        timedelta(hours=1),
        purge_bin,
        _("Empty the bin of what lay there for 30 days"),
    ),
    Recurring(
        "people: mend the journal of forgettings",
        timedelta(days=1),
        mend_journal,
        _("Complete the journal of persons forgotten"),
    ),
    Recurring(
        "documents: read new ones for the search",
        timedelta(seconds=10),
        read_new_documents,
        _("Read new documents, so that they are found by their words"),
    ),
    Recurring(
        "documents: let go of what nobody needs",
        timedelta(days=1),
        documents.sweep,
        _("Let go of documents and files that nobody needs any more"),
    ),
    Recurring(
        "imports: let go of files that lay long enough",
        timedelta(days=1),
        forget_files,
        _("Let go of files of imports and exports that lay long enough"),
    ),
    Recurring(
        "retention: keep the rules that are on",
        timedelta(days=1),
        keep_tonight,
        _("Apply the rules of retention"),
    ),
    Recurring(
        "sessions: forget those that ended",
        timedelta(days=1),
        forget_sessions,
        _("Forget sign-ins that ended"),
    ),
)
