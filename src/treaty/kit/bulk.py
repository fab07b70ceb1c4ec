"""One verb for many rows of a list: what nouns offer, how it is done at once or as long work, and how it is taken back.

A noun's verbs.py lists its `VERBS`; its list names them as actions, and its view hands the request to `begin`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django_stubs_ext import StrPromise as Text

from treaty.kit import jobs, nouns, queries, shell, spreadsheet
from treaty.kit.commands import bulk as commands
from treaty.kit.commands.bulk import Outcome
from treaty.kit.jobs import Progress, job
from treaty.kit.lists import ListPage
from treaty.kit.misread import misreads
from treaty.kit.queries import BulkView
from treaty.kit.views import MANAGE, drawn
from treaty.kit.web import came_from, is_partial, page, redirect_back, toast

AT_ONCE = 100
"""Rows that are done while the page waits; more become long work that people can watch."""
SHOWN = 50
"""Reasons on the page; the spreadsheet has all."""

MISREAD = gettext_lazy(
    "Nothing was done: part of what the list was asked for is out of use by now. Look at what it shows, and begin again."
)
DOWNLOAD = "download"
"""What every list offers beside its verbs: the ticked rows as a file."""

NOTHING_SAID = gettext_lazy("Say what is to be done with the ticked rows.")

Arguments = dict[str, Any]
Apply = Callable[[Sequence[int], Arguments, datetime, int], Outcome]
Revert = Callable[[Mapping[int, Any], Arguments, datetime, int], Outcome]


@dataclass(frozen=True, kw_only=True)
class Verb:
    """What can be done with many rows. `read` makes its arguments of a form, None where they make no sense.

    `apply` gets ids; of what it did it tells what each row was before, which `revert` gets. Each call is one
    transaction, of at most `part` rows.
    """

    name: str
    of: str
    """The list whose rows it is for."""
    title: Text
    may: Callable[[Any], bool]
    """Whether a user may do it."""
    read: Callable[[QueryDict], Arguments | None]
    apply: Apply
    revert: Revert | None = None
    names: Callable[[Sequence[int]], Mapping[int, str]]
    """What rows are called, for the report."""
    part: int = 500
    rows: Callable[[Arguments], Collection[int]] | None = None
    """Which of the rows that are meant its arguments name; None for all."""
    nothing: Text = NOTHING_SAID
    """What is said where the arguments make no sense."""
    ask: Callable[[HttpRequest, ListPage[Any]], HttpResponse | None] | None = None
    """The page that asks for what the form left out; None where it left out nothing, or makes no sense."""
    column: Callable[[Arguments], str] | None = None
    """The column of the list whose cells it changes: the list itself then shows what was not done, and why."""


def verb_named(name: str) -> Verb:
    """A verb that some noun offers; KeyError where none does."""
    offered: dict[str, Verb] = {
        verb.name: verb for _noun, verbs in nouns.offered("verbs", "VERBS") for verb in verbs
    }
    return offered[name]


def begin(request: HttpRequest, listed: ListPage[Any], name: str) -> HttpResponse:
    """Do a verb to the rows that were ticked, or to all that match: few at once, many as long work."""
    if name == DOWNLOAD:
        return taken_along(request, listed)
    try:
        verb = verb_named(name)
    except KeyError:
        raise Http404 from None
    if verb.of != listed.name or request.user.pk is None or not verb.may(request.user):
        raise PermissionDenied(name)
    if verb.ask is not None and (asked := verb.ask(request, listed)) is not None:
        return asked
    arguments = verb.read(request.POST)
    if arguments is None:
        toast(request, str(verb.nothing), bad=True)
        return redirect_back(request, "/")
    if request.POST.get("all") and misreads(listed, QueryDict(request.POST.get("query", ""))):
        toast(request, str(MISREAD), bad=True)
        return redirect_back(request, "/")
    rows = listed.meant(request)
    number, total = commands.begin_bulk(
        name,
        title=str(verb.title),
        arguments=arguments,
        rows=rows if verb.rows is None else rows.filter(pk__in=list(verb.rows(arguments))),
        at=timezone.now(),
        by=request.user.pk,
    )
    if not total:
        toast(request, _("Tick at least one row."), bad=True)
        return redirect_back(request, "/")
    return advance(request, number, total, "bulk")


def taken_along(request: HttpRequest, listed: ListPage[Any]) -> HttpResponse:
    """The rows that are meant as a spreadsheet, in the columns and the order of the list they were ticked in."""
    if not listed.may_export:
        raise PermissionDenied(DOWNLOAD)
    asked, rows = QueryDict(request.POST.get("query", ""), mutable=True), listed.meant(request)
    is_misread = request.POST.get("all") and misreads(listed, asked)
    if is_misread or not rows.exists():
        toast(request, str(MISREAD) if is_misread else _("Tick at least one row."), bad=True)
        return redirect_back(request, "/")
    asked["format"] = "csv"
    request.GET = asked  # type: ignore[assignment]  # what the stubs hold for immutable need not be
    return replace(listed, rows=rows).response(request)  # type: ignore[return-value]  # it streams


def advance(request: HttpRequest, number: int, total: int, name: str) -> HttpResponse:
    """Do a bulk, or take it back: here and now where it is small, else as a job to watch."""
    if total > AT_ONCE:
        known = found(request, number)
        title = known.title if name == "bulk" else _("Undo: %(title)s") % {"title": known.title}
        started = jobs.start(name, title, {"bulk": number}, by=request.user.pk)
        commands.give_to_job(number, job=started)
        return redirect("kit:bulk", number)
    work = do_bulk if name == "bulk" else undo_bulk
    for _done in work(number):
        pass
    known = found(request, number)
    if known.counts["done"] or not known.counts["failed"]:
        say(request, known)
    if "X-Undo" in request.headers:
        return HttpResponse(status=204)  # the page that asked loads itself again
    if known.counts["failed"] or known.counts["kept"]:
        column = verb_named(known.verb).column
        if column is not None and name == "bulk":
            return redirect(beside_cells(request, column(known.arguments), number))
        return redirect("kit:bulk", number)
    return redirect_back(request, "/")


def beside_cells(request: HttpRequest, column: str, number: int) -> str:
    """The list that was asked, with what was typed into the cells of a column and not written."""
    parts = urlsplit(came_from(request, "/"))
    asked = [pair for pair in parse_qsl(parts.query) if pair[0] not in {"edit", "tried"}]
    return f"{parts.path}?{urlencode([*asked, ('edit', column), ('tried', number)])}"


def say(request: HttpRequest, known: BulkView) -> None:
    """Tells how many rows were changed, and offers to take it back."""
    if known.undo_asked:
        text = ngettext(
            "%(n)d row is as it was before.", "%(n)d rows are as they were before.", known.counts["undone"]
        )
        toast(request, text % {"n": known.counts["undone"]})
        return
    text = ngettext("%(n)d row was changed.", "%(n)d rows were changed.", known.counts["done"])
    can_undo = known.may_be_undone and verb_named(known.verb).revert is not None
    toast(
        request,
        text % {"n": known.counts["done"]},
        reverse("kit:bulk_undoing", args=[known.id]) if can_undo else None,
    )


def do_bulk(number: int) -> Iterator[int]:
    """Do what waits, part by part; yields how many rows each part was."""
    known = queries.bulk(number)
    if known is not None:
        verb = verb_named(known.verb)

        def step(kept: Mapping[int, Any]) -> Outcome:
            return verb.apply(list(kept), known.arguments, timezone.now(), known.by)

        while done := commands.work_off(number, step, limit=verb.part):
            yield done
        commands.end_bulk(number, at=timezone.now())


def undo_bulk(number: int) -> Iterator[int]:
    """Take back what was done, part by part."""
    known = queries.bulk(number)
    revert = verb_named(known.verb).revert if known else None
    if known is not None and revert is not None:

        def step(kept: Mapping[int, Any]) -> Outcome:
            return revert(kept, known.arguments, timezone.now(), known.by)

        while done := commands.take_back(number, step, limit=verb_named(known.verb).part):
            yield done


def watched(progress: Progress, parts: Iterator[int], total: int, done: int) -> None:
    """Goes through the parts, telling how far it is, until it is over or somebody stops it."""
    progress.advance(done, total)
    for number in parts:
        done += number
        progress.advance(done, total)
        progress.check()


@job("bulk")
def bulk_job(progress: Progress, *, bulk: int) -> dict[str, int]:
    """Do a bulk as long work; the number of rows in each state."""
    known = queries.bulk(bulk)
    if known is not None:
        watched(progress, do_bulk(bulk), known.total, known.total - known.counts["waiting"])
    return counts(bulk)


@job("bulk_undo")
def bulk_undo_job(progress: Progress, *, bulk: int) -> dict[str, int]:
    """Take a bulk back as long work."""
    known = queries.bulk(bulk)
    if known is not None:
        gone = known.counts["undone"] + known.counts["kept"]
        watched(progress, undo_bulk(bulk), known.counts["done"] + gone, gone)
    return counts(bulk)


def counts(number: int) -> dict[str, int]:
    """The number of rows in each state."""
    known = queries.bulk(number)
    return known.counts if known else {}


@require_safe
def bulk_page(request: HttpRequest, bulk: int) -> HttpResponse:
    """What became of a bulk: which rows failed and why, and undoing it; while it runs, how far it is."""
    known = found(request, bulk)
    work = queries.job(known.job, timezone.now()) if known.job else None
    if is_partial(request) and (work is None or work.has_ended):
        return HttpResponse(headers={"HX-Redirect": request.path})
    context = {
        "bulk": known,
        "job": drawn(work) if work and not work.has_ended else None,
        "reasons": list(reasons(known, SHOWN)),
        "failed": known.counts["failed"] + known.counts["kept"],
        "may_undo": known.may_be_undone and verb_named(known.verb).revert is not None,
        "is_stopped": bool(work and work.has_ended and known.counts["waiting"]),
    }
    return page(request, "kit/bulk.html", context, partial="watched")


def reasons(known: BulkView, limit: int = 0) -> Iterator[tuple[int, str, str]]:
    """The id, the name and why of each row that failed or was not taken back; the first ones where a limit is given."""
    names, after = verb_named(known.verb).names, 0
    while found := queries.bulk_reasons(known.id, after, limit or 1000):
        called = names([record for _line, record, _why in found])
        yield from ((record, called.get(record, ""), why) for _line, record, why in found)
        after = found[-1][0]
        if limit:
            return


@require_safe
def bulk_rejected(request: HttpRequest, bulk: int) -> HttpResponse:
    """The rows that failed, each with its reason, as a spreadsheet."""
    known = found(request, bulk)
    heads = [_("Number"), _("Name"), _("Why it was not done")]
    return spreadsheet.download("failed", heads, reasons(known))  # type: ignore[return-value]  # it streams


@require_POST
def bulk_undoing(request: HttpRequest, bulk: int) -> HttpResponse:
    """Take a bulk back: rows that somebody changed meanwhile stay as they are."""
    known = found(request, bulk)
    verb = verb_named(known.verb)
    if known.by != request.user.pk or not verb.may(request.user) or verb.revert is None:
        raise PermissionDenied(verb.name)
    if not known.may_be_undone or not commands.ask_undo(bulk, at=timezone.now()):
        toast(request, _("There is nothing to take back any more."), bad=True)
        return redirect("kit:bulk", bulk)
    return advance(request, bulk, known.counts["done"], "bulk_undo")


def found(request: HttpRequest, number: int) -> BulkView:
    """The bulk, for whoever asked for it and for those who manage jobs."""
    known = queries.bulk(number)
    if known is None or (known.by != request.user.pk and not shell.may(request.user, MANAGE)):
        raise Http404
    return known
