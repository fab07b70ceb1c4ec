"""One's own profile, and the way into the settings."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit.web import toast
from treaty.staff import commands, queries, wording
from treaty.staff.access import actor
from treaty.staff.forms import AbsenceForm, ProfileForm
from treaty.staff.rules import MANAGE_STAFF
from treaty.staff.views.hours import absence_sheet, record_absence

FIELDS = ("name", "name_local", "title", "language", "time_zone", "theme", "speaks")


@require_safe
def settings_home(request: HttpRequest) -> HttpResponse:
    """The first page of the settings that the user may open."""
    return redirect("staff:staff" if queries.may(request.user, MANAGE_STAFF) else "staff:profile")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponseBase:
    """Name, language, time zone and looks; password, second factor and sign-ins are a click away."""
    if file := absence_sheet(request, actor(request)):
        return file
    now = {name: getattr(request.user, name) for name in FIELDS}
    form = ProfileForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        commands.change_profile(actor(request), at=timezone.now(), by=actor(request), **form.cleaned_data)
        return saved(request, form)
    me, at = actor(request), timezone.now()
    calendar = queries.user_calendar(me, at)
    told = {
        "form": form,
        "row": queries.staff_row(me),
        "in_words": wording.hours_in_words(
            tuple((one.weekday, one.start, one.end) for one in calendar.shifts)
        ),
        "zone": calendar.zone,
        "absences": queries.absences([me], at),
        "absence_form": AbsenceForm(prefix="absence"),
        "second_factor": queries.has_second_factor(me),
    }
    return render(request, "staff/profile.html", told)


def saved(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    """Back to the page, in the language chosen just now; this browser forgets a theme of its own."""
    translation.activate(form.cleaned_data["language"] or settings.LANGUAGE_CODE)
    toast(request, _("Saved."))
    answer = redirect("staff:profile")
    answer.delete_cookie("theme")
    return answer


@require_POST
def own_absences(request: HttpRequest) -> HttpResponse:
    """The user will be away."""
    record_absence(request, actor(request))
    return redirect("staff:profile")


@require_POST
def own_withdrawal(request: HttpRequest, absence_id: int) -> HttpResponse:
    """The user is there after all."""
    if queries.absent_user(absence_id) != actor(request):
        raise Http404
    commands.withdraw_absence(absence_id, at=timezone.now(), by=actor(request))
    toast(request, _("The absence is withdrawn."))
    return redirect("staff:profile")
