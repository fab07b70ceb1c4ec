"""The table of deals: the same deals as on the board, and those closed long ago; with filters, totals and CSV."""

from collections.abc import Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from treaty.deals import queries, wording
from treaty.deals.queries.sums import asked_for_sums
from treaty.deals.rules import sums
from treaty.deals.views import orders
from treaty.deals.views.records import context_of, may_edit, opened_id, user_of
from treaty.fields.queries import listed
from treaty.kit import changing, dates
from treaty.kit.bulk import begin
from treaty.kit.fields import CHOICE, DAY, MOMENT, NUMBER, Choices, Field
from treaty.kit.lists import (
    Action,
    Boolean,
    Choice,
    Column,
    Contains,
    DateRange,
    Edit,
    Empty,
    ListPage,
    query_text,
)
from treaty.kit.markup import NOTHING, join, text
from treaty.kit.rules.money import Money, decimals
from treaty.kit.templatetags.kit import moment
from treaty.kit.web import is_partial
from treaty.people.rules import fold
from treaty.staff import queries as staff
from treaty.staff.access import needs
from treaty.staff.rules import EDIT_DEALS, EXPORT, SEE_PEOPLE

THRESHOLDS = (1_000, 10_000, 100_000)
"""Values one filters by, in major units of the installation's currency."""
READ = (
    *(
        "name",
        "folded",
        "person_id",
        "company_id",
        "owner_id",
        "stage_id",
        "value_minor",
        "currency",
        "close_on",
    ),
    *("opened_at", "closed_at", "reason", "product", "flags", "next_step", "next_step_kind", "next_step_at"),
    *("person__name", "company__name", "owner__name"),
)
"""What is read of the rows behind the table."""


@require_safe
@needs(SEE_PEOPLE)
def table(request: HttpRequest) -> HttpResponseBase:
    """The table; with `?deal=` a deal beside it."""
    opened = opened_id(request)
    panel = context_of(request, opened) if opened else {}
    if panel and is_partial(request) and request.headers.get("HX-Target", "").endswith("#panel"):
        return render(request, "deals/panel.html", panel)
    return deal_list(request, panel).response(request)


