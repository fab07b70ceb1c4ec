"""What handovers say to people: clocks, reasons, causes, states and refusals, in whole sentences."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaty.handovers.facts import (
    AcceptanceUndone,
    LeadAccepted,
    LeadHandedOn,
    LeadOffered,
    LeadQualified,
    LeadReturned,
    LeadWithdrawn,
)
from treaty.handovers.rules import acts, returns
from treaty.handovers.rules.faces import Face, hours_and_minutes
from treaty.handovers.rules.routing import Obstacle, Rule, obstacle
from treaty.kit import dates
from treaty.ledger.facts import Fact
from treaty.ledger.queries import Recorded

Text = Callable[[], str]

TOLD: dict[type[Fact], Text] = {
    LeadQualified: lambda: _("Met the agreed definition"),
    LeadOffered: lambda: _("Lead offered"),
    LeadAccepted: lambda: _("Lead accepted"),
    AcceptanceUndone: lambda: _("Acceptance taken back"),
    LeadReturned: lambda: _("Lead returned to marketing"),
    LeadHandedOn: lambda: _("Lead handed on"),
}

RETURNED: dict[str, Text] = {
    "recycle": lambda: _("Lead returned to marketing, to be nurtured"),
    "invalid_identity": lambda: _("Lead returned to marketing: a wrong address or number"),
    "spam": lambda: _("Lead returned to marketing as spam"),
    "not_a_fit": lambda: _("Lead returned to marketing: no fit"),
    "duplicate": lambda: _("Lead returned to marketing: somebody we have already"),
}
"""The same with what the reason does, by its effect."""
WITHDRAWN: dict[str, Text] = {
    acts.FORGOTTEN: lambda: _("Lead withdrawn: the person asked to be forgotten"),
    acts.BINNED: lambda: _("Lead withdrawn: the person was put into the bin"),
}


def told(line: Recorded) -> str:
    """The sentence a timeline says of a handover's fact; empty for facts of other nouns."""
    if isinstance(line.fact, LeadWithdrawn):
        return WITHDRAWN[line.fact.cause]()
    if isinstance(line.fact, LeadReturned) and line.fact.effect in RETURNED:
        return RETURNED[line.fact.effect]()
    text = TOLD.get(type(line.fact))
    return text() if text else ""


def time_left(face: Face) -> str:
    """The words beside a ring: “1 h 38 min left”, “12 min over”, “kept”."""
    if face.state == "kept":
        return _("kept")
    if face.left is None:
        return _("not due yet")
    if face.left < timedelta():
        return _over(face.left)
    return _left(face.left)


def time_spared(face: Face) -> str:
    """The words beside the ring of a clock whose verdict stands beside it: “3 h 28 min to spare”."""
    if face.left is None:
        return _("stopped")
    if face.left < timedelta():
        return _over(face.left)
    return _("%(time)s to spare") % {"time": span(face.left.total_seconds())}


def _left(left: timedelta) -> str:
    days, hours, minutes = hours_and_minutes(left)
    if days:
        values = {"hours": days * 24 + hours}
        return ngettext("%(hours)s h left", "%(hours)s h left", values["hours"]) % values
    if hours:
        return _("%(hours)s h %(minutes)s min left") % {"hours": hours, "minutes": minutes}
    return ngettext("%(minutes)s min left", "%(minutes)s min left", minutes) % {"minutes": minutes}


def _over(over: timedelta) -> str:
    days, hours, minutes = hours_and_minutes(over)
    if days:
        values = {"hours": days * 24 + hours}
        return ngettext("%(hours)s h over", "%(hours)s h over", values["hours"]) % values
    if hours:
        return _("%(hours)s h %(minutes)s min over") % {"hours": hours, "minutes": minutes}
    return ngettext("%(minutes)s min over", "%(minutes)s min over", minutes) % {"minutes": minutes}


def due(face: Face, now: datetime) -> str:
    """“due 14:50”, “was due Mon 09:16”: in the zone that is active."""
    if face.due_at is None:
        return ""
    when = short_moment(face.due_at, now)
    text = _("was due %(when)s") if face.due_at < now else _("due %(when)s")
    return text % {"when": when}


