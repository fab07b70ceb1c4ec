"""Why a person has their score, and what is wrong with a score model, in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from treaty.scoring.rules import Reason
from treaty.segments.rules import Problem

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


def sentence(reason: Reason, at: datetime) -> str:
    """“+25 pricing page 3 times in the last 7 days”, as of `at`."""
    return gettext("%(points)s %(reason)s") % {"points": signed(reason), "reason": cause(reason, at)}


def signed(reason: Reason) -> str:
    """The points with their sign."""
    points = round(reason.points)
    return f"+{points}" if points >= 0 else f"−{-points}"


def cause(reason: Reason, at: datetime) -> str:
    """What the points were given for."""
    if reason.code == "fit":
        return str(reason.values["label"])
    times = int(str(reason.values["times"]))
    since = datetime.fromisoformat(str(reason.values["since"]))
    values = {**reason.values, "times": times, "day": date_format(localtime(since), "DATE_FORMAT")}
    return _counted(times, at - since) % values


def sentences(reasons: Iterable[Reason], at: datetime) -> list[str]:
    """Each reason that still brings or takes at least one point, the weightiest first."""
    return [sentence(reason, at) for reason in telling(reasons)]


def parted(reasons: Iterable[Reason], at: datetime) -> list[tuple[str, str]]:
    """The same for a list in two columns: points and cause."""
    return [(signed(reason), cause(reason, at)) for reason in telling(reasons)]


def telling(reasons: Iterable[Reason]) -> list[Reason]:
    """Reasons that bring or take at least one point, the weightiest first."""
    worth = [reason for reason in reasons if abs(reason.points) >= 0.5]
    return sorted(worth, key=lambda reason: -abs(reason.points))


def problem_sentence(problem: Problem) -> str | None:
    """What is wrong with a model and what would be right; None for a problem that is not a model's."""
    said = {
        "letters_fall": gettext("The points for A, B and C have to fall: A the most, C the fewest."),
        "digits_fall": gettext("The engagement for 1, 2 and 3 has to fall: 1 the most, 3 the least."),
        "fit_of_attributes": gettext(
            "“%(label)s” counts as fit, so it may ask for what the person is and not for what the person did."
        ),
        "no_such_fact": gettext("“%(given)s” is not a kind of touchpoint; these are: %(known)s."),
    }.get(problem.code)
    return said % problem.values if said is not None else None


def _counted(times: int, age: timedelta) -> str:
    if age <= WEEK:
        return ngettext(
            "%(label)s once in the last 7 days", "%(label)s %(times)d times in the last 7 days", times
        )
    if age <= MONTH:
        return ngettext(
            "%(label)s once in the last 30 days", "%(label)s %(times)d times in the last 30 days", times
        )
    return ngettext("%(label)s once, on %(day)s", "%(label)s %(times)d times since %(day)s", times)
