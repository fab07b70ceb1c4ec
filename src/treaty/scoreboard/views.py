"""The pages of the scoreboard: the board of a month, the rows behind each figure, channels."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from treaty.deals.queries import ChannelRow, won_by_channel
from treaty.kit.spreadsheet import download
from treaty.kit.web import page
from treaty.scoreboard import charts, queries, wording
from treaty.scoreboard.channels import TITLES, channel_list
from treaty.scoreboard.linked import page_url, rows_url
from treaty.scoreboard.listing import heads, lines
from treaty.scoreboard.queries import MonthFacts, Opened, Scoreboard
from treaty.scoreboard.queries.figures import promise_figure
from treaty.scoreboard.rules import BUCKETS, Month
from treaty.scoreboard.showing import Shown
from treaty.scoreboard.tables import shores
from treaty.scoreboard.tiles import tiles
from treaty.staff import queries as staff
from treaty.staff.access import needs
from treaty.staff.queries import User
from treaty.staff.rules import EXPORT, SEE_PEOPLE

ROWS_SHOWN = 100


@require_safe
@needs(SEE_PEOPLE)
def scoreboard(request: HttpRequest) -> HttpResponseBase:
    """Both teams side by side and the shared goal between them, for one month."""
    at = timezone.now()
    month = asked_month(request)
    board = queries.scoreboard_of(month, at)
    if wants_csv(request):
        return download(f"scoreboard-{month.key}", board_heads(), board_lines(board))
    before = None
    if "compare" in request.GET and not board.is_empty:
        before = queries.scoreboard_of(month.previous, at)
    return page(request, "scoreboard/scoreboard.html", shown(request, board, before))


@require_safe
@needs(SEE_PEOPLE)
def rows(request: HttpRequest) -> HttpResponseBase:
    """The rows behind a figure: all of them, with names where one sees the record."""
    month, figure = asked_month(request), asked_figure(request)
    facts = queries.month_facts(month, timezone.now())
    opened = queries.opened(figure, facts)
    if opened is None:
        raise Http404
    user = signed_in(request)
    if wants_csv(request):
        found = queries.named(opened, user)
        cells = ([cell.value for cell in line] for line in lines(found, month))
        return download(f"{figure}-{month.key}", [head.text for head in heads(found)], cells)
    return page(request, "scoreboard/rows.html", listed(request, figure, facts, opened))


@require_safe
@needs(SEE_PEOPLE)
def channels(request: HttpRequest) -> HttpResponseBase:
    """Leads and won persons by where they came from, over all time."""
    found = won_by_channel()
    if wants_csv(request):
        names = [_("Channel"), _("Leads"), _("Won")]
        return download("channels", names, ([row.channel, row.leads, row.won] for row in found))
    return page(
        request,
        "scoreboard/channels.html",
        {
            "channels": [(row, wording.percent(won_share(row)), channel_query(row)) for row in found],
            "leads": sum(row.leads for row in found),
            "won": sum(row.won for row in found),
            "may_export": may_export(request),
        },
    )


@require_safe
@needs(SEE_PEOPLE)
def channel_rows(request: HttpRequest) -> HttpResponseBase:
    """The persons behind a `figure`: of `channel`, of the one that is not known (`blank`), or of all."""
    figure = request.GET.get("figure", "")
    if figure not in TITLES:
        raise Http404
    channel = "" if "blank" in request.GET else request.GET.get("channel")
    return channel_list(signed_in(request), figure, channel).response(request)


def channel_query(row: ChannelRow) -> str:
    """How an address names a channel; the one that is not known has no name."""
    return urlencode({"channel": row.channel} if row.channel else {"blank": "yes"})


def won_share(row: ChannelRow) -> float | None:
    """The share of a channel's leads that were won; imported wins need not have been leads."""
    return row.won / row.leads if row.leads >= row.won and row.leads else None


def shown(request: HttpRequest, board: Scoreboard, before: Scoreboard | None) -> dict[str, Any]:
    """What the template of the board draws."""
    month = board.month
    is_comparing = "compare" in request.GET
    keep = {"compare": "1"} if is_comparing else {}
    context: dict[str, Any] = {
        "board": board,
        "month": wording.month_name(month.first),
        "day": wording.day_of_month(board.today),
        "previous": month.previous.key,
        "previous_name": wording.month_name(month.previous.first),
        "previous_url": page_url(month.previous, **keep),
        "next_name": wording.month_name(month.following.first),
        "next_url": "" if month.following.start > board.at else page_url(month.following, **keep),
        "compare_url": page_url(month) if is_comparing else page_url(month, compare="1"),
        "csv_url": page_url(month, format="csv") if may_export(request) else "",
        "is_comparing": is_comparing,
    }
    return context if board.is_empty else context | parts(board, before)


