"""How the desk's pages write days, promises and the burn-up."""

from datetime import date, datetime

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from treaty.agreements.queries import Counts
from treaty.agreements.queries.personal import OwnPromise
from treaty.desk import drawing, wording
from treaty.kit.rules.money import Money, decimals
from treaty.scoreboard.rules import Month, Volume

register = template.Library()


@register.filter
def promise_name(promise: OwnPromise) -> str:
    """What was promised, in two or three words."""
    return wording.promise(promise.code, promise.grades, promise.clause)


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
def percent(share: float | None) -> float:
    """A share as the number of percent."""
    return (share or 0) * 100


@register.filter
def judged(counts: Counts) -> int:
    """Kept and broken together."""
    return counts.kept + counts.broken


@register.filter
def behind(volume: Volume) -> int:
    """How many leads below the line."""
    return -volume.ahead


@register.filter
def minor(amount: int, currency: str) -> str:
    """An amount in minor units as people of the page's language write it, in whole units of its currency."""
    unit = 10 ** decimals(currency)
    whole = Money(round(amount / unit) * unit, currency)
    return whole.formatted(get_language() or "en", brief=True)


@register.filter
def month_rows(month: Month) -> str:
    """Where the rows behind a month's figures open; `&figure=` follows."""
    return f"{reverse('scoreboard:rows')}?month={month.key}"
