"""The rows behind a figure as a reader may see them: all of them, and names where the reader sees the record."""

from collections.abc import Sequence
from dataclasses import dataclass

from treaty.deals.queries.wins import NamedDeal, Win, named_deals
from treaty.handovers.queries.figures import NamedLead, named_leads
from treaty.handovers.rules.figures import CountedLead
from treaty.scoreboard.queries.figures import Opened
from treaty.scoreboard.rules import Promise
from treaty.staff.queries import User


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead; `named` is None for the lead of a colleague whose records the reader does not see."""

    lead: CountedLead
    named: NamedLead | None


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with the lead it is about."""

    promise: Promise
    named: NamedLead | None


@dataclass(frozen=True, slots=True)
class WinRow:
    """A won deal."""

    win: Win
    named: NamedDeal | None


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of rows of one kind."""

    leads: tuple[LeadRow, ...] = ()
    promises: tuple[PromiseRow, ...] = ()
    wins: tuple[WinRow, ...] = ()


def named(opened: Opened, user: User, first: int = 0, limit: int | None = None) -> Rows:
    """The rows from `first` on, at most `limit`, with names; one question for all of them."""
    cut = slice(first, None if limit is None else first + limit)
    if opened.wins is not None:
        return Rows(wins=_wins(opened.wins[cut], user))
    if opened.promises is not None:
        return Rows(promises=_promises(opened.promises[cut], user))
    return Rows(leads=_leads((opened.leads or ())[cut], user))


def _leads(leads: Sequence[CountedLead], user: User) -> tuple[LeadRow, ...]:
    names = named_leads(user, [lead.id for lead in leads])
    return tuple(LeadRow(lead, names.get(lead.id)) for lead in leads)


def _promises(promises: Sequence[Promise], user: User) -> tuple[PromiseRow, ...]:
    names = named_leads(user, [one.handover for one in promises if one.handover is not None])
    return tuple(PromiseRow(one, names.get(one.handover or 0)) for one in promises)


def _wins(wins: Sequence[Win], user: User) -> tuple[WinRow, ...]:
    names = named_deals(user, [win.id for win in wins])
    return tuple(WinRow(win, names.get(win.id)) for win in wins)