def short_moment(at: datetime, now: datetime) -> str:
    """Today the time alone, within a week weekday and time, else the day."""
    local, today = localtime(at), localtime(now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return clock
    if abs((local.date() - today).days) < 7:
        return _("%(weekday)s %(time)s") % {"weekday": dates.day(local, "D"), "time": clock}
    return dates.day(local, "j M" if local.year == localtime(now).year else "j M Y")


def touch_moment(at: datetime, now: datetime) -> str:
    """When a touch was: “today 10:20”, “yesterday”, “12 Nov”."""
    local, today = localtime(at), localtime(now).date()
    days = (today - local.date()).days
    if days == 0:
        return _("today %(time)s") % {"time": f"{local:%H:%M}"}
    if days == 1:
        return _("yesterday")
    return dates.day(local, "j M" if local.year == localtime(now).year else "j M Y")


def span(seconds: float) -> str:
    """A length of time: “3 h 5 min”."""
    days, hours, minutes = hours_and_minutes(timedelta(seconds=seconds))
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return ngettext("%(minutes)s min", "%(minutes)s min", minutes) % {"minutes": minutes}


WHYS: dict[str, Text] = {
    "FormSubmitted": lambda: _("Sent a form and met the agreed definition."),
    "PageSeen": lambda: _("Looked at our pages and met the agreed definition."),
    "FileDownloaded": lambda: _("Downloaded a file and met the agreed definition."),
    "MailOpened": lambda: _("Opened a mail and met the agreed definition."),
    "MailAnswered": lambda: _("Answered a mail and met the agreed definition."),
    "EventAttended": lambda: _("Took part in an event and met the agreed definition."),
    "AdClicked": lambda: _("Followed an advertisement and met the agreed definition."),
    "time": lambda: _("Met the agreed definition as time passed."),
    "hand": lambda: _("Offered by hand."),
    "import": lambda: _("Offered with an import."),
}


def why(kind: str, touched: str = "") -> str:
    """Why somebody qualified, in one sentence; `touched` is the line of the touch that tipped the scale."""
    if touched:
        return _("%(touch)s: that met the agreed definition.") % {"touch": touched}
    return WHYS.get(kind, WHYS["hand"])()


STATES: dict[str, Text] = {
    "offered": lambda: _("Offered"),
    "accepted": lambda: _("Accepted"),
    "working": lambda: _("Working"),
    "returned": lambda: _("Returned"),
    "done": lambda: _("Done"),
    "withdrawn": lambda: _("Withdrawn"),
}
CLOCKS: dict[str, Text] = {
    "team_accept": lambda: _("Accept or return, the team"),
    "personal_accept": lambda: _("Accept or return, personally"),
    "first_touch": lambda: _("First touch, the representative’s reading"),
    "buyer_touch": lambda: _("First touch, the buyer’s reading"),
}
VERDICTS: dict[str, Text] = {
    "open": lambda: _("open"),
    "kept": lambda: _("kept"),
    "broken": lambda: _("broken"),
    "excused": lambda: _("excused"),
}
CAUSES: dict[str, Text] = {
    "declined": lambda: _("Declined"),
    "absent": lambda: _("Absent"),
    "wrong_team": lambda: _("Wrong team"),
    "head": lambda: _("The head’s decision"),
    "returned": lambda: _("Returned"),
    acts.FORGOTTEN: lambda: _("Asked to be forgotten"),
    acts.BINNED: lambda: _("Put into the bin"),
}
UNAGREED: dict[str, Text] = {
    returns.FORGOTTEN: lambda: _("Asked to be forgotten"),
    returns.BINNED: lambda: _("Put into the bin"),
}
"""Why a lead came back that nobody returned."""
RULES: dict[str, Text] = {
    "company_owner": lambda: _("The company’s owner comes first."),
    "turn": lambda: _("It was this person’s turn by capacity."),
    "by_hand": lambda: _("Handed on by a colleague."),
}
HINDERED: dict[tuple[str, str], Text] = {
    (Rule.SOONEST, Obstacle.ABSENT): lambda: _(
        "Everybody with room this month was absent; this person is back first. The head was told."
    ),
    (Rule.SOONEST, Obstacle.LATE): lambda: _(
        "Nobody with room this month works before the clock runs out; this person is back first. The head was told."
    ),
    (Rule.TEAM, Obstacle.LIMIT): lambda: _(
        "Everybody who could take the lead had reached the month’s limit: the whole team was asked. The head was told."
    ),
    (Rule.TEAM, Obstacle.ABSENT): lambda: _(
        "Everybody with room this month was absent for good: the whole team was asked. The head was told."
    ),
    (Rule.TEAM, Obstacle.LATE): lambda: _(
        "Nobody with room this month has working hours: the whole team was asked. The head was told."
    ),
    (Rule.TEAM, Obstacle.EMPTY): lambda: _(
        "Nobody of the pool works here any more: the whole team was asked. The head was told."
    ),
}
"""Why a lead went where it went although nobody of the pool could simply be asked, by rule and obstacle."""
SKIPS: dict[str, Text] = {
    "absent": lambda: _("absent"),
    "off_hours": lambda: _("not working before the clock runs out"),
    "limit": lambda: _("reached the month’s limit"),
    "language": lambda: _("does not speak the lead’s language"),
}
WAITS_FOR: dict[str, Text] = {
    returns.Again.DATE: lambda: _("by the next touch that qualifies after that day"),
    returns.Again.CORRECTION: lambda: _("once there is a right address or number"),
    returns.Again.MERGE: lambda: _("once the two records are merged, or on purpose"),
    returns.Again.PURPOSE: lambda: _("only on purpose"),
}
"""When somebody whose lead came back is offered again."""
EFFECTS: dict[str, Text] = {
    "recycle": lambda: _(
        "Goes back to marketing to be nurtured, and is left in peace until the date you choose."
    ),
    "invalid_identity": lambda: _(
        "The address or number is marked as wrong; the person is offered again once there is a right one."
    ),
    "spam": lambda: _("Is blocked: offered again only on purpose."),
    "not_a_fit": lambda: _(
        "Goes back to marketing as a poor fit, and is left in peace until the date you choose."
    ),
    "duplicate": lambda: _("Waits until the two records are merged: the person we have already goes on."),
}
REFUSALS: dict[str, Text] = {
    "unknown": lambda: _("This handover does not exist. It may have been removed."),
    "not_yours": lambda: _("This lead is not yours to decide. Ask its owner or the head of the team."),
    "decided": lambda: _("Somebody has decided this lead already. Load the page again to see how."),
    "too_late": lambda: _("An acceptance can be taken back for ten seconds only. Return the lead instead."),
    "touched": lambda: _("The buyer was reached since; the acceptance stands. Return the lead instead."),
    "has_deal": lambda: _("This lead has become a deal. Lose the deal with its reason instead."),
    "unknown_reason": lambda: _("Choose one of the agreed reasons."),
    "needs_note": lambda: _("This reason needs a note: say what you found."),
    "needs_identity": lambda: _("Say which address or number is wrong."),
    "takes_no_date": lambda: _("This reason takes no date to try again: leave the date empty."),
    "past_date": lambda: _("Choose a date in the future."),
    "unknown_colleague": lambda: _("Choose a colleague of sales."),
    "same_owner": lambda: _("This colleague has the lead already."),
    "unknown_cause": lambda: _("Choose why the lead is handed on."),
}


def needed_for(reasons: Sequence[str]) -> str:
    """Beside a field that only some reasons to return need; nothing where none does."""
    return _("(needed for: %(reasons)s)") % {"reasons": ", ".join(reasons)} if reasons else ""


def not_with(reasons: Sequence[str]) -> str:
    """Beside a field that some reasons to return do not take; nothing where all do."""
    return _("(optional; not with: %(reasons)s)") % {"reasons": ", ".join(reasons)} if reasons else ""


def why_there(routing: Mapping[str, Any]) -> str:
    """Why a lead was offered to whom it was offered, by what its offer keeps of the routing."""
    rule, hindered = str(routing.get("rule", "")), obstacle(routing)
    return said(RULES, rule) if hindered is None else HINDERED[rule, hindered]()


def said(texts: Mapping[str, Text], code: str) -> str:
    """The text of a code in the active language; the code itself where there is none."""
    return texts[code]() if code in texts else code
