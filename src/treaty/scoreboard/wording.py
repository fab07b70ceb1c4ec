"""The scoreboard in words: clauses as short titles, months, amounts, times, and what each figure is called."""

from collections.abc import Callable, Mapping
from datetime import date

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_currency, get_currency_precision
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from treaty.agreements.rules import GRADES, Clause
from treaty.kit.rules.money import Money
from treaty.scoreboard.rules import Goal

Text = Callable[[], str]


def number(value: float) -> str:
    """A number with the separators of the page's language; decimals only where there are some."""
    places = None if value == int(value) else 1
    return number_format(int(value) if places is None else value, decimal_pos=places, force_grouping=True)


def percent(share: float | None) -> str:
    """A share with one decimal; a dash where there is none."""
    if share is None:
        return "–"
    return _("%(share)s %%") % {"share": number_format(round(share * 100, 1), decimal_pos=1)}


def money(minor: int, currency: str) -> str:
    """An amount in whole units of its currency."""
    amount = Money(minor, currency).amount
    locale = (get_language() or "en").replace("-", "_")
    whole = round(amount)
    if not get_currency_precision(currency):
        return format_currency(whole, currency, locale=locale)
    return format_currency(whole, currency, locale=locale, format=_whole_units(locale), currency_digits=False)


def month_name(first: date) -> str:
    """“November 2026”."""
    return date_format(first, "F Y")


def day_of_month(day: date) -> str:
    """“20 November”."""
    return date_format(day, "j F")


def quarter(number: int) -> str:
    """The heading of the bridge."""
    return {
        1: _("Shared goal, first quarter"),
        2: _("Shared goal, second quarter"),
        3: _("Shared goal, third quarter"),
        4: _("Shared goal, fourth quarter"),
    }[number]


def clause_title(clause: Clause, promised: int | None = None) -> str:
    """A promise in a few words; `promised` is how many leads a month owes, where it is not a whole one."""
    if clause.code.startswith("volume"):
        leads = promised if promised is not None else int(str(clause.values["leads"]))
        return ngettext("%(number)s lead this month", "%(number)s leads this month", leads) % {
            "number": number(leads)
        }
    values = {"time": _within(float(str(clause.values["hours"]))), "grades": _grades(clause)}
    return {
        "accept_all": _("Accept or return in %(time)s"),
        "accept": _("Accept or return in %(time)s, %(grades)s"),
        "first_touch": _("First touch in %(time)s, %(grades)s"),
    }[clause.code] % values


def _within(hours: float) -> str:
    """“4 h”, “30 min”."""
    if hours < 1:
        return _("%(minutes)s min") % {"minutes": number(max(1, round(hours * 60)))}
    return _("%(hours)s h") % {"hours": number(hours)}


def delivered(leads: int) -> str:
    """“81 delivered”."""
    return ngettext("%(number)s delivered", "%(number)s delivered", leads) % {"number": number(leads)}


def offered(leads: int) -> str:
    """“96 leads this month”."""
    return ngettext("%(number)s lead this month", "%(number)s leads this month", leads) % {
        "number": number(leads)
    }


def won_share(share: float) -> str:
    """“63.0 % won”."""
    return _("%(share)s won") % {"share": percent(share)}


def against_goal(goal: Goal, currency: str) -> str:
    """How far a goal of the quarter is from its line: money, or customers."""
    apart = abs(goal.ahead)
    values = {"apart": money(apart, currency) if goal.code == "revenue" else number(apart)}
    text = _("%(apart)s ahead of the line") if goal.ahead >= 0 else _("%(apart)s behind the line")
    return text % values


def line_note(values: Mapping[str, str]) -> str:
    """Where the line stands, beside the clause."""
    return _("the line for today: %(line)s") % values


def against_line(ahead: int) -> str:
    """How far from the line."""
    if ahead == 0:
        return _("on the line")
    text = (
        ngettext("%(number)s ahead", "%(number)s ahead", ahead)
        if ahead > 0
        else ngettext("%(number)s behind", "%(number)s behind", -ahead)
    )
    return text % {"number": number(abs(ahead))}


