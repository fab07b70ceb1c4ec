"""The rows behind a figure as a table of words, for the page and for spreadsheets alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from treaty.kit.rules.money import Money
from treaty.kit.templatetags.kit import moment
from treaty.scoreboard import wording
from treaty.scoreboard.queries import LeadRow, PromiseRow, Rows, WinRow
from treaty.scoreboard.rules import Month


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `url` opens the record, `is_figure` aligns at the end, `plain` is what a spreadsheet gets."""

    text: str
    url: str = ""
    is_figure: bool = False
    plain: object = None

    @property
    def value(self) -> object:
        """What a spreadsheet gets."""
        return self.text if self.plain is None else self.plain


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head."""

    text: str
    is_figure: bool = False


def heads(rows: Rows) -> list[Head]:
    """The columns of the kind of rows that is there; those of leads where there is none."""
    if rows.wins:
        return [
            Head(_("Deal")),
            Head(_("Customer")),
            Head(_("Value"), is_figure=True),
            Head(_("Currency")),
            Head(_("Owner")),
            Head(_("Won")),
        ]
    if rows.promises:
        return [
            Head(_("About")),
            Head(_("Clause")),
            Head(_("Side")),
            Head(_("Verdict")),
            Head(_("Owner")),
            Head(_("Due")),
            Head(_("Ended")),
        ]
    return [
        Head(_("Person")),
        Head(_("Company")),
        Head(_("Grade")),
        Head(_("State")),
        Head(_("Owner")),
        Head(_("Qualified")),
        Head(_("Decided")),
        Head(_("First touch after"), is_figure=True),
    ]


def lines(rows: Rows, month: Month) -> Iterator[Sequence[Cell]]:
    """The rows as cells."""
    yield from map(_lead, rows.leads)
    yield from (_promise(row, month) for row in rows.promises)
    yield from map(_win, rows.wins)


def _lead(row: LeadRow) -> list[Cell]:
    lead, named = row.lead, row.named
    seconds = lead.touch_seconds
    return [
        _who(named.person if named else None, lead.id),
        Cell(named.company if named else ""),
        Cell(lead.grade),
        Cell(wording.STATES[lead.state]()),
        Cell(named.owner if named else ""),
        _when(lead.qualified_at),
        _when(lead.decided_at),
        Cell("" if seconds is None else wording.span(seconds), is_figure=True),
    ]


def _promise(row: PromiseRow, month: Month) -> list[Cell]:
    promise, named = row.promise, row.named
    about = Cell(wording.month_name(month.first))
    if promise.handover is not None:
        about = _who(named.person if named else None, promise.handover)
    return [
        about,
        Cell(promise.clause),
        Cell(wording.SIDES[promise.side]()),
        Cell(wording.VERDICTS[promise.verdict]()),
        Cell(named.owner if named else ""),
        _when(promise.due_at),
        _when(promise.stopped_at),
    ]


def _win(row: WinRow) -> list[Cell]:
    win, named = row.win, row.named
    value = None if win.value_minor is None else Money(win.value_minor, win.currency)
    return [
        Cell(named.name, f"/deals/{win.id}/") if named else Cell(_("a deal of a colleague")),
        Cell(named.buyer if named else ""),
        Cell(
            wording.money(value.minor, value.currency) if value else _("unknown"),
            is_figure=True,
            plain=f"{value.amount:f}" if value else "",
        ),
        Cell(win.currency),
        Cell(named.owner if named else ""),
        _when(win.won_at),
    ]


def _who(person: str | None, handover: int) -> Cell:
    """The person's name where the reader sees the lead."""
    if person is None:
        return Cell(_("a lead of a colleague"))
    return Cell(person, f"/handovers/{handover}/")


def _when(at: datetime | None) -> Cell:
    return Cell(moment(at), plain=localtime(at).isoformat(" ", "seconds") if at else "")
