"""What the page of the scoreboard says between its tables: the shared goal, and the words at the charts."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from treaty.scoreboard import wording
from treaty.scoreboard.linked import Figure, figure, sentence
from treaty.scoreboard.queries import Scoreboard
from treaty.scoreboard.rules import Goal, Volume


@dataclass(frozen=True)
class Shown:
    """One scoreboard in words."""

    board: Scoreboard

    def figure(self, number: int, name: str, text: str = "") -> Figure:
        """A number of rows of this month."""
        return figure(self.board.month, number, name, text)

    def goal_sentence(self) -> SafeString | str:
        """What was won of the shared goal."""
        goal = self.goal
        if goal is None:
            return _("No shared goal was agreed.")
        values = {"done": self._done(goal), "goal": self._amount(goal, goal.goal)}
        if goal.code == "revenue":
            return sentence(_("%(done)s of %(goal)s revenue won"), **values)
        return sentence(_("%(done)s of %(goal)s customers won"), **values)

    def marks(self) -> Mapping[str, SafeString | str]:
        """Below the deck: the line for today, and the share done."""
        goal = self.goal
        if goal is None:
            return {}
        apart = self._amount(goal, abs(goal.ahead))
        share = Figure(wording.percent(goal.share), self._done(goal).url)
        won = (
            sentence(_("%(share)s won, %(apart)s ahead"), share=share, apart=apart)
            if goal.ahead >= 0
            else sentence(_("%(share)s won, %(apart)s behind"), share=share, apart=apart)
        )
        line = (
            _("the line for the day, %(line)s") if self.board.is_over else _("the line for today, %(line)s")
        )
        return {"line": line % {"line": self._amount(goal, goal.line)}, "won": won}

    def chart_words(self) -> dict[str, SafeString]:
        """What stands in words at the charts, with the figures in them."""
        board, speed = self.board, self.board.speed
        touched = self.figure(speed.number, "touched")
        words = {
            "delivered": sentence(
                _("n = %(number)s"), number=self.figure(board.counts["delivered"], "delivered")
            ),
            "touched_number": sentence(_("n = %(number)s"), number=touched),
            "touched_a": self._told(_("grade A, %(number)s"), sum(speed.of_grade_a), "touched_a"),
            "touched_rest": self._told(_("other grades, %(number)s"), sum(speed.of_the_rest), "touched_rest"),
            "untouched": self._told(
                _("%(number)s accepted and not yet touched"), board.counts["untouched"], "untouched"
            ),
        }
        if board.volume is not None:
            words["volume_note"] = self._volume_note(board.volume)
        return words

    @property
    def goal(self) -> Goal | None:
        """The goal that the bridge shows."""
        return self.board.goals[0] if self.board.goals else None

    def _done(self, goal: Goal) -> Figure:
        name = "won" if goal.code == "revenue" else "customers"
        return self.figure(goal.done, name, self._amount(goal, goal.done))

    def _amount(self, goal: Goal, value: int) -> str:
        if goal.code == "revenue":
            return wording.money(value, self.board.currency)
        return wording.number(value)

    def _volume_note(self, volume: Volume) -> SafeString:
        """What the volume promise demands, and what of it is done."""
        figures = {
            "delivered": self.figure(volume.delivered, "delivered"),
            "promised": wording.number(volume.promised),
            "of_grade_a": self.figure(volume.delivered_of_grade_a, "delivered_a"),
            "promised_a": wording.number(volume.promised_of_grade_a),
        }
        if volume.promised_of_grade_a:
            text = _("Delivered %(delivered)s of %(promised)s, of grade A %(of_grade_a)s of %(promised_a)s.")
        else:
            text = _("Delivered %(delivered)s of %(promised)s.")
        done = sentence(text, **figures)
        if not self.board.marketing.tally.open:
            return done
        return format_html("{} {}", done, _("Judged when the month is over."))

    def _told(self, text: str, number: int, name: str) -> SafeString:
        """A whole phrase that opens its rows: short figures beside each other are hard to hit."""
        return self.figure(number, name, text % {"number": wording.number(number)}).__str__()
