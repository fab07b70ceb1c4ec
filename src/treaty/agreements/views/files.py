"""An agreement as a file, out and in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from treaty.agreements import commands, queries, refusal_wording
from treaty.agreements.forms import ImportForm
from treaty.agreements.views.contract import one_of
from treaty.kit.web import page, toast
from treaty.staff.access import needs
from treaty.staff.rules import DRAFT_AGREEMENT, SEE_PEOPLE

LARGEST = 1_000_000
"""Bytes; the starter has 6,000."""


@require_safe
@needs(SEE_PEOPLE)
def export(request: HttpRequest, number: int) -> HttpResponse:
    """A version as YAML."""
    row = one_of(queries.versions(timezone.now()), number)
    response = HttpResponse(
        commands.export_yaml(row.document), content_type="application/yaml; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="agreement-{number}.yaml"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT_AGREEMENT)
def upload(request: HttpRequest) -> HttpResponse:
    """Begin a draft from a YAML file; what is wrong with the file stands above the form."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = commands.import_yaml(
                form.cleaned_data["file"].read(LARGEST).decode("utf-8", "replace")
            )
        except commands.NotValid as refused:
            for problem in refused.problems:
                form.add_error("file", refusal_wording.problem(problem, {}))
        else:
            at = timezone.now()
            made = commands.draft_version(document, at=at, by=request.user.pk)
            number = next(row.number for row in queries.versions(at) if row.id == made)
            toast(request, gettext("The file is now draft version %(number)s.") % {"number": number})
            return HttpResponseRedirect(reverse("agreements:edit", args=[number]))
    return page(request, "agreements/import.html", {"form": form}, status=422 if form.is_bound else 200)
