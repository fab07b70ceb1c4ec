"""The pages of imports: upload a file, say what its columns hold, watch it come in, see what came of it."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.imports import commands, queries
from treaty.imports.forms import ColumnsForm, ExportForm, ReadingForm, UploadForm, mended, read_as
from treaty.imports.reading import BadFile, Choice, Table, opened
from treaty.imports.rules.columns import PERSONS, THINGS, placed
from treaty.imports.rules.options import Options, as_fixes
from treaty.imports.rules.presets import preset_of
from treaty.imports.rules.things import TOUCHPOINTS
from treaty.imports.wording import DELIMITERS, unfit
from treaty.kit import jobs
from treaty.kit.queries import job as job_of
from treaty.kit.spreadsheet import download
from treaty.kit.views import drawn
from treaty.kit.web import is_partial, page
from treaty.staff.access import actor, needs
from treaty.staff.queries import colleagues, may
from treaty.staff.rules import ALL, EXPORT, MANAGE_STAFF, RUN_IMPORTS

COUNTS = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("Unchanged"),
    "skipped": gettext_lazy("Passed over"),
    "flagged": gettext_lazy("Flagged"),
    "bad": gettext_lazy("Handed back"),
    "offered": gettext_lazy("Offered to sales"),
}
THERE = {
    "persons": ("people:people", gettext_lazy("Open people")),
    "companies": ("people:companies", gettext_lazy("Open companies")),
    "deals": ("deals:table", gettext_lazy("Open deals")),
    "touchpoints": ("people:people", gettext_lazy("Open people")),
}
"""Where one finds what was brought in."""
SHOWN = 50
"""Rows handed back that the page of a run shows; its file has them all."""


@needs(RUN_IMPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponseBase:
    """The runs, newest first, and a new file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        path = commands.keep_upload(*form.upload(), at=timezone.now())
        try:
            opened(path)
        except BadFile as unread:
            form.add_error(form.told, unfit(unread))
        else:
            there, what = reverse("imports:columns", args=[path.parent.name]), form.cleaned_data["what"]
            return redirect(f"{there}?what={what}" if what != PERSONS.key else there)
    if request.GET.get("format") == "csv" and may(request.user, EXPORT):
        heads = [_("When"), _("File"), _("Who"), _("What"), *map(str, COUNTS.values())]
        return download("imports", heads, (line for run in queries.every_run() for line in flat(run)))
    context = {"form": form, "runs": queries.runs()}
    return render(request, "imports/imports.html", context, status=422 if form.errors else 200)


def flat(run: Any) -> list[list[object]]:
    """The counts of a run as lines of a spreadsheet."""
    who = run.by.name if run.by else ""
    return [
        [run.started_at, run.file_name, who, what, *(counts.get(name, 0) for name in COUNTS)]
        for what, counts in run.counts.items()
    ]


@needs(RUN_IMPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, upload: str) -> HttpResponse:
    """What an uploaded file looks like, and what its columns hold: guessed, as last time, or told."""
    choice = read_as(request.GET)
    table, rows, unread = looked_at(upload, choice)
    thing = THINGS.get(request.GET.get("what", ""), PERSONS)
    last = queries.last_run(table.header, thing)
    form = ColumnsForm(
        request.POST or None,
        table=table,
        mapping=last.mapping if last else {},
        told=last.options if last else {},
        own=queries.own_fields(thing),
        thing=thing,
    )
    if request.method == "POST" and form.is_valid():
        commands.keep_plan(upload, {**form.plan(), "read_as": asdict(choice), "fixes": {}})
        return redirect("imports:preview", upload)
    context = {
        "form": form,
        "thing": thing,
        "reading": ReadingForm(table),
        "unread": unread,
        "table": table,
        "rows": rows,
        "delimiter": DELIMITERS.get(table.delimiter, table.delimiter),
        "preset": preset_of(table.header, thing.key),
        "is_remembered": last is not None,
    }
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


@needs(RUN_IMPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, upload: str) -> HttpResponse:
    """The first rows as they would come in, wrong ones first: mended here, tried, or brought in."""
    plan = commands.plan_of(upload)
    if plan is None:
        raise Http404
    table, rows, _unread = looked_at(upload, Choice(**plan["read_as"]))
    if request.method == "POST":
        plan["fixes"] = queries.differing(table, mended(request.POST, plan["fixes"]))
        commands.keep_plan(upload, plan)
        if (act := request.POST.get("act")) in {"try", "import"}:
            told = {**plan, "dry_run": act == "try"}
            return redirect("imports:watch", begun(request, table.path, told))
        return redirect("imports:preview", upload)
    thing = THINGS[plan.get("what", PERSONS.key)]
    mapped = placed(table.header, plan["columns"], queries.own_fields(thing), thing)
    options = queries.settled(Options(fixes=as_fixes(plan["fixes"]), **plan["rules_told"]), table, mapped)
    shown = queries.preview(table, mapped, options)
    heads = [(place, table.header[place], field) for place, field in mapped.by_place]
    context = {
        "table": table,
        "rows": rows,
        "heads": sorted(heads, key=lambda head: head[0] not in shown.wrong),
        "preview": shown,
        "staff": colleagues() if {field for _place, field in mapped.by_place} & queries.STAFF else [],
        "mended": len(plan["fixes"]),
        "stays": thing.key not in queries.UNDOABLE,
        "upload": upload,
        "back": "?"
        + urlencode({"what": thing.key} | {key: text for key, text in plan["read_as"].items() if text}),
    }
    return render(request, "imports/preview.html", context)


