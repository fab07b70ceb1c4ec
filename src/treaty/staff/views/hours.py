"""The settings of working hours and absences."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import toast
from treaty.staff import commands, queries, rules, wording
from treaty.staff.access import actor, needs
from treaty.staff.forms import AbsenceForm, HoursForm, blame
from treaty.staff.rules import COMPANY, MANAGE_HOURS, OF_TEAM, OF_USER


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE_HOURS)
def hours(request: HttpRequest, scope: str = COMPANY, scope_id: int = 0) -> HttpResponseBase:
    """The hours of the company, a team or a user: what holds, and the form that replaces it."""
    wanted = request.GET.get("user", "")
    if wanted.isdecimal() and len(wanted) < 19:
        return redirect("staff:hours_of", OF_USER, int(wanted))
    whose = owner_name(scope, scope_id)
    kept = queries.hours(scope, scope_id, timezone.now())
    shown = kept or above(scope, scope_id)
    if file := sheet(request, shown, scope, scope_id):
        return file
    form = HoursForm(request.POST or None, shifts=shown.shifts, initial=initial(shown))
    if request.method == "POST" and form.is_valid() and recorded(request, form, scope, scope_id):
        toast(request, _("These hours hold from now on. Clocks that run keep the hours they began with."))
        return redirect("staff:hours_of", scope, scope_id)
    return render(request, "staff/hours.html", told(form, kept, shown, scope, scope_id) | {"whose": whose})


def told(
    form: HoursForm, kept: queries.Hours | None, shown: queries.Hours, scope: str, scope_id: int
) -> dict[str, object]:
    """What the page of hours shows."""
    return {
        "form": form,
        "kept": kept,
        "in_words": wording.hours_in_words(shown.shifts),
        "holidays": holidays(shown),
        "country": wording.country_name(shown.country) if shown.country else "",
        "scope": scope,
        "scope_id": scope_id,
        "teams": queries.teams(),
        "people": queries.colleagues(),
        "absences": queries.absences([scope_id], timezone.now()) if scope == OF_USER else [],
        "absence_form": AbsenceForm(prefix="absence"),
    }


def holidays(shown: queries.Hours) -> list[queries.Day]:
    """The public holidays of the year to come."""
    today = timezone.localdate()
    return [day for day in shown.days_off if day.is_public and today <= day.day < today + timedelta(days=366)]


def sheet(
    request: HttpRequest, shown: queries.Hours, scope: str, scope_id: int
) -> StreamingHttpResponse | None:
    """One of the page's two lists as CSV where its address asks for it, else nothing."""
    if request.GET.get("list") == "holidays":
        days = ([day.day, day.name] for day in holidays(shown))
        return spreadsheet(request, "holidays", [_("Day"), _("Holiday")], days)
    return absence_sheet(request, scope_id) if scope == OF_USER else None


def absence_sheet(request: HttpRequest, user_id: int) -> StreamingHttpResponse | None:
    """A user's absences that are not over as CSV where the page's address asks for them, else nothing."""
    heads = [_("Name"), _("From"), _("Until"), _("Reason")]
    return spreadsheet(request, "absences", heads, absence_rows(user_id))


def absence_rows(user_id: int) -> Iterator[list[object]]:
    """The same, asked for once they are written."""
    for one in queries.absences([user_id], timezone.now()):
        yield [one.user, one.starts_at, one.ends_at, one.reason]


def owner_name(scope: str, scope_id: int) -> str:
    """Whose hours these are."""
    if scope == COMPANY and scope_id == 0:
        return queries.installation().name
    if scope == OF_TEAM:
        found = next((team.name for team in queries.teams() if team.id == scope_id), None)
    else:
        row = queries.staff_row(scope_id) if scope == OF_USER else None
        found = row.name if row else None
    if found is None:
        raise Http404
    return found


def above(scope: str, scope_id: int) -> queries.Hours:
    """The hours that hold for whoever states none: the team's, else the company's."""
    at = timezone.now()
    team = queries.team_of(scope_id) if scope == OF_USER else None
    found = (queries.hours(OF_TEAM, team, at) if team else None) or queries.hours(COMPANY, 0, at)
    if found is None:
        raise Http404
    return found


def initial(shown: queries.Hours) -> dict[str, object]:
    """The values the form begins with."""
    own = [f"{day.day.isoformat()} {day.name}".strip() for day in shown.days_off if not day.is_public]
    return {"zone": shown.zone, "country": shown.country, "region": shown.region, "days_off": "\n".join(own)}


def recorded(request: HttpRequest, form: HoursForm, scope: str, scope_id: int) -> bool:
    """Whether the hours were set; if not, the form says why."""
    try:
        commands.set_schedule(scope, scope_id, times=form.times(), at=timezone.now(), by=actor(request))
    except commands.Refused as refused:
        blame(form, refused)
    return not form.errors


@require_POST
@needs(MANAGE_HOURS)
def hours_removal(request: HttpRequest, scope: str, scope_id: int) -> HttpResponse:
    """The hours above hold again."""
    if scope not in {OF_TEAM, OF_USER}:
        raise Http404
    commands.drop_hours(scope, scope_id, at=timezone.now(), by=actor(request))
    toast(request, _("The hours above hold again."))
    return redirect("staff:hours_of", scope, scope_id)


def span(form: AbsenceForm, zone: str) -> tuple[datetime, datetime]:
    """From the first local midnight to that after the last day."""
    first, last = form.cleaned_data["first"], form.cleaned_data["last"] + timedelta(days=1)
    where = ZoneInfo(zone)
    return datetime.combine(first, time(), where), datetime.combine(last, time(), where)


def record_absence(request: HttpRequest, user_id: int) -> bool:
    """Whether the absence in the form was recorded; else a message says what was wrong with it."""
    form = AbsenceForm(request.POST, prefix="absence")
    if not form.is_valid():
        toast(request, " ".join(str(error) for errors in form.errors.values() for error in errors), bad=True)
        return False
    starts, ends = span(form, queries.user_calendar(user_id, timezone.now()).zone)
    reason = form.cleaned_data["reason"]
    commands.record_absence(
        user_id, starts_at=starts, ends_at=ends, reason=reason, at=timezone.now(), by=actor(request)
    )
    toast(request, _("The absence is recorded. It counts for clocks that begin from now on."))
    return True


@require_POST
@needs(MANAGE_HOURS)
def absences(request: HttpRequest, user_id: int) -> HttpResponse:
    """A user will be away."""
    if queries.staff_row(user_id) is None:
        raise Http404
    record_absence(request, user_id)
    return redirect("staff:hours_of", rules.OF_USER, user_id)


@require_POST
@needs(MANAGE_HOURS)
def withdrawal(request: HttpRequest, absence_id: int) -> HttpResponse:
    """A user is there after all."""
    user_id = queries.absent_user(absence_id)
    if user_id is None:
        raise Http404
    commands.withdraw_absence(absence_id, at=timezone.now(), by=actor(request))
    toast(request, _("The absence is withdrawn."))
    return redirect("staff:hours_of", rules.OF_USER, user_id)
