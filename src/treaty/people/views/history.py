"""What was changed of a person or a company, by whom, from what to what."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from treaty.people import queries
from treaty.staff import telling
from treaty.staff.access import caller, needs
from treaty.staff.rules import SEE_PEOPLE


@require_safe
@needs(SEE_PEOPLE)
def history(request: HttpRequest, person: int) -> HttpResponseBase:
    """The changes of a person, and of those who turned out to be the same."""
    row = get_object_or_404(queries.visible_persons(request.user), pk=person)
    ids = [person, *queries.merged_into([person])]
    if file := telling.sheet(request, caller(request), "person", ids):
        return file
    told = telling.history(caller(request), "person", ids, before=telling.before(request))
    return render(request, "people/history.html", {"person": row, "history": told})


@require_safe
@needs(SEE_PEOPLE)
def company_history(request: HttpRequest, company: int) -> HttpResponseBase:
    """The changes of a company."""
    row = get_object_or_404(queries.visible_companies(request.user), pk=company)
    if file := telling.sheet(request, caller(request), "company", [company]):
        return file
    told = telling.history(caller(request), "company", [company], before=telling.before(request))
    return render(request, "people/company_history.html", {"company": row, "history": told})
