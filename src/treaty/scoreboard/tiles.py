"""What a month was, in six facts: leads, their acceptance, customers, orders, returns, speed."""

from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaty.scoreboard import wording
from treaty.scoreboard.linked import Figure, figure, sentence
from treaty.scoreboard.queries import Scoreboard


@dataclass(frozen=True, slots=True)
class Tile:
    """One fact of the month: a label, the figure, a sentence, and what it was a month before."""

    label: str
    figure: Figure
    line: SafeString | str
    after: str = ""
    was: str = ""


def tiles(board: Scoreboard, before: Scoreboard | None = None) -> tuple[Tile, ...]:
    """The tiles of a month; with the month `before` each says what it was then."""
    now = _Tiles(board).all()
    if before is None or before.is_empty:
        return now
    then = {tile.label: tile.figure.text for tile in _Tiles(before).all()}
    return tuple(replace(tile, was=then[tile.label]) for tile in now)


@dataclass(frozen=True)
class _Tiles:
    board: Scoreboard

    def all(self) -> tuple[Tile, ...]:
        return (
            self._offered(),
            self._rate(),
            self._customers(),
            self._orders(),
            self._returned(),
            self._median(),
        )

    def figure(self, name: str, text: str = "") -> Figure:
        """The rows of a figure: how many, or `text` that says more of them."""
        return figure(self.board.month, self.board.counts[name], name, text)

    def _offered(self) -> Tile:
        figures = {name: self.figure(name) for name in ("accepted", "waiting")}
        line = sentence(_("%(accepted)s accepted, %(waiting)s waiting"), **figures)
        return Tile(_("Leads offered"), self.figure("offered"), line)

    def _rate(self) -> Tile:
        figures = {name: self.figure(name) for name in ("accepted", "decided")}
        rate = self.figure("decided", wording.percent(self.board.acceptance_rate))
        return Tile(_("Acceptance rate"), rate, sentence(_("%(accepted)s of %(decided)s decided"), **figures))

    def _customers(self) -> Tile:
        goal = next((one for one in self.board.goals if one.code == "customers"), None)
        figure = self.figure("customers")
        if goal is None:
            return Tile(_("New customers, quarter"), figure, _("first orders in the quarter"))
        values = {"share": wording.percent(goal.share), "line": wording.number(goal.line)}
        after = _("of %(goal)s") % {"goal": wording.number(goal.goal)}
        return Tile(_("New customers, quarter"), figure, _("%(share)s, line %(line)s") % values, after)

    def _orders(self) -> Tile:
        number, average = self.board.counts["first_orders"], self.board.average_first_minor
        text = "–" if average is None else wording.money(average, self.board.currency)
        line = sentence(
            ngettext("%(number)s order of known value", "%(number)s orders of known value", number),
            number=self.figure("first_orders"),
        )
        return Tile(_("Average first order, quarter"), self.figure("first_orders", text), line)

    def _returned(self) -> Tile:
        left_out, top = self.board.counts["left_out"], self.board.top_reason
        line: SafeString | str = _("no lead was sent back")
        if top is not None:
            most = figure(self.board.month, top[2], f"reason.{top[0]}")
            line = sentence(_("%(number)s: %(reason)s"), number=most, reason=top[1])
        if left_out:
            text = ngettext("%(number)s counts for neither", "%(number)s count for neither", left_out)
            line = format_html("{}<br>{}", line, sentence(text, number=self.figure("left_out")))
        return Tile(_("Returned"), self.figure("returned"), line)

    def _median(self) -> Tile:
        speed = self.board.speed
        text = "–" if speed.median is None else wording.span(speed.median)
        line = sentence(_("%(number)s accepted, not yet touched"), number=self.figure("untouched"))
        return Tile(_("Median speed to lead"), self.figure("touched", text), line)
