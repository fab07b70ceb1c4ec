"""What notices say: whole sentences by kind, in the language that is active when they are read or mailed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """One kind of notice: its headline, its sentence, and the icon beside it.

    The texts name the values they need; a value whose name ends with `_at` is a moment in ISO 8601.
    """

    headline: Promise
    sentence: Promise
    icon: str
    is_bad: bool = False


KINDS = {
    "lead_offered": Kind(
        _("A lead waits for you: %(person)s"),
        _("%(person)s, grade %(grade)s, was offered to you. Please accept or return by %(due_at)s."),
        "handovers",
    ),
    "lead_offered_without_clock": Kind(
        _("A lead waits for you: %(person)s"),
        _("%(person)s, grade %(grade)s, was offered to you."),
        "handovers",
    ),
    "leads_offered": Kind(
        _("%(count)s leads wait for you"),
        _("%(count)s leads were offered to you at once. The one whose clock runs out first is on top."),
        "handovers",
    ),
    "lead_offered_to_team": Kind(
        _("A lead waits for your team: %(person)s"),
        _(
            "%(person)s, grade %(grade)s, was offered to your whole team; whoever accepts first has the lead. "
            "Please accept or return by %(due_at)s."
        ),
        "handovers",
    ),
    "lead_offered_to_team_without_clock": Kind(
        _("A lead waits for your team: %(person)s"),
        _("%(person)s, grade %(grade)s, was offered to your whole team; whoever accepts first has the lead."),
        "handovers",
    ),
    "leads_offered_to_team": Kind(
        _("%(count)s leads wait for your team"),
        _("%(count)s leads were offered to your whole team at once; whoever accepts a lead first has it."),
        "handovers",
    ),
    "lead_limit": Kind(
        _("No room left for %(person)s"),
        _(
            "%(person)s, grade %(grade)s, is offered to the whole team: everybody of the pool who could take the lead "
            "has reached the month’s limit."
        ),
        "alert",
        is_bad=True,
    ),
    "leads_limit": Kind(
        _("No room left for %(count)s leads"),
        _(
            "%(count)s leads are offered to the whole team: everybody of the pool who could take them has reached the "
            "month’s limit."
        ),
        "alert",
        is_bad=True,
    ),
    "lead_absent": Kind(
        _("Everybody is absent: %(person)s"),
        _(
            "%(person)s, grade %(grade)s, is offered, and everybody of the pool with room this month is absent."
        ),
        "alert",
        is_bad=True,
    ),
    "leads_absent": Kind(
        _("Everybody is absent: %(count)s leads"),
        _("%(count)s leads are offered, and everybody of the pool with room this month is absent."),
        "alert",
        is_bad=True,
    ),
    "lead_nobody_can_take": Kind(
        _("Nobody can take %(person)s in time"),
        _(
            "%(person)s, grade %(grade)s, is offered, and nobody of the pool with room this month works before the "
            "clock runs out."
        ),
        "alert",
        is_bad=True,
    ),
    "leads_nobody_can_take": Kind(
        _("Nobody can take %(count)s leads in time"),
        _(
            "%(count)s leads are offered, and nobody of the pool with room this month works before their clocks run out."
        ),
        "alert",
        is_bad=True,
    ),
    "lead_pool_empty": Kind(
        _("Nobody is left in the pool: %(person)s"),
        _(
            "%(person)s, grade %(grade)s, is offered to the whole team: nobody of the agreed pool works here any more. "
            "Amend the agreement, so that leads find somebody again."
        ),
        "alert",
        is_bad=True,
    ),
    "leads_pool_empty": Kind(
        _("Nobody is left in the pool: %(count)s leads"),
        _(
            "%(count)s leads are offered to the whole team: nobody of the agreed pool works here any more. Amend the "
            "agreement, so that leads find somebody again."
        ),
        "alert",
        is_bad=True,
    ),
    "lead_handed_on": Kind(
        _("A lead was handed on to you: %(person)s"),
        _("%(person)s, grade %(grade)s, comes to you from %(by)s. Please accept or return by %(due_at)s."),
        "forward",
    ),
    "lead_taken_away": Kind(
        _("A lead went to somebody else: %(person)s"),
        _("%(person)s is no longer offered to you."),
        "forward",
    ),
    "accept_due_soon": Kind(
        _("Soon due: accept %(person)s"),
        _("Clause %(clause)s asks for an answer to %(person)s by %(due_at)s."),
        "clock",
    ),
    "accepts_due_soon": Kind(
        _("Soon due: accept %(count)s leads"),
        _("%(count)s leads wait for an answer; the first one is due by %(due_at)s."),
        "clock",
    ),
    "touch_due_soon": Kind(
        _("Soon due: call %(person)s"),
        _("Clause %(clause)s asks for the first touch of %(person)s by %(due_at)s."),
        "clock",
    ),
    "touches_due_soon": Kind(
        _("Soon due: call %(count)s leads"),
        _("%(count)s leads wait for the first touch; the first one is due by %(due_at)s."),
        "clock",
    ),
    "promise_broken": Kind(
        _("A promise broke: %(person)s"),
        _("Clause %(clause)s was due for %(person)s at %(due_at)s and was not kept."),
        "alert",
        is_bad=True,
    ),
    "promises_broken": Kind(
        _("%(count)s promises broke"),
        _("%(count)s promises were not kept; the first one was due at %(due_at)s."),
        "alert",
        is_bad=True,
    ),
    "lead_returned": Kind(
        _("A lead came back: %(person)s"),
        _("%(by)s returned %(person)s: %(reason)s."),
        "return",
    ),
    "version_proposed": Kind(
        _("Version %(number)s of the agreement is proposed"),
        _("%(by)s proposed version %(number)s of the agreement. It needs your signature."),
        "agreement",
    ),
    "version_declined": Kind(
        _("Version %(number)s of the agreement was declined"),
        _("%(by)s declined version %(number)s of the agreement."),
        "agreement",
        is_bad=True,
    ),
    "version_in_force": Kind(
        _("Version %(number)s of the agreement is in force"),
        _("Both sides signed version %(number)s of the agreement; it is in force since %(since_at)s."),
        "sign",
    ),
    "deal_assigned": Kind(
        _("A deal is yours now: %(deal)s"), _("%(by)s gave you the deal %(deal)s."), "deals"
    ),
    "job_done": Kind(_("Done: %(title)s"), _("“%(title)s” has come to its end."), "done"),
    "job_failed": Kind(
        _("Failed: %(title)s"),
        _("“%(title)s” could not be done: %(reason)s"),
        "error",
        is_bad=True,
    ),
    "endpoint_gone": Kind(
        _("A webhook is paused: %(endpoint)s"),
        _("%(endpoint)s said that it is gone for good. It hears nothing more until you resume it."),
        "pause",
        is_bad=True,
    ),
    "endpoint_failing": Kind(
        _("A webhook is paused: %(endpoint)s"),
        _("%(endpoint)s took nothing since %(since_at)s. What was recorded is kept until you resume it."),
        "pause",
        is_bad=True,
    ),
    "job_cancelled": Kind(
        _("Cancelled: %(title)s"),
        _("“%(title)s” was cancelled. What was already done stays."),
        "stop",
    ),
}


def headline(kind: str, values: Mapping[str, Any]) -> str:
    """One line: what happened. Raises KeyError for a kind or a value that is missing."""
    return str(KINDS[kind].headline) % spoken(values)


def sentence(kind: str, values: Mapping[str, Any]) -> str:
    """A sentence with what the reader can do. Raises KeyError for a kind or a value that is missing."""
    return str(KINDS[kind].sentence) % spoken(values)


def spoken(values: Mapping[str, Any]) -> dict[str, object]:
    """The values as people read them: moments in the zone and the language that are active."""
    return {name: moment(value) if name.endswith("_at") else value for name, value in values.items()}


def moment(value: str) -> str:
    """Weekday, day and time, such as Thu 19 Nov, 14:30."""
    local = timezone.localtime(datetime.fromisoformat(value))
    return f"{formats.date_format(local, 'D j M')}, {formats.time_format(local, 'TIME_FORMAT')}"
