"""The pages of imports: upload a file, watch it come in, take back the rows that were handed back."""

from pathlib import Path

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from treaty.imports import commands, queries
from treaty.kit import jobs
from treaty.staff.access import needs


class UploadForm(forms.Form):
    """A file of persons, and how it is to be brought in."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with comma, semicolon or tab, in UTF-8 or CP1252. Its first row names the columns."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    dry_run = forms.BooleanField(
        label=gettext_lazy("Only try it"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Counts what would happen, and changes nothing."),
    )
    offer = forms.BooleanField(
        label=gettext_lazy("Offer everybody in it to sales"),
        required=False,
        help_text=gettext_lazy("On purpose: their clocks start now. Otherwise an import opens no handover."),
    )


@needs("run_imports")
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The runs, newest first, and a new one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        path = commands.keep_upload(file.name, file.chunks())
        arguments = {
            "path": str(path),
            "dry_run": form.cleaned_data["dry_run"],
            "offer": form.cleaned_data["offer"],
            "by": request.user.pk,
        }
        started = jobs.start(
            "import_persons", _("Import of %(file)s") % {"file": file.name}, arguments, by=request.user.pk
        )
        return redirect("kit:job", started)
    context = {"form": form, "runs": queries.runs()}
    return render(request, "imports/imports.html", context, status=422 if form.errors else 200)


@needs("run_imports")
def rejected(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The file of the rows a run handed back, each with its reason."""
    run = queries.run_by_id(run_id)
    if run is None or not run.bad_file or not Path(run.bad_file).is_file():
        raise Http404
    name = f"{Path(run.file_name).stem}-rejected.csv"
    return FileResponse(
        Path(run.bad_file).open("rb"), as_attachment=True, filename=name, content_type="text/csv"
    )
