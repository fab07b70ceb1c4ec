"""How the desk's pages write days, promises and the burn-up."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from treaty.desk import cards, drawing, tallies, wording
from treaty.scoreboard.rules import Month, Volume

register = template.Library()

for draw in (
    cards.leads,
    cards.told,
    cards.owed,
    cards.returned,
    cards.steps,
    tallies.own_promises,
    tallies.won,
    tallies.side_card,
    tallies.goals,
    tallies.channel_rows,
):
    register.simple_tag(draw, name=f"draw_{draw.__name__}")


@register.filter
def stream_day(day: date) -> str:
    """The head of a day in a timeline."""
    return wording.stream_day(day, timezone.localtime().date())


@register.filter
def short_moment(at: datetime | None) -> str:
    """Today the time alone, else the day."""
    return wording.moment(at, timezone.now()) if at else ""


@register.filter
def verdict_word(code: str) -> str:
    """A verdict in a word."""
    return wording.verdict(code)


@register.filter
def burn_up(volume: Volume) -> drawing.BurnUp:
    """The drawing of a month's volume."""
    return drawing.burn_up(volume)


@register.filter
def behind(volume: Volume) -> int:
    """How many leads below the line."""
    return -volume.ahead


@register.filter
def month_rows(month: Month) -> str:
    """Where the rows behind a month's figures open; `&figure=` follows."""
    return tallies.month_rows(month)
