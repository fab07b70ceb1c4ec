"""The rows behind figures that only Today shows: own promises, own wins, what a channel brought."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from treaty.agreements.queries.personal import own_verdicts
from treaty.deals.queries.quarter import deals_won_by
from treaty.desk.views.today import user_of
from treaty.desk.wording import VERDICTS
from treaty.desk.wording import verdict as verdict_of
from treaty.handovers.queries import rows_about
from treaty.handovers.queries.today import leads_of_channel
from treaty.kit.lists import Column, Empty, ListPage
from treaty.kit.markup import grade
from treaty.kit.spreadsheet import spreadsheet
from treaty.kit.templatetags.kit import moment
from treaty.scoreboard.queries import this_month
from treaty.scoreboard.rules import Month
from treaty.staff.access import needs
from treaty.staff.queries import may
from treaty.staff.rules import EXPORT, SEE_PEOPLE

STATES = ("offered", "accepted", "returned")
LEAD_COLUMNS: tuple[Column[Any], ...] = (
    Column("person", _("Person"), lambda row: row.person.name, main=True),
    Column("company", _("Company"), lambda row: row.person.company.name if row.person.company else ""),
    Column("grade", _("Grade"), lambda row: row.grade, draw=lambda _row, value: grade(value)),
    Column("owner", _("Owner"), lambda row: row.owner.name if row.owner else gettext("the whole team")),
    Column(
        "qualified",
        _("Qualified"),
        lambda row: moment(row.qualified_at),
        sort="qualified_at",
        align="end",
        csv=lambda row: row.qualified_at,
    ),
)


@require_safe
def own_promises(request: HttpRequest) -> HttpResponseBase:
    """The promises a user kept and broke in a month; `clause`, `verdict` and `month` narrow them."""
    user, at = user_of(request), timezone.now()
    now = this_month(at)
    month = Month.parse(request.GET.get("month", ""), now.zone) or now
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in VERDICTS else ""
    clause = request.GET.get("clause", "")[:8]
    found = own_verdicts(user.pk, month.start, month.end, clause=clause, verdict=verdict)
    leads = {row.pk: row for row in rows_about(user, [one.about for one in found])}
    rows: list[tuple[Any, Any]] = [(one, leads.get(handover_of(one.about))) for one in found]
    heads = [_("Person"), _("Company"), _("Grade"), _("Clause"), _("Verdict"), _("Due")]
    if file := spreadsheet(request, "your-promises", heads, (promise(*row) for row in rows)):
        return file
    told = {"rows": rows, "month": month, "clause": clause, "verdict": verdict}
    return render(request, "desk/own_promises.html", told)


def promise(judged: Any, lead: Any) -> list[object]:
    """A promise as a spreadsheet has it; of a lead one does not see any more no name is told."""
    company = lead.person.company.name if lead and lead.person.company else ""
    who = [lead.person.name, company, lead.grade] if lead else ["", "", ""]
    return [*who, judged.clause, verdict_of(judged.verdict), judged.due_at]


def handover_of(about: str) -> int:
    """The handover that a verdict is about: handover:7, offer:7:2."""
    number = about.partition(":")[2].partition(":")[0]
    return int(number) if number.isdecimal() else 0


@require_safe
def own_wins(request: HttpRequest) -> HttpResponseBase:
    """The deals a user won this quarter."""
    user, at = user_of(request), timezone.now()
    begins = this_month(at).quarter_begins
    deals = deals_won_by(user.pk, begins.start, at)
    heads = [_("Deal"), _("Person"), _("Company"), _("Won"), _("Value"), _("Currency")]
    if file := spreadsheet(request, "won-by-you", heads, map(won, deals)):
        return file
    return render(request, "desk/own_wins.html", {"deals": deals, "quarter": begins})


def won(deal: Any) -> list[object]:
    """A deal as a spreadsheet has it."""
    value = [None, ""] if deal.value is None else [deal.value.amount, deal.value.currency]
    return [deal.name, deal.person, deal.company, deal.closed_at, *value]


@require_safe
@needs(SEE_PEOPLE)
def channel_leads(request: HttpRequest) -> HttpResponseBase:
    """The leads that a channel brought this month, page by page; `state` narrows them."""
    user, month = user_of(request), this_month(timezone.now())
    channel, state = request.GET.get("channel", "")[:60], request.GET.get("state", "")
    state = state if state in STATES else ""
    return ListPage(
        rows=leads_of_channel(user, channel, month.start, month.end, state=state),
        columns=LEAD_COLUMNS,
        order="-qualified",
        template="desk/channel_leads.html",
        name="leads-of-a-channel",
        caption=_("Leads of this channel"),
        empty=Empty(
            _("No lead of this kind"), _("Leads of this channel that qualified this month stand here.")
        ),
        open=lambda row: reverse("handovers:handover", args=[row.pk]),
        beside=True,
        may_export=may(user, EXPORT),
        context={"month": month, "channel": channel, "state": state},
    ).response(request)