def looked_at(upload: str, choice: Choice) -> tuple[Table, int, str]:
    """The table of a kept file, or 404 once it is gone; its rows; and why it cannot be read so, where it cannot."""
    path = commands.upload_path(upload)
    if path is None:
        raise Http404
    table, why = None, ""
    for each in (choice, Choice()):
        try:
            table = opened(path, each)
            return table, table.size(), why
        except BadFile as unread:
            why = why or unfit(unread)
    if table is None:
        raise Http404
    return table, 0, why


def begun(request: HttpRequest, path: Path, told: Mapping[str, Any]) -> int:
    """The job that brings the file in."""
    by, what = actor(request), told.get("what", PERSONS.key)
    title = _("Import of %(file)s") % {"file": path.name}
    arguments = {"path": str(path), "by": by, **told}
    if what == PERSONS.key:
        arguments.pop("what", None)
    return jobs.start("import_persons" if what == PERSONS.key else "import_records", title, arguments, by=by)


@needs(RUN_IMPORTS)
@require_safe
def watch(request: HttpRequest, job_id: int) -> HttpResponse:
    """An import on its way; leads to what came of it as soon as it is done, or was stopped."""
    job = job_of(job_id, timezone.now())
    if job is None or job.name not in {"import_persons", "import_records"}:
        raise Http404
    run = queries.run_of_job(job_id)
    if job.state in {"done", "cancelled"} and run is not None:
        there = reverse("imports:run", args=[run.pk])
        return HttpResponse(headers={"HX-Redirect": there}) if is_partial(request) else redirect(there)
    return page(request, "imports/watch.html", {"job": drawn(job)}, partial="progress")


@needs(RUN_IMPORTS)
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """What came of a run: counts, what the columns held, the rows handed back with field and reason."""
    row = found(run_id)
    counts = [
        (what, [(name, label, of.get(name, 0)) for name, label in COUNTS.items() if name in of])
        for what, of in row.counts.items()
    ]
    context = {
        "run": row,
        "counts": counts,
        "rejected": queries.rejected_rows(row, SHOWN),
        "is_kept": bool(kept_path(row)),
        "upload": planned(row),
        "is_undoable": queries.is_undoable(row),
        "stays": row.kind == TOUCHPOINTS.key,
        "there": THERE.get(row.kind, THERE["persons"]),
    }
    return render(request, "imports/run.html", context)


def found(run_id: int) -> Any:
    """The run, or 404."""
    row = queries.run_by_id(run_id)
    if row is None:
        raise Http404
    return row


def kept_path(row: Any) -> Path | None:
    """The file of a run that was only tried, while it is kept."""
    if row.job is None or not row.is_dry_run:
        return None
    path = Path(str(row.job.arguments.get("path", "")))
    return path if path.is_file() else None


def planned(row: Any) -> str:
    """The upload whose rows can still be mended, where a run was only tried; else nothing."""
    path = kept_path(row)
    return path.parent.name if path and commands.plan_of(path.parent.name) else ""


@needs(RUN_IMPORTS)
@require_POST
def repetition(request: HttpRequest, run_id: int) -> HttpResponse:
    """What was only tried is done: the same file with the same columns."""
    row = found(run_id)
    path = kept_path(row)
    if path is None:
        raise Http404
    told = {name: value for name, value in row.job.arguments.items() if name not in {"path", "by"}}
    told["dry_run"] = False
    return redirect("imports:watch", begun(request, path, told))


@needs(RUN_IMPORTS)
@require_POST
def undoing(request: HttpRequest, run_id: int) -> HttpResponse:
    """What a run brought is taken back, as a job."""
    row, by = found(run_id), actor(request)
    if not queries.is_undoable(row):
        raise Http404
    title = _("Taking back %(file)s") % {"file": row.file_name}
    return redirect("kit:job", jobs.start("undo_import", title, {"run": row.pk, "by": by}, by=by))


@needs(RUN_IMPORTS)
@require_safe
def rejected(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The file of the rows a run handed back, each with its reason."""
    row = found(run_id)
    if not row.bad_file or not Path(row.bad_file).is_file():
        raise Http404
    name = f"{Path(row.file_name).stem}-rejected.csv"
    return FileResponse(
        Path(row.bad_file).open("rb"), as_attachment=True, filename=name, content_type="text/csv"
    )


@needs(EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """What can be taken along: persons in four forms, and everything as one archive, each written as a job."""
    form = ExportForm(request.POST or None, has_archive=may_archive(request.user))
    if request.method == "POST" and form.is_valid():
        chosen, by = form.cleaned_data["form"], actor(request)
        titles = {commands.ARCHIVE: _("Export of everything")}
        title = titles.get(chosen, _("Export of persons"))
        return redirect("kit:job", jobs.start("export", title, {"form": chosen, "by": by}, by=by))
    return render(request, "imports/exports.html", {"form": form}, status=422 if form.errors else 200)


def may_archive(user: Any) -> bool:
    """Whether somebody may take everything along: who exports, sees all, and manages the staff."""
    return all(may(user, right) for right in (EXPORT, MANAGE_STAFF)) and user.role.visibility == ALL


@needs(EXPORT)
@require_safe
def exported(request: HttpRequest, export: str) -> HttpResponseBase:
    """The file of an export, for a week."""
    path = commands.export_path(export)
    if path is None:
        raise Http404
    if path.suffix == f".{commands.ARCHIVE}" and not may_archive(request.user):
        raise PermissionDenied
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
