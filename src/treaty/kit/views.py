"""Pages of the installation itself: whether it lives, long work, and what is said when a request could not be done."""

import sys
from collections.abc import Callable
from http import HTTPStatus
from operator import itemgetter

import structlog
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from treaty.kit import commands, health, metrics, outage, queries, schedule, shell
from treaty.kit.described import PROBLEM
from treaty.kit.queries import JobView
from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.templatetags.kit import number
from treaty.kit.web import is_partial, page, redirect_back, toast

MANAGE = "manage_jobs"
STATES = {"waiting": "running", "dead": "failed", "discarded": "failed"}
"""How the progress bar calls the states of a job."""
JOB_STATES = {
    "waiting": gettext_lazy("waiting"),
    "running": gettext_lazy("running"),
    "done": gettext_lazy("done"),
    "dead": gettext_lazy("failed"),
    "cancelled": gettext_lazy("cancelled"),
    "discarded": gettext_lazy("discarded"),
}

UNAVAILABLE = {
    outage.AWAY: (
        gettext_lazy("The database does not answer"),
        gettext_lazy(
            "Nothing was saved. Treaty goes on by itself as soon as the database is back: try it again in a few seconds."
        ),
    ),
    outage.BUSY: (
        gettext_lazy("Treaty is busy"),
        gettext_lazy(
            "Others were writing for so long that nothing was saved. Try it again in a few seconds."
        ),
    ),
    outage.FULL: (
        gettext_lazy("The disk is full"),
        gettext_lazy(
            "Nothing was saved, and nothing is lost. Tell your administrator: Treaty goes on by itself as soon as there is"
            " room."
        ),
    ),
}
"""What keeps Treaty from answering, and what to do."""

log = structlog.get_logger("treaty.request")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served: the database answers and its tables are up to date. The worker is reported."""
    report = health.report()
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; for anybody who may not read them the address does not exist."""
    if not metrics.may_read(request):
        raise Http404
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)


@require_safe
def jobs_page(request: HttpRequest) -> HttpResponseBase:
    """What recurs, what runs, and what died, with its payload; `format=csv` is all jobs as a file, without payloads."""
    if not shell.may(request.user, MANAGE):
        raise PermissionDenied(MANAGE)
    now = timezone.now()
    heads = [_("Job"), _("State"), _("Asked for"), _("Attempts"), _("Done"), _("Ended"), _("Why it died")]
    if file := spreadsheet(request, "jobs", heads, map(flat, queries.every_job(now))):
        return file
    beat, titles = queries.worker_beat(), {work.name: work.title for work in schedule.recurring()}
    context = {
        "ticks": sorted(
            ((str(titles.get(tick.name) or tick.name), tick) for tick in queries.ticks()), key=itemgetter(0)
        ),
        "running": [drawn(job) for job in queries.running_jobs(now)],
        "dead": queries.dead_jobs(now),
        "ended": queries.ended_jobs(now),
        "beat": beat,
        "is_held": queries.is_held(),
        "is_silent": beat is None or now - beat > commands.DEAD_AFTER,
    }
    return page(request, "kit/jobs.html", context, partial="list")


def flat(job: JobView) -> list[object]:
    """A job as a spreadsheet has it."""
    state = str(JOB_STATES[job.state])
    return [job.title, state, job.created_at, job.attempts, job.done, job.ended_at, job.error]


@require_safe
def job_page(request: HttpRequest, job_id: int) -> HttpResponse:
    """One piece of long work, for whoever asked for it."""
    return page(request, "kit/job.html", {"job": drawn(found(request, job_id))})


@never_cache
@require_safe
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is: the part of a page that asks again each second until the page tells what came of it; or JSON."""
    job = found(request, job_id)
    if is_partial(request) and job.has_ended:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.accepts("text/html") and request.GET.get("format") != "json":
        return render(request, "kit/job_progress.html", {"job": drawn(job)})
    return JsonResponse(as_json(job))


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Stops a job."""
    job = found(request, job_id)
    if commands.cancel_job(job.id, at=timezone.now(), by=request.user.pk):
        toast(request, _("It stops at its next step. What is already done stays."))
    return redirect_back(request, reverse("kit:job", args=[job.id]))


