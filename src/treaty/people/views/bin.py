"""Putting a person into the bin, the page that shows who lies there, and bringing them back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.kit import bulk
from treaty.kit.lists import Action, Column, Contains, Empty, ListPage
from treaty.kit.markup import bdi, day
from treaty.kit.web import toast
from treaty.people import commands, queries
from treaty.people.rules import KEPT_FOR, fold
from treaty.people.views.lists import address_cell
from treaty.people.views.persons import seen
from treaty.staff.access import actor, needs, verb
from treaty.staff.queries import may, user_names
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, SEE_PEOPLE


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_PEOPLE)
def person_bin(request: HttpRequest, person: int) -> HttpResponse:
    """Put a person into the bin; deleting that brings the person back."""
    at, by = timezone.now(), actor(request)
    if verb(request) == "DELETE":
        row = get_object_or_404(queries.bin_of(request.user), pk=person)
        commands.restore_persons([row.pk], at=at, by=by)
        toast(request, _("%(person)s is back.") % {"person": row.person.name})
        return redirect(f"/people/{person}/")
    row = seen(request, person)
    commands.bin_persons([row.pk], at=at, by=by)
    text = _("%(person)s is in the bin.") % {"person": row.name}
    toast(request, text, reverse("people:person_bin", args=[person]), "DELETE")
    return redirect("people:people")


def binners(rows: Sequence[Any]) -> Mapping[int, object]:
    """Who put each person there."""
    names = user_names({row.by_id for row in rows})
    return {row.pk: names.get(row.by_id, "") for row in rows}


def name_cell(row: Any, _value: object) -> SafeString:
    """The name, which leads nowhere: the person has no page now."""
    return bdi(row.person.name)


def day_cell(_row: Any, at: Any) -> SafeString:
    """A moment as its day."""
    return day(at)


COLUMNS: list[Column[Any]] = [
    Column("name", gettext_lazy("Name"), lambda row: row.person.name, sort="person__folded", main=True, draw=name_cell),
    Column("email", gettext_lazy("Mail address"), lambda row: row.person.email, draw=address_cell),
    Column("binned", gettext_lazy("Put here"), lambda row: row.at, sort="at", align="end", draw=day_cell),
    Column("binner", gettext_lazy("By"), values=binners),
    Column("gone", gettext_lazy("Forgotten for good"), lambda row: row.at + KEPT_FOR, align="end", draw=day_cell),
]  # fmt: skip


def bin_list(request: HttpRequest) -> ListPage[Any]:
    """Who lies in the bin, as far as this user would see them outside of it."""
    may_edit = may(request.user, EDIT_PEOPLE)
    return ListPage(
        rows=queries.bin_of(request.user),
        columns=COLUMNS,
        order="-binned",
        search=Contains("q", gettext_lazy("Find by name"), ["person__folded"], fold=fold),
        filters=[],
        template="people/bin.html",
        name="bin",
        caption=gettext_lazy("Bin"),
        called=lambda row: row.person.name,
        empty=Empty(
            gettext_lazy("The bin is empty"),
            gettext_lazy(
                "Persons whom somebody deletes lie here for 30 days and can be brought back. Then they are forgotten."
            ),
        ),
        may_export=may(request.user, EXPORT),
        actions=[Action(gettext_lazy("Bring back"), "/people/bin/bulk/bin.restore")] if may_edit else (),
    )


@require_safe
@needs(SEE_PEOPLE)
def bin_page(request: HttpRequest) -> HttpResponseBase:
    """The bin."""
    return bin_list(request).response(request)


@require_POST
@needs(EDIT_PEOPLE)
def bin_bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Do a verb to the ticked persons of the bin, or to all that match."""
    return bulk.begin(request, bin_list(request), verb)
