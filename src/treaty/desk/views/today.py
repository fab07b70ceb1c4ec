"""Today: what is to be done now, by role; its part `#day` answers a script alone."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from treaty.desk import queries, wording
from treaty.desk.rules import HEAD, MARKETER, SELLER, face
from treaty.kit import shell
from treaty.kit.web import is_partial, page, with_toasts
from treaty.notices import queries as notices
from treaty.staff import queries as staff
from treaty.staff.queries import KnownCalendars, User
from treaty.staff.rules import LOG_CONVERSATIONS

FACES = {SELLER: queries.sales_day, MARKETER: queries.marketing_day, HEAD: queries.head_day}
NEWS = 5


def user_of(request: HttpRequest) -> User:
    """The signed-in user."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@require_safe
def today(request: HttpRequest) -> HttpResponseBase:
    """The first page."""
    answer = page(request, "desk/today.html", day_of(request), partial="day")
    if is_partial(request):
        answer.write(shell.marks(request))
    answer["Cache-Control"] = "no-store"
    return with_toasts(request, answer)


def day_of(request: HttpRequest) -> dict[str, Any]:
    """What Today shows whoever asks; how many leads wait is the figure of the rail, asked once for both."""
    user, at = user_of(request), timezone.now()
    known = KnownCalendars(at, users=[user.pk], teams=[user.team_id] if user.team_id else [])
    whose = face(staff.side(user), user.role.permissions)
    reading = FACES.get(whose)

    def waits() -> int:
        return shell.waiting(request).get(reverse("desk:today"), 0)

    return {
        "face": whose,
        "day": reading(user, at, known, waits) if reading else {"board": queries.small(user, at)},
        "head_line": wording.head_line(queries.own_day(user.pk, at, known), at),
        "news": notices.unread_told(user.pk, NEWS),
        "may_log": staff.may(user, LOG_CONVERSATIONS),
        "now": at,
    }
