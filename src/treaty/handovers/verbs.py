"""What can be done with many persons or handovers of a list at once: offer to sales, hand on to a colleague."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from treaty.handovers import commands, queries, wording
from treaty.handovers.forms import HandOnForm
from treaty.kit.bulk import Arguments, Verb
from treaty.kit.commands.bulk import Outcome
from treaty.people.queries import person_labels
from treaty.staff import queries as staff
from treaty.staff.rules import BOTH, DECIDE_HANDOVERS, SALES


def read_nothing(_sent: QueryDict) -> Arguments:
    """Offering asks nothing: the agreement routes."""
    return {}


def offer(rows: Sequence[int], _told: Arguments, at: datetime, by: int) -> Outcome:
    """Offer persons to sales on purpose."""
    made = queries.persons_behind(commands.offer(rows, at=at, by=by, on_purpose=True))
    passed_over = gettext("No agreement is in force, or sales has this person already.")
    return Outcome(dict.fromkeys(made), {row: passed_over for row in rows if row not in made})


def sellers() -> list[tuple[int, str]]:
    """Whom a lead can be handed on to."""
    return [(one.id, one.name) for one in staff.colleagues() if one.side in {SALES, BOTH}]


def read_handing_on(sent: QueryDict) -> Arguments | None:
    """To whom, and why."""
    colleagues = [one for one in staff.colleagues() if one.side in {SALES, BOTH}]
    form = HandOnForm(sent, colleagues=colleagues)
    return dict(form.cleaned_data) if form.is_valid() else None


def hand_on(rows: Sequence[int], told: Arguments, at: datetime, by: int) -> Outcome:
    """Hand offered leads on to a colleague; each is refused for itself."""
    done: dict[int, object] = {}
    failed: dict[int, str] = {}
    for row in rows:
        try:
            commands.hand_on(row, to=told["to"], cause=told["cause"], at=at, by=by)
        except commands.Refused as refused:
            failed[row] = wording.said(wording.REFUSALS, refused.why)
        else:
            done[row] = None
    return Outcome(done, failed)


def may_decide(user: Any) -> bool:
    """Whether a user decides handovers at all; which ones, each says for itself."""
    return staff.may(user, DECIDE_HANDOVERS)


VERBS = (
    Verb(
        name="handovers.offer",
        of="people",
        title=gettext_lazy("Offer persons to sales"),
        may=queries.may_offer,
        read=read_nothing,
        apply=offer,
        names=person_labels,
        part=100,
    ),
    Verb(
        name="handovers.hand_on",
        of="handovers",
        title=gettext_lazy("Hand leads on"),
        may=may_decide,
        read=read_handing_on,
        apply=hand_on,
        nothing=gettext_lazy("Choose a colleague, and say why."),
        names=queries.lead_names,
        part=20,
    ),
)