def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Lets a dead job begin anew."""
    return changed(request, job_id, commands.retry_job, _("The job begins again."))


def discard(request: HttpRequest, job_id: int) -> HttpResponse:
    """Takes a dead job off the list."""
    return changed(request, job_id, commands.discard_job, _("The job is discarded."))


@require_POST
def changed(request: HttpRequest, job_id: int, command: Callable[..., bool], text: str) -> HttpResponse:
    """Does the command to a dead job; whoever was faster is not contradicted."""
    if not shell.may(request.user, MANAGE):
        raise PermissionDenied(MANAGE)
    if command(job_id, at=timezone.now(), by=request.user.pk):
        toast(request, text)
    return redirect_back(request, reverse("kit:jobs"))


def found(request: HttpRequest, job_id: int) -> JobView:
    """The job, for whoever asked for it and for those who manage jobs."""
    job = queries.job(job_id, timezone.now())
    if job is None or (job.by != request.user.pk and not shell.may(request.user, MANAGE)):
        raise Http404
    return job


def drawn(job: JobView) -> dict[str, object]:
    """A job in the words of the progress bar."""
    return {
        "view": job,
        "total": job.total or 0,
        "state": STATES.get(job.state, job.state),
        "count": count(job),
        "rate": rate(job),
        "left": left(job),
    }


def count(job: JobView) -> str:
    """How many of how many."""
    if not job.total:
        return number(job.done) if job.done else ""
    return _("%(done)s of %(total)s") % {"done": number(job.done), "total": number(job.total)}


def rate(job: JobView) -> str:
    """How fast."""
    return (
        _("%(number)s a second") % {"number": number(round(job.rate))} if job.rate and job.rate >= 1 else ""
    )


def left(job: JobView) -> str:
    """How long it will take, in seconds below two minutes."""
    if job.left is None:
        return ""
    seconds = int(job.left.total_seconds())
    if seconds < 120:
        return ngettext("%(n)s second left", "%(n)s seconds left", seconds) % {"n": seconds}
    return ngettext("%(n)s minute left", "%(n)s minutes left", seconds // 60) % {"n": seconds // 60}


def as_json(job: JobView) -> dict[str, object]:
    """A job for scripts."""
    return {
        "id": job.id,
        "name": job.name,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "rate": job.rate,
        "seconds_left": job.left.total_seconds() if job.left is not None else None,
        "result": job.result,
        "error": job.error,
    }


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its token: too old, or sent from elsewhere."""
    return failure(request, 403, _("This form is too old"), _("Load the page again and send it once more."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return failure(
        request, 400, _("This request could not be understood"), _("Go back, and try it another way.")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    advice = _("An administrator can change what your role may do.")
    return failure(request, 403, _("Your role does not allow this"), advice)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: also for what the user may not see, so that nothing tells the two apart."""
    advice = _("It may have moved, or your role may not see it.")
    return failure(request, 404, _("There is nothing at this address"), advice)


def broken(request: HttpRequest) -> HttpResponse:
    """500; 503 where nothing is wrong but that the database is away or busy, or the disk full."""
    error = sys.exc_info()[1]
    if why := outage.cause(error):
        log.error("not available", why=why, error=type(error).__name__)
        return unavailable(request, why)
    advice = _("Nothing was saved. Try it again; if it stays so, tell your administrator the number below.")
    return failure(request, 500, _("Something broke"), advice)


def unavailable(request: HttpRequest, why: str) -> HttpResponse:
    """503, drawn without a question to the database: it says what it is, and when to try again."""
    request.user = AnonymousUser()
    what, advice = UNAVAILABLE[why]
    answer = failure(request, 503, str(what), str(advice))
    answer["Retry-After"] = str(outage.SECONDS)
    return answer


def failure(request: HttpRequest, status: int, what: str, advice: str) -> HttpResponse:
    """The page of what went wrong, with the request's id; below /api/ the same in the API's form."""
    request_id = getattr(request, "id", "")
    if request.path.startswith("/api/"):
        return problem(status, what, request_id)
    context = {"status": status, "what": what, "advice": advice, "request_id": request_id}
    return render(request, "kit/failure.html", context, status=status)


def problem(status: int, what: str, request_id: str) -> HttpResponse:
    """The same for callers of the API, in the form of all its problems (RFC 9457)."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": what,
        "request_id": request_id,
        "errors": [],
    }
    return JsonResponse(told, status=status, content_type=PROBLEM)
