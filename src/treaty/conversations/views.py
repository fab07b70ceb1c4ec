"""The bin that notes go to, and where a note stands. The page that writes one belongs to deals."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.conversations import commands, queries
from treaty.kit import bulk
from treaty.kit.lists import Action, Column, Contains, Empty, ListPage
from treaty.kit.markup import bdi, day, link
from treaty.kit.web import redirect_back, toast
from treaty.people.rules import KEPT_FOR
from treaty.staff.access import actor, needs, verb
from treaty.staff.queries import may, user_names
from treaty.staff.rules import EXPORT, LOG_CONVERSATIONS, SEE_PEOPLE


@require_http_methods(["POST", "DELETE"])
@needs(LOG_CONVERSATIONS)
def note_bin(request: HttpRequest, note: int) -> HttpResponse:
    """Put a note into the bin; deleting that brings the note back."""
    at, by = timezone.now(), actor(request)
    if verb(request) == "DELETE":
        row = get_object_or_404(queries.note_bin_of(request.user), pk=note)
        commands.restore_notes([note], at=at, by=by)
        toast(request, _("The note is back."))
        return redirect_back(request, own_page(row.touchpoint.subject_id))
    line = queries.note_of(request.user, note)
    if line is None:
        raise Http404
    commands.bin_notes([note], at=at, by=by)
    undo = reverse("conversations:note_bin", args=[note])
    toast(request, _("The note is in the bin."), undo, "DELETE")
    return redirect_back(request, own_page(line.about.id))


@require_safe
@needs(SEE_PEOPLE)
def note(request: HttpRequest, note: int) -> HttpResponse:
    """Where a note stands: in the timeline of its person."""
    line = queries.note_of(request.user, note)
    if line is None:
        raise Http404
    return redirect(f"{own_page(line.about.id)}?kind=notes#timeline")


def own_page(identity: int) -> str:
    """The page of the person that a note is about."""
    return f"/people/{queries.persons_noted([identity])[identity].person}/"


def text_cell(row: Any, _value: object) -> SafeString:
    """How the note begins."""
    return bdi(Truncator(row.touchpoint.text.body).chars(200))


def persons(rows: Sequence[Any]) -> Mapping[int, object]:
    """The person each note is about."""
    known = queries.persons_noted({row.touchpoint.subject_id for row in rows})
    return {row.pk: known[row.touchpoint.subject_id] for row in rows if row.touchpoint.subject_id in known}


def person_cell(_row: Any, about: Any) -> SafeString:
    """The person, as a link."""
    return link(f"/people/{about.person}/", bdi(about), "u") if about else SafeString("")


def binners(rows: Sequence[Any]) -> Mapping[int, object]:
    """Who put each note there."""
    names = user_names({row.by for row in rows})
    return {row.pk: names.get(row.by, "") for row in rows}


def day_cell(_row: Any, at: Any) -> SafeString:
    """A moment as its day."""
    return day(at)


def columns() -> list[Column[Any]]:
    """What the bin shows of each note."""
    return [
        Column("text", _("Note"), lambda row: row.touchpoint.text.body, main=True, draw=text_cell),
        Column("person", _("About"), values=persons, draw=person_cell),
        Column("binned", _("Put here"), lambda row: row.at, sort="at", align="end", draw=day_cell),
        Column("binner", _("By"), values=binners),
        Column("gone", _("Gone for good"), lambda row: row.at + KEPT_FOR, align="end", draw=day_cell),
    ]


def bin_list(request: HttpRequest) -> ListPage[Any]:
    """The notes in the bin about persons whom this user sees."""
    back = Action(_("Bring back"), "/people/bin/notes/bulk/note_bin.restore")
    return ListPage(
        rows=queries.note_bin_of(request.user),
        columns=columns(),
        order="-binned",
        search=Contains("q", _("Find in notes"), ["touchpoint__text__body"], fold=str),
        filters=[],
        template="conversations/bin.html",
        name="note_bin",
        caption=_("Notes in the bin"),
        called=lambda row: Truncator(row.touchpoint.text.body).chars(queries.LABEL),
        empty=Empty(
            _("No note is in the bin"),
            _(
                "Notes that somebody deletes lie here for 30 days and can be brought back. Then their words go."
            ),
        ),
        may_export=may(request.user, EXPORT),
        actions=[back] if may(request.user, LOG_CONVERSATIONS) else (),
    )


@require_safe
@needs(SEE_PEOPLE)
def bin_page(request: HttpRequest) -> HttpResponseBase:
    """The bin of notes."""
    return bin_list(request).response(request)


@require_POST
@needs(LOG_CONVERSATIONS)
def bin_bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Do a verb to the ticked notes of the bin, or to all that match."""
    return bulk.begin(request, bin_list(request), verb)