def parts(board: Scoreboard, before: Scoreboard | None) -> dict[str, Any]:
    """The bridge, the tiles, the tables and the charts."""
    drawn = Shown(board)
    urls = tuple(rows_url(f"speed.{place}", board.month) for place in range(len(BUCKETS) + 1))
    marketing, sales = shores(board, before)
    drawings: dict[str, Any] = {"bridge": charts.bridge(drawn.goal)}
    if board.volume is not None:
        drawings["leads"] = charts.burn_up(board.volume)
        drawings["leads_narrow"] = charts.burn_up(board.volume, is_narrow=True)
    if board.speed.number:
        drawings["speed"] = charts.speeds(board.speed, urls)
        drawings["speed_narrow"] = charts.speeds_narrow(board.speed, urls)
    return {
        "marketing": marketing,
        "sales": sales,
        "goal_title": wording.quarter(board.month.quarter),
        "goal": drawn.goal_sentence(),
        "marks": drawn.marks(),
        "tiles": tiles(board, before),
        **drawn.chart_words(),
        **drawings,
    }


def listed(request: HttpRequest, figure: str, facts: MonthFacts, opened: Opened) -> dict[str, Any]:
    """One page of the rows."""
    asked = request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isdecimal() and len(asked) < 8 else 1
    first = (number - 1) * ROWS_SHOWN
    found = queries.named(opened, signed_in(request), first, ROWS_SHOWN)
    address = rows_url(figure, facts.month)
    return {
        "title": wording.figure_title(figure),
        "month": wording.month_name(facts.month.first),
        "board_url": page_url(facts.month),
        "heads": heads(found),
        "lines": list(lines(found, facts.month)),
        "count": len(opened),
        "sum": wording.money(facts.orders.revenue_minor, facts.currency) if figure == "won" else "",
        "first": first + 1,
        "last": min(first + ROWS_SHOWN, len(opened)),
        "previous_url": f"{address}&page={number - 1}" if number > 1 else "",
        "next_url": f"{address}&page={number + 1}" if first + ROWS_SHOWN < len(opened) else "",
        "csv_url": f"{address}&format=csv" if may_export(request) else "",
    }


def board_heads() -> list[str]:
    """The columns of the exported board."""
    return [
        _("Side"),
        _("Version"),
        _("Clause"),
        _("Promise"),
        _("Kept"),
        _("Broken"),
        _("Excused"),
        _("Running"),
        _("Rate"),
    ]


def board_lines(board: Scoreboard) -> Iterator[Sequence[object]]:
    """The promises of both sides."""
    for side in (board.marketing, board.sales):
        for row in side.rows:
            tally, title = row.tally, wording.clause_title(row.clause)
            counts = (tally.kept, tally.broken, tally.excused, tally.open)
            rate = "" if tally.rate is None else f"{tally.rate:.4f}"
            yield (wording.SIDES[side.side](), row.number, row.clause.number, title, *counts, rate)


def asked_month(request: HttpRequest) -> Month:
    """The month that the address names, else this one; 404 for what is no month."""
    current = queries.this_month(timezone.now())
    text = request.GET.get("month", "")
    month = Month.parse(text, current.zone) if text else current
    if month is None:
        raise Http404
    return month


def asked_figure(request: HttpRequest) -> str:
    """The figure that the address names, by its name or by `clause`, `verdict` and `version`."""
    named = request.GET.get("figure", "")
    clause = request.GET.get("clause", "")
    if named or not clause:
        return named
    version = request.GET.get("version", "")
    number = int(version) if version.isdecimal() else None
    return promise_figure("", number, clause, request.GET.get("verdict", ""))


def signed_in(request: HttpRequest) -> User:
    """Whoever asks; the middleware lets nobody else come here."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def may_export(request: HttpRequest) -> bool:
    """Whether whoever asks may take lists away."""
    return staff.may(request.user, EXPORT)


def wants_csv(request: HttpRequest) -> bool:
    """Whether a spreadsheet is asked for, by somebody who may have it."""
    return request.GET.get("format") == "csv" and may_export(request)