def span(seconds: float) -> str:
    """A length of business time: “56 min”, “1 h 5 min”."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": number(hours), "minutes": minutes}
    return _("%(minutes)s min") % {"minutes": minutes}


BUCKETS: tuple[Text, ...] = (
    lambda: _("under 15 min"),
    lambda: _("15–30 min"),
    lambda: _("30–60 min"),
    lambda: _("1–2 h"),
    lambda: _("2–4 h"),
    lambda: _("4–8 h"),
    lambda: _("over 8 h"),
)

TENTHS: tuple[Text, ...] = (
    lambda: _("9 in 10 within 15 min"),
    lambda: _("9 in 10 within 30 min"),
    lambda: _("9 in 10 within 1 h"),
    lambda: _("9 in 10 within 2 h"),
    lambda: _("9 in 10 within 4 h"),
    lambda: _("9 in 10 within 8 h"),
)

STATES: Mapping[str, Text] = {
    "offered": lambda: _("Offered"),
    "accepted": lambda: _("Accepted"),
    "returned": lambda: _("Returned"),
}

VERDICTS: Mapping[str, Text] = {
    "open": lambda: _("running"),
    "kept": lambda: _("kept"),
    "broken": lambda: _("broken"),
    "excused": lambda: _("excused"),
}

SIDES: Mapping[str, Text] = {"marketing": lambda: _("Marketing"), "sales": lambda: _("Sales")}

FIGURES: Mapping[str, Text] = {
    "offered": lambda: _("Leads offered"),
    "accepted": lambda: _("Leads accepted"),
    "returned": lambda: _("Leads returned"),
    "left_out": lambda: _("Returned leads that count for neither side"),
    "waiting": lambda: _("Leads waiting for a decision"),
    "decided": lambda: _("Leads decided"),
    "delivered": lambda: _("Leads delivered: accepted, each person once"),
    "delivered_a": lambda: _("Leads of grade A delivered"),
    "touched": lambda: _("Leads touched since they qualified"),
    "touched_a": lambda: _("Leads of grade A touched since they qualified"),
    "touched_rest": lambda: _("Leads of other grades touched since they qualified"),
    "untouched": lambda: _("Leads accepted and not yet touched"),
    "won": lambda: _("Deals won in the quarter, in the agreed currency"),
    "customers": lambda: _("First orders of new customers in the quarter"),
    "first_orders": lambda: _("First orders of known value in the quarter"),
}


def figure_title(figure: str) -> str:
    """What the list behind a figure is called."""
    if figure in FIGURES:
        return FIGURES[figure]()
    kind, _dot, rest = figure.partition(".")
    if kind == "speed":
        return _("Leads touched after %(time)s of business time") % {"time": BUCKETS[int(rest)]()}
    if kind == "reason":
        return _("Leads returned for one reason")
    return _promises_title(rest.split("."))


def _promises_title(parts: list[str]) -> str:
    side, _version, clause, verdict = parts
    values = {
        "clause": clause.replace("-", "."),
        "verdict": VERDICTS[verdict]() if verdict in VERDICTS else "",
    }
    if clause and values["verdict"]:
        return _("Promises of clause %(clause)s, %(verdict)s") % values
    if clause:
        return _("Promises of clause %(clause)s") % values
    if side == "marketing":
        return (
            _("Promises of marketing, %(verdict)s") % values
            if values["verdict"]
            else _("Promises of marketing")
        )
    if side == "sales":
        return _("Promises of sales, %(verdict)s") % values if values["verdict"] else _("Promises of sales")
    return _("Promises of both sides")


def _grades(clause: Clause) -> str:
    grades = [str(grade) for grade in clause.values["grades"]]  # type: ignore[attr-defined]
    if len(grades) == 1:
        return _("grade %(grade)s") % {"grade": grades[0]}
    if len(grades) > 2 and "".join(grades) in "".join(GRADES):
        return _("grades %(first)s to %(last)s") % {"first": grades[0], "last": grades[-1]}
    listed = format_list(grades, locale=(get_language() or "en").replace("-", "_"))
    return _("grades %(grades)s") % {"grades": listed}


def _whole_units(locale: str) -> str:
    """The locale's pattern for money, without decimals."""
    pattern: str = Locale.parse(locale).currency_formats["standard"].pattern
    return pattern.replace("0.00", "0")