@require_POST
@needs(EDIT_DEALS)
def bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Do a verb to the ticked deals, or to all that match."""
    return begin(request, deal_list(request, {}), verb)


def deal_list(request: HttpRequest, panel: Mapping[str, Any]) -> ListPage[Any]:
    """The list as kit draws it."""
    # Not joined with their stages: SQLite would read all deals stage by stage, and sort them.
    rows = queries.visible_deals(user_of(request)).select_related("person", "company", "owner").only(*READ)
    stages, currency = queries.stages(), staff.installation().currency
    known = staff.everybody()
    owners = [(str(one), name) for one, name, is_active in known if is_active]
    asked = staff.owners_asked(known)
    own = listed("deal", request.user)
    give = Action(_("Give to owner"), "/deals/bulk/deals.owner", "people/bulk_owner.html",
                  {"owners": [("", _("Nobody")), *owners]})  # fmt: skip

    throw = Action(_("Put into the bin"), "/deals/bulk/deals.bin")
    shown = [*columns(stages, owners), *own.columns]
    change = changing.action(shown, "/deals/bulk/deals.change")

    def beside(deal: Any) -> str:
        return "?" + query_text(request.GET, deal=deal.pk)

    return ListPage(
        rows=rows,
        columns=shown,
        order="-opened",
        filters=filters(stages, asked, currency),
        fields=[*fields(stages, asked, currency), *own.fields],
        arranges=True,
        cells_url="/deals/bulk/deals.cells" if may_edit(request) else "",
        search=Contains("q", _("Find in deals"), ["folded"], fold),
        actions=[give, change, throw] if may_edit(request) else (),
        template="deals/table.html",
        name="deals",
        caption=_("Deals"),
        empty=Empty(_("No deal fits"), _("Nothing you see fits these filters.")),
        open=beside,
        beside=True,
        may_export=staff.may(request.user, EXPORT),
        context={"may_edit": may_edit(request), **panel},
    )


def columns(stages: Sequence[queries.StageRow], owners: Choices) -> list[Column[Any]]:
    """What the table shows of each deal."""
    named = {stage.id: wording.stage_name(stage.key, stage.name) for stage in stages}
    return [
        Column("name", _("Deal"), sort="folded", main=True),
        Column("with", _("Person"), lambda deal: deal.person.name if deal.person else ""),
        Column("company", _("Company"), lambda deal: deal.company.name if deal.company else "", orders=orders.by_company),
        Column("stage", _("Stage"), lambda deal: named[deal.stage_id], orders=partial(orders.by_stage, stages)),
        Column("value", _("Value"), shown_value, align="end", csv=plain_value, csv_with="currency", total=total, totals=totals,
               total_asks=asked_for_sums, orders=partial(orders.by_value, "value_minor")),
        Column("currency", _("Currency"), in_table=False),
        Column("close", _("Close date"), lambda deal: day(deal.close_on), orders=partial(orders.by_value, "close_on"),
               csv=lambda deal: deal.close_on, edit=Edit(attrgetter("close_on"), "date")),
        Column(
            "step",
            _("Next step"),
            lambda deal: deal.next_step_kind,
            draw=step_cell,
            csv=lambda deal: deal.next_step,
        ),
        Column("owner", _("Owner"), lambda deal: deal.owner.name if deal.owner else "", orders=orders.by_owner,
               edit=Edit(attrgetter("owner_id"), choices=lambda: [("", _("Nobody")), *owners])),
        Column("opened", _("Opened"), opened_day, sort="opened_at", csv=lambda deal: deal.opened_at),
        Column("closed", _("Closed"), lambda deal: deal.closed_at, orders=partial(orders.by_value, "closed_at"), in_table=False),
        Column("reason", _("Reason"), in_table=False),
        Column("product", _("Product"), in_table=False, edit=Edit(attrgetter("product"))),
        Column(
            "flags", _("Remarks"), lambda deal: ", ".join(map(wording.flag_name, deal.flags)), in_table=False
        ),
    ]  # fmt: skip


def filters(pipeline: Sequence[queries.StageRow], owners: Choices, currency: str) -> list[Any]:
    """What the table can be narrowed by."""
    stages = [(stage.key, wording.stage_name(stage.key, stage.name)) for stage in pipeline]
    values = value_choices(currency)
    no_step = Q(next_step_kind="", closed_at__isnull=True)
    return [
        Choice("stage", _("Stage"), lambda: stages, field="stage__key"),
        Choice("owner", _("Owner"), lambda: owners, field="owner"),
        Choice("value", _("Value"), lambda: values, condition=has_value),
        DateRange("close", _("Close date"), "close_on", is_moment=False),
        DateRange("step", _("Next step due"), "next_step_at"),
        Boolean("without_step", _("Next step"), no_step, (_("None set"), _("Set, or closed"))),
    ]


def fields(pipeline: Sequence[queries.StageRow], owners: Choices, currency: str) -> list[Field]:
    """What conditions may name."""
    worth = _("Value in %(currency)s") % {"currency": currency}
    stages = [(stage.key, wording.stage_name(stage.key, stage.name)) for stage in pipeline]
    return [
        Field(key="name", label=_("Deal"), means=Contains("name", "", ["folded"], fold).condition),
        Field(key="with", label=_("Person"), path="person__name"),
        Field(key="company", label=_("Company"), path="company__name"),
        Field(key="stage", label=_("Stage"), kind=CHOICE, path="stage__key", choices=lambda: stages, optional=False,
              groups=lambda: stages),
        Field(key="value", label=worth, kind=NUMBER, path="value_minor", factor=10 ** decimals(currency),
              besides=Q(currency=currency)),
        Field(key="currency", label=_("Currency"), path="currency"),
        Field(key="close", label=_("Close date"), kind=DAY, path="close_on"),
        Field(key="step", label=_("Next step due"), kind=MOMENT, path="next_step_at"),
        Field(key="owner", label=_("Owner"), kind=CHOICE, path="owner", choices=lambda: owners, groups=lambda: owners),
        Field(key="opened", label=_("Opened"), kind=MOMENT, path="opened_at", optional=False),
        Field(key="closed", label=_("Closed"), kind=MOMENT, path="closed_at"),
        Field(key="reason", label=_("Reason"), path="reason"),
        Field(key="product", label=_("Product"), path="product"),
    ]  # fmt: skip


def value_choices(currency: str) -> list[tuple[str, str]]:
    """Unknown, or at least so much."""
    minor = [amount * 10 ** decimals(currency) for amount in THRESHOLDS]
    known = [
        (f"{currency}:{least}", _("%(value)s or more") % {"value": wording.money(Money(least, currency))})
        for least in minor
    ]
    return [("unknown", _("Unknown")), *known]


def has_value(choice: str) -> Q:
    """What a choice of `value_choices` means."""
    if choice == "unknown":
        return Q(value_minor__isnull=True)
    currency, _colon, least = choice.partition(":")
    return Q(currency=currency, value_minor__gte=int(least))


def shown_value(deal: Any) -> str:
    """The value as people write it."""
    return wording.money(queries.value_of(deal))


def plain_value(deal: Any) -> str:
    """The value as machines read it."""
    value = queries.value_of(deal)
    return "" if value is None else f"{value.amount:f}"


def total(rows: "QuerySet[Any]") -> str:
    """The sum of all deals of the list, each currency for itself."""
    found = queries.summed(rows).items()
    return " · ".join(wording.money(money) for money in sums((value, currency) for currency, value in found))


def totals(rows: "QuerySet[Any]", parts: Sequence[Q]) -> list[str]:
    """The sums of parts of the list, read in one question."""
    summed = {f"part{place}": Sum("value_minor", filter=part) for place, part in enumerate(parts)}
    found = list(rows.order_by().values("currency").annotate(**summed)) if parts else []
    return [
        " · ".join(wording.money(money) for money in sums((row[name], row["currency"]) for row in found))
        for name in summed
    ]


def step_cell(deal: Any, kind: str) -> SafeString:
    """What is next and when; what was closed needs nothing more."""
    if kind:
        when = SafeString(f' <span class="q">{text(moment(deal.next_step_at))}</span>')
        return join(wording.step_name(kind), when if deal.next_step_at else "")
    return NOTHING if deal.closed_at else SafeString(f'<span class="bad">{text(_("none set"))}</span>')


def day(value: Any) -> str:
    """A day in the language of the page."""
    return dates.day(value) if value else ""


def opened_day(deal: Any) -> str:
    """When it was opened."""
    return day(localtime(deal.opened_at))
