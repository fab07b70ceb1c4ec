"""The figures beside Today drawn in Python: own promises and wins, both sides' promises, the shared goal. Each opens its rows."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaty.agreements.queries import Counts
from treaty.agreements.queries.personal import OwnPromise
from treaty.deals.queries.quarter import Won
from treaty.desk import wording
from treaty.handovers.queries.today import ChannelLeads
from treaty.kit.markup import bar, figure, hue, text
from treaty.kit.rules.money import Money, decimals
from treaty.kit.templatetags.kit import number
from treaty.people.queries.leads import channel_label
from treaty.scoreboard.queries import Small
from treaty.scoreboard.rules import Goal, Month, Tally


def fact(label: str, value: str, *, is_sum: bool = False) -> str:
    """A row of facts; `value` is HTML."""
    opening = '<div class="sum">' if is_sum else "<div>"
    return f"{opening}<dt>{text(label)}</dt><dd>{value}</dd></div>"


def facts(rows: Iterable[str], css: str = "") -> SafeString:
    """Rows of facts."""
    return SafeString(f'<dl class="facts{css}">{"".join(rows)}</dl>')


def own_promises(promises: Iterable[OwnPromise], together: Counts) -> SafeString:
    """How somebody's own promises were kept, clause by clause and all together."""
    rows = reverse("desk:own_promises")
    drawn = [own_promise(one, f"{rows}?clause={one.clause}") for one in promises]
    if together.rate is not None:
        of_all = _("%(kept)s of %(judged)s") % {
            "kept": number(together.kept),
            "judged": number(together.kept + together.broken),
        }
        rate = figure(percent(together.rate), f"{rows}?verdict=judged")
        drawn.append(fact(_("All"), f'{rate} <span class="q">{text(of_all)}</span>', is_sum=True))
    return facts(drawn, " promises")


def own_promise(one: OwnPromise, rows: str) -> str:
    """How often one clause was kept and broken."""
    kept, broken = one.counts.kept, one.counts.broken
    how_often = ngettext("%(number)s kept", "%(number)s kept", kept) % {"number": number(kept)}
    failed = ngettext("%(number)s broken", "%(number)s broken", broken) % {"number": number(broken)}
    missed = figure(
        failed if broken else _("none broken"), f"{rows}&verdict=broken", tone="bad" if broken else "q"
    )
    name = wording.promise(one.code, one.grades, one.clause)
    return fact(name, f"{figure(how_often, f'{rows}&verdict=kept')}, {missed}")


def won(sums: Won, values: str) -> SafeString:
    """What somebody won; `values` are the sums in words."""
    rows = reverse("desk:own_wins")
    none = f'<span class="q">{text(_("none yet"))}</span>'
    drawn = [
        fact(_("Deals"), figure(number(sums.count), rows)),
        fact(_("Value"), f"<b>{figure(values, rows)}</b>" if values else none),
    ]
    if sums.unknown:
        drawn.append(fact(_("Of unknown value"), figure(number(sums.unknown), rows)))
    return facts(drawn)


def side_card(side: str, tally: Tally, month: Month) -> SafeString:
    """One side's promises of the month."""
    note = _("promises, %(month)s") % {"month": date_format(month.first, "F")}
    drawn = bar(tally.kept, tally.broken, tally.excused, tally.open, side=side, full=True)
    return SafeString(
        f'<section class="card {hue(side)}"><div class="cap"><h2 class="side">{text(wording.side_name(side))}</h2>'
        f'<span class="q">{text(note)}</span></div><div class="pad">{drawn}</div>{verdicts(side, tally, month)}</section>'
    )


def verdicts(side: str, tally: Tally, month: Month) -> SafeString:
    """How many promises of a side were kept and broken, and how many run."""

    def opening(name: str, words: str, tone: str = "") -> str:
        return figure(words, f"{month_rows(month)}&figure=promise.{side}...{name}", tone=tone)

    drawn = [
        fact(_("Kept"), opening("kept", number(tally.kept))),
        fact(_("Broken"), opening("broken", number(tally.broken), "bad" if tally.broken else "q")),
        fact(_("Running"), opening("open", number(tally.open))),
    ]
    if tally.rate is not None:
        drawn.append(fact(_("Kept of those judged"), opening("judged", percent(tally.rate)), is_sum=True))
    return facts(drawn)


def goals(board: Small) -> SafeString:
    """The quarter's goals: what is done, and of what."""
    rows = month_rows(board.month)
    parts = (
        revenue(goal, board.currency, rows) if goal.code == "revenue" else [customers(goal, rows)]
        for goal in board.goals
    )
    return facts(row for part in parts for row in part)


def revenue(goal: Goal, currency: str, rows: str) -> list[str]:
    """What was won, the goal, and where its line stands today."""
    tone = "warn" if goal.ahead < 0 else "q"
    return [
        fact(_("Won"), figure(whole(goal.done, currency), f"{rows}&figure=won")),
        fact(_("Goal"), text(whole(goal.goal, currency))),
        fact(_("The line today"), f'<span class="{tone}">{text(whole(goal.line, currency))}</span>'),
    ]


def customers(goal: Goal, rows: str) -> str:
    """How many customers are new."""
    wanted = ngettext("of %(number)s", "of %(number)s", goal.goal) % {"number": number(goal.goal)}
    done = figure(number(goal.done), f"{rows}&figure=customers")
    return fact(_("New customers"), f'{done} <span class="q">{text(wanted)}</span>')


def channel_rows(rows: Iterable[ChannelLeads]) -> SafeString:
    """What each channel brought, and what became of it."""
    return SafeString("".join(map(channel_row, rows)))


def channel_row(row: ChannelLeads) -> str:
    """One channel."""
    name = (
        text(channel_label(row.channel)) if row.channel else f'<span class="q">{text(_("not known"))}</span>'
    )
    rows = f"{reverse('desk:channel_leads')}?{urlencode({'channel': row.channel})}"
    cells = (
        figure(number(row.offered), rows),
        figure(number(row.accepted), f"{rows}&state=accepted", tone="" if row.accepted else "q"),
        figure(number(row.returned), f"{rows}&state=returned", tone="q"),
    )
    drawn = "".join(f'<td class="n">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{name}</th>{drawn}</tr>'


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{number(round(share * 100, 1))} %"


def whole(amount: int, currency: str) -> str:
    """An amount in minor units as people of the page's language write it, in whole units of its currency."""
    unit = 10 ** decimals(currency)
    return wording.money(Money(round(amount / unit) * unit, currency))


def month_rows(month: Month) -> str:
    """Where the rows behind a month's figures open; `&figure=` follows."""
    return f"{reverse('scoreboard:rows')}?month={month.key}"
