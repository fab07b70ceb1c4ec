"""What the pipeline brought: leads and wins by channel, deals by outcome. Over all deals, for reports."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from treaty.deals.models import Deal
from treaty.deals.queries.bin import binned_deals
from treaty.deals.rules import sums
from treaty.kit.rules.money import Money
from treaty.people.queries.figures import leads, leads_by_channel, those


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel ("" where none is known): persons who became a lead or more, and those of them with a won deal."""

    channel: str
    leads: int
    won: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Deals won, lost and open; the value won by currency, and how many won deals have no known value."""

    won: int
    lost: int
    open: int
    won_values: tuple[Money, ...]
    won_unknown: int


def won_by_channel() -> list[ChannelRow]:
    """Leads and wins of each channel, the most leads first. A person counts once, however many deals were won."""
    led = leads_by_channel()
    rows = _won_with_persons().order_by().values_list("person__channel")
    won = dict(rows.annotate(Count("person", distinct=True)))
    channels = [ChannelRow(channel, led.get(channel, 0), won.get(channel, 0)) for channel in {**led, **won}]
    return sorted(channels, key=lambda row: (-row.leads, -row.won, row.channel))


def counted_persons(figure: str, channel: str | None) -> "QuerySet[Any]":
    """The persons behind a figure of `won_by_channel`, "leads" or "won"; of one channel, or of all where it is None."""
    rows = leads() if figure == "leads" else those(_won_with_persons().order_by().values("person"))
    return rows if channel is None else rows.filter(channel=channel)


def _won_with_persons() -> "QuerySet[Deal]":
    return Deal.objects.filter(stage__type="won", person__isnull=False)


def deals_by_outcome() -> Outcomes:
    """How many deals ended how, and what the won ones are worth; unknown values count nothing, nor do open ones in the bin."""
    counted = Deal.objects.exclude(stage__type="open", pk__in=binned_deals())
    rows = counted.order_by().values_list("stage__type", "currency")
    found = list(rows.annotate(Count("pk"), Count("value_minor"), Sum("value_minor")))
    count = {kind: sum(row[2] for row in found if row[0] == kind) for kind in ("won", "lost", "open")}
    won = [row for row in found if row[0] == "won"]
    values = sums((total, currency) for _, currency, _, _, total in won)
    return Outcomes(count["won"], count["lost"], count["open"], values, sum(row[2] - row[3] for row in won))
