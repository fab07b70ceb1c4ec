"""The page of notices: what a user was told, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.web import page, redirect_back, toast
from treaty.notices import commands, queries, wording
from treaty.notices.queries import NoticeView

LENGTH = 50


@dataclass(frozen=True)
class Line:
    """A notice in words."""

    id: int
    headline: str
    sentence: str
    icon: str
    is_bad: bool
    is_read: bool
    created_at: datetime


@require_safe
def notices_page(request: HttpRequest) -> HttpResponseBase:
    """The user's notices; `before` pages on, `format=csv` is all of them as a file."""
    heads, all_told = (
        [_("Notice"), _("What it says"), _("When"), _("Read")],
        queries.every_notice(reader(request)),
    )
    if file := spreadsheet(request, "notices", heads, (flat(line(notice)) for notice in all_told)):
        return file
    before = request.GET.get("before", "")
    found = queries.notices_of(reader(request), LENGTH + 1, int(before) if before.isdecimal() else None)
    context = {
        "lines": [line(notice) for notice in found[:LENGTH]],
        "older": found[LENGTH - 1].id if len(found) > LENGTH else None,
    }
    return page(request, "notices/notices.html", context, partial="list")


def flat(told: Line) -> list[object]:
    """A notice as a spreadsheet has it."""
    return [told.headline, told.sentence, told.created_at, told.is_read]


@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Marks one notice as read and goes where it leads."""
    notice = queries.notice(reader(request), notice_id)
    if notice is None:
        raise Http404
    commands.read(reader(request), notice_id, at=timezone.now())
    return HttpResponseRedirect(notice.url)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all as read."""
    count = commands.read_all(reader(request), at=timezone.now())
    toast(request, ngettext("%(n)s notice is read.", "%(n)s notices are read.", count) % {"n": count})
    return redirect_back(request, reverse("notices:notices"))


def reader(request: HttpRequest) -> int:
    """Who reads: these pages are for users only."""
    if request.user.pk is None:
        raise PermissionDenied
    return request.user.pk


def line(notice: NoticeView) -> Line:
    """The notice in the words of its kind."""
    kind = wording.KINDS[notice.kind]
    return Line(
        id=notice.id,
        headline=wording.headline(notice.kind, notice.values),
        sentence=wording.sentence(notice.kind, notice.values),
        icon=kind.icon,
        is_bad=kind.is_bad,
        is_read=notice.is_read,
        created_at=notice.created_at,
    )
