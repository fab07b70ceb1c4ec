"""Both sides' promises as the page draws them: the shores of the bridge, and a table for each side."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaty.scoreboard import wording
from treaty.scoreboard.linked import Figure, figure, rows_url, sentence
from treaty.scoreboard.queries import Row, Scoreboard, Side
from treaty.scoreboard.queries.figures import promise_figure
from treaty.scoreboard.rules import Tally, Volume


@dataclass(frozen=True, slots=True)
class Counts:
    """The verdicts of some promises, each figure with its rows."""

    kept: Figure
    broken: Figure
    excused: Figure
    open: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """One clause of a table of promises."""

    number: str
    title: str
    url: str
    tally: Tally
    rate: Figure
    counts: Counts
    was: str


@dataclass(frozen=True, slots=True)
class Shore:
    """One side: its big figure and its table."""

    side: str
    big: Figure
    lines: tuple[SafeString | str, ...]
    was: str
    all: Line
    rows: tuple[Line, ...]
    total: SafeString | str


def shores(board: Scoreboard, before: Scoreboard | None = None) -> tuple[Shore, Shore]:
    """Marketing's side and sales'; with the month `before` each says what it was then."""
    marketing = _Table(board, board.marketing, before.marketing if before else None)
    sales = _Table(board, board.sales, before.sales if before else None)
    return marketing.shore(), sales.shore()


@dataclass(frozen=True)
class _Table:
    board: Scoreboard
    side: Side
    before: Side | None

    def shore(self) -> Shore:
        tally = self.side.tally
        text = ngettext(
            "%(total)s promise judged or running", "%(total)s promises judged or running", tally.total
        )
        return Shore(
            side=self.side.side,
            big=self._big(),
            lines=self._lines(),
            was=self._was(self.before.tally) if self.before else "",
            all=self._all(),
            rows=tuple(map(self._row, self.side.rows)),
            total=sentence(text, total=figure(self.board.month, tally.total, promise_figure(self.side.side))),
        )

    @property
    def _running_volume(self) -> Volume | None:
        """Marketing's volume, while nothing of marketing's was judged."""
        is_marketing = self.side.side == "marketing"
        return self.board.volume if is_marketing and self.side.tally.rate is None else None

    def _big(self) -> Figure:
        """The share kept; for a volume that still runs, what is delivered."""
        volume = self._running_volume
        if volume is not None:
            return figure(self.board.month, volume.delivered, "delivered")
        return Figure(wording.percent(self.side.tally.rate), self._url("judged"))

    def _lines(self) -> tuple[SafeString | str, ...]:
        tally, volume = self.side.tally, self._running_volume
        if volume is not None:
            line = _("leads, line at %(line)s") % {"line": wording.number(volume.line)}
            return (line, self._running())
        if tally.rate is None:
            return (_("nothing judged yet"), self._running())
        text = ngettext("%(kept)s of %(judged)s kept", "%(kept)s of %(judged)s kept", tally.judged)
        judged = Figure(wording.number(tally.judged), self._url("judged"))
        return (sentence(text, kept=self._counts(tally).kept, judged=judged), self._broken())

    def _running(self) -> SafeString:
        tally = self.side.tally
        text = ngettext("%(number)s promise running", "%(number)s promises running", tally.open)
        return sentence(text, number=self._counts(tally).open)

    def _broken(self) -> SafeString:
        tally = self.side.tally
        broken = ngettext("%(number)s broken", "%(number)s broken", tally.broken)
        excused = ngettext("%(number)s excused", "%(number)s excused", tally.excused)
        return sentence(
            _("%(broken)s, %(excused)s"),
            broken=Figure(
                broken % {"number": wording.number(tally.broken)},
                self._url("broken"),
                "bad" if tally.broken else "q",
            ),
            excused=Figure(excused % {"number": wording.number(tally.excused)}, self._url("excused"), "q"),
        )

    def _row(self, row: Row) -> Line:
        number = row.clause.number
        return Line(
            number=number,
            title=self._title(row),
            url=f"/agreement/versions/{row.number}/#clause-{number}",
            tally=row.tally,
            rate=self._rate(row),
            counts=self._counts(row.tally, row),
            was=self._was_of(number),
        )

    def _all(self) -> Line:
        tally = self.side.tally
        rate = Figure(wording.percent(tally.rate), self._url("judged"))
        was = self._was(self.before.tally) if self.before else ""
        return Line("", _("All"), "", tally, rate, self._counts(tally), was)

    def _title(self, row: Row) -> str:
        volume = self.board.volume if row.is_volume else None
        title = wording.clause_title(row.clause, volume.promised if volume else None)
        if len({one.version for one in self.side.rows}) > 1:
            return _("%(title)s (version %(version)s)") % {"title": title, "version": row.number}
        return title

    def _rate(self, row: Row) -> Figure:
        """The share kept; how far from the line while a volume runs."""
        volume = self.board.volume
        if row.is_volume and volume is not None and row.tally.open:
            words, tone = wording.against_line(volume.ahead), "warn" if volume.ahead < 0 else ""
            return figure(self.board.month, volume.delivered, "delivered", words, tone)
        return Figure(wording.percent(row.tally.rate), self._url("judged", row))

    def _counts(self, tally: Tally, row: Row | None = None) -> Counts:
        return Counts(
            kept=self._verdict(tally.kept, "kept", row),
            broken=self._verdict(tally.broken, "broken", row),
            excused=self._verdict(tally.excused, "excused", row),
            open=self._verdict(tally.open, "open", row),
        )

    def _verdict(self, number: int, verdict: str, row: Row | None) -> Figure:
        tone = "q" if not number else "bad" if verdict == "broken" else ""
        return Figure(wording.number(number), self._url(verdict, row), tone)

    def _url(self, verdict: str, row: Row | None = None) -> str:
        side = self.side.side
        name = promise_figure(side, verdict=verdict)
        if row is not None:
            name = promise_figure(side, row.version, row.clause.number, verdict)
        return rows_url(name, self.board.month)

    def _was(self, tally: Tally) -> str:
        return wording.percent(tally.rate)

    def _was_of(self, clause: str) -> str:
        rows = self.before.rows if self.before else ()
        return next((self._was(row.tally) for row in rows if row.clause.number == clause), "")
