"""Which segments there are, who is in one, and taking one away."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from treaty.kit.lists import Column, Contains, Empty, ListPage
from treaty.kit.web import toast
from treaty.people import queries as people
from treaty.people.rules import fold
from treaty.segments import commands, queries
from treaty.segments.rules import parse
from treaty.segments.wording import sentence, still_asked, translations
from treaty.staff.access import actor, needs
from treaty.staff.queries import may
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, SEE_PEOPLE


def size(row: Any) -> object:
    """How many are in, once they were found."""
    return _("being found") if row.followed_until is None else row.members


def columns(user: Any) -> list[Column[Any]]:
    """What stands of each segment, for a user."""

    def meanings(rows: Sequence[Any]) -> dict[int, object]:
        trees = {row.pk: parse(row.predicate) for row in rows}
        names = queries.words(trees.values(), user)
        return {pk: sentence(tree, names) for pk, tree in trees.items()}

    return [
        Column("name", gettext_lazy("Name"), sort="name", main=True),
        Column("meaning", gettext_lazy("Whom it means"), values=meanings),
        Column("members", gettext_lazy("Persons"), size, align="end"),
    ]


@require_safe
@needs(SEE_PEOPLE)
def segments(request: HttpRequest) -> HttpResponseBase:
    """The list of segments."""
    empty = Empty(
        gettext_lazy("No segment is here yet"),
        gettext_lazy(
            "A segment is a saved question about persons, and whoever fits is in it from that moment on."
        ),
        reverse("segments:new") if may(request.user, EDIT_PEOPLE) else "",
        gettext_lazy("New segment") if may(request.user, EDIT_PEOPLE) else "",
    )
    listed: ListPage[Any] = ListPage(
        rows=queries.listed(),
        columns=columns(request.user),
        order="name",
        template="segments/list.html",
        name="segments",
        caption=gettext_lazy("Segments"),
        empty=empty,
        open=lambda row: f"/segments/{row.pk}/",
        may_export=may(request.user, EXPORT),
        context={"may_edit": may(request.user, EDIT_PEOPLE)},
    )
    return listed.response(request)


@require_safe
@needs(SEE_PEOPLE)
def segment(request: HttpRequest, segment: int) -> HttpResponseBase:
    """Who is in a segment, as far as the reader may see them."""
    known = queries.segment(segment)
    if known is None:
        raise Http404
    is_known, names = known.until is not None, queries.words([known.tree], request.user)
    finding = gettext_lazy("Its members are being found.")
    nobody = gettext_lazy("Whoever comes to match stands here within seconds.")
    listed: ListPage[Any] = ListPage(
        rows=people.visible_persons(request.user)
        .filter(pk__in=queries.members_of(segment))
        .select_related("company"),
        columns=members_columns(),
        order="-added",
        search=Contains("q", gettext_lazy("Find by name"), ["folded"], fold=fold),
        template="segments/segment.html",
        name="segment",
        caption=gettext_lazy("Persons in the segment"),
        empty=Empty(gettext_lazy("Nobody you may see is in this segment"), nobody if is_known else finding),
        open=lambda row: f"/people/{row.pk}/",
        may_export=may(request.user, EXPORT),
        context={
            "segment": known,
            "meaning": sentence(known.tree, names),
            "meanings": translations(known.tree, names),
            "may_edit": may(request.user, EDIT_PEOPLE),
        },
    )
    return listed.response(request)


def members_columns() -> list[Column[Any]]:
    """What stands of each person, the columns of higher nouns among it."""
    return [
        Column("name", gettext_lazy("Name"), sort="folded", main=True),
        Column("company", gettext_lazy("Company"), lambda row: row.company.name if row.company else ""),
        *people.list_columns(),
        Column("email", gettext_lazy("Mail address")),
        Column("phone", gettext_lazy("Phone number"), in_table=False),
        Column("added", gettext_lazy("Added"), lambda row: row.created_at, sort="created_at", in_table=False),
    ]


@require_POST
@needs(EDIT_PEOPLE)
def removal(request: HttpRequest, segment: int) -> HttpResponse:
    """Take a segment away."""
    if queries.segment(segment) is None:
        raise Http404
    try:
        commands.remove_segment(segment, at=timezone.now(), by=actor(request))
    except commands.StillAsked as asked:
        toast(request, still_asked(asked.names), bad=True)
        return redirect("segments:segment", segment)
    toast(request, _("The segment was removed."))
    return redirect("segments:segments")
