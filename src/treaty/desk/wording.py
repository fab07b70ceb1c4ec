"""The desk in words: the head line of Today, promises and days by name. Whole sentences in the active language."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime, now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from treaty.desk.queries import OwnDay
from treaty.kit import dates
from treaty.kit.rules.money import Money

GRADES = "ABCD"


def head_line(day: OwnDay, at: datetime) -> str:
    """“Friday 20 November, 14:32. Your day ends at 17:00.”"""
    local = localtime(at)
    values = {"day": date_format(local, "l j F"), "time": time_format(local, "H:i")}
    if day.until is None:
        return _("%(day)s, %(time)s. Your working hours are not set.") % values
    until = localtime(day.until)
    values["until"] = time_format(until, "H:i")
    if day.is_open:
        return _("%(day)s, %(time)s. Your day ends at %(until)s.") % values
    if until.date() == local.date():
        return _("%(day)s, %(time)s. Your day begins at %(until)s.") % values
    values["next"] = date_format(until, "l j F")
    return _("%(day)s, %(time)s. You are back on %(next)s at %(until)s.") % values


def promise(code: str, grades: Collection[str], clause: str) -> str:
    """A promise in two or three words; its clause's number where the words are not known."""
    is_whole = len(grades) == len(GRADES)
    known = {
        "accept_all": _("Accept or return"),
        "accept": _("Accept or return") if is_whole else _("Accept or return, %(grades)s"),
        "first_touch": _("First touch") if is_whole else _("First touch, %(grades)s"),
    }
    return known.get(code, _("Clause %(clause)s")) % {"grades": _those(grades), "clause": clause}


def _those(grades: Collection[str]) -> str:
    """Some grades, three or more in a row by their ends."""
    said = "".join(grades)
    if len(said) > 2 and said in GRADES:
        return _("%(first)s–%(last)s") % {"first": said[0], "last": said[-1]}
    return ", ".join(grades)


def stream_day(day: date, today: date) -> str:
    """The head of a day in a timeline."""
    days = (today - day).days
    if days in {0, 1}:
        return _("Today") if days == 0 else _("Yesterday")
    return dates.day(day, "l j F" if day.year == today.year else "l j F Y")


VERDICTS = ("kept", "broken", "excused", "judged")
"""What one can ask the own promises by."""


def verdict(code: str) -> str:
    """A verdict in a word."""
    return {"kept": _("kept"), "broken": _("broken"), "excused": _("excused")}.get(code, code)


def moment(at: datetime, seen: datetime) -> str:
    """Today the time alone, else the day."""
    local, here = localtime(at), localtime(seen)
    if local.date() == here.date():
        return time_format(local, "H:i")
    return dates.day(local, "j M" if local.year == here.year else "j M Y")


def day_or_time(at: datetime) -> str:
    """As `moment`, seen from now."""
    return moment(at, now())


def urgency(state: str, minutes: int) -> str:
    """How urgent a next step is; `minutes` until one that is due soon."""
    if state == "soon":
        return ngettext("in %(minutes)s min", "in %(minutes)s min", minutes) % {"minutes": minutes}
    return {"late": _("overdue"), "today": _("today")}.get(state, _("none set"))


def side_name(side: str) -> str:
    """A side in a word."""
    return _("Marketing") if side == "marketing" else _("Sales")


def money(value: Money) -> str:
    """An amount as people of the page's language write it."""
    return value.formatted(get_language() or "en", brief=True)
