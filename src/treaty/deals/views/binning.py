"""Putting a deal into the bin, the page that shows which lie there, and bringing them back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from treaty.deals import commands, queries, wording
from treaty.deals.views.records import may_edit, page_of, user_of
from treaty.kit import bulk
from treaty.kit.lists import Action, Column, Contains, Empty, ListPage
from treaty.kit.markup import bdi, day
from treaty.kit.web import toast
from treaty.people.rules import KEPT_FOR, fold
from treaty.staff.access import actor, needs, verb
from treaty.staff.queries import may, user_names
from treaty.staff.rules import EDIT_DEALS, EXPORT, SEE_PEOPLE


@require_http_methods(["POST", "DELETE"])
@needs(EDIT_DEALS)
def deal_bin(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Put a deal into the bin; deleting that brings the deal back."""
    at, by = timezone.now(), actor(request)
    if verb(request) == "DELETE":
        row = get_object_or_404(queries.bin_of(user_of(request)), pk=deal_id)
        commands.restore_deals([deal_id], at=at, by=by)
        toast(request, _("%(deal)s is back.") % {"deal": row.deal.name})
        return redirect("deals:deal", deal_id)
    deal = page_of(request, deal_id).deal
    commands.bin_deals([deal_id], at=at, by=by)
    text = _("%(deal)s is in the bin.") % {"deal": deal.name}
    toast(request, text, reverse("deals:deal_bin", args=[deal_id]), "DELETE")
    return redirect("deals:table")


def binners(rows: Sequence[Any]) -> Mapping[int, object]:
    """Who put each deal there."""
    names = user_names({row.by_id for row in rows})
    return {row.pk: names.get(row.by_id, "") for row in rows}


def name_cell(row: Any, _value: object) -> SafeString:
    """The name, which leads nowhere: the deal has no page now."""
    return bdi(row.deal.name)


def buyer(row: Any) -> str:
    """Whom the deal is with."""
    of = (row.deal.person, row.deal.company)
    return ", ".join(one.name for one in of if one and one.name)


def worth(row: Any) -> str:
    """The value as people write it."""
    return wording.money(queries.value_of(row.deal))


def day_cell(_row: Any, at: Any) -> SafeString:
    """A moment as its day."""
    return day(at)


def columns() -> list[Column[Any]]:
    """What the bin shows of each deal."""
    return [
        Column("name", _("Deal"), lambda row: row.deal.name, sort="deal__folded", main=True, draw=name_cell),
        Column("with", _("With"), buyer),
        Column("value", _("Value"), worth, align="end"),
        Column("binned", _("Put here"), lambda row: row.at, sort="at", align="end", draw=day_cell),
        Column("binner", _("By"), values=binners),
        Column("gone", _("Gone for good"), lambda row: row.at + KEPT_FOR, align="end", draw=day_cell),
    ]


def bin_list(request: HttpRequest) -> ListPage[Any]:
    """The deals in the bin, as far as this user would see them outside of it."""
    return ListPage(
        rows=queries.bin_of(user_of(request)),
        columns=columns(),
        order="-binned",
        search=Contains("q", _("Find in deals"), ["deal__folded"], fold=fold),
        filters=[],
        template="deals/bin.html",
        name="deal_bin",
        caption=_("Deals in the bin"),
        called=lambda row: row.deal.name,
        empty=Empty(
            _("No deal is in the bin"),
            _(
                "Deals that somebody deletes lie here for 30 days and can be brought back."
                " What was won with them counts on."
            ),
        ),
        may_export=may(request.user, EXPORT),
        actions=[Action(_("Bring back"), "/deals/bin/bulk/deal_bin.restore")] if may_edit(request) else (),
    )


@require_safe
@needs(SEE_PEOPLE)
def bin_page(request: HttpRequest) -> HttpResponseBase:
    """The bin of deals."""
    return bin_list(request).response(request)


@require_POST
@needs(EDIT_DEALS)
def bin_bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Do a verb to the ticked deals of the bin, or to all that match."""
    return bulk.begin(request, bin_list(request), verb)
