"""Cards of the board drawn in Python, ten times as fast as by a template: a card, its menu, and what shows more of them.

The menu says what dragging does: `board.js` presses the button of the column on which a card is dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from treaty.deals import wording
from treaty.deals.queries import Card, StageRow
from treaty.kit import dates
from treaty.kit.lists import query_text
from treaty.kit.markup import button, menu, text
from treaty.kit.templatetags.kit import moment

NOT_A_CARDS = {"deal": None, "column": None, "after": None}
"""What the address of a board may carry that the address of a card does not."""


@dataclass(frozen=True)
class Drawing:
    """What all cards of an answer share: the pipeline, who looks, when, and the query of the board's address."""

    stages: tuple[StageRow, ...]
    may_edit: bool
    now: datetime
    query: QueryDict

    def cards(self, cards: Iterable[Card], *, is_added: bool = False) -> SafeString:
        """Some cards; where they are added to a board the first one takes the focus of what was pressed."""
        kept = query_text(self.query, **NOT_A_CARDS)
        address = f"?{kept}&deal=" if kept else "?deal="
        drawn = [
            self.card(card, f"{address}{card.id}", " autofocus" if is_added and not number else "")
            for number, card in enumerate(cards)
        ]
        return SafeString("".join(drawn))

    def card(self, card: Card, href: str, focus: str = "") -> str:
        """One deal."""
        title = f'<a class="title clip" href="{text(href)}" data-panel data-main{focus}>{text(card.name)}</a>'
        parts = (
            f'<div class="row">{title}{self.menu(card) if self.may_edit else ""}</div>',
            whom(card),
            f'<div class="row">{worth(card)}{self.closing(card)}</div>',
            self.last_line(card),
        )
        drawn = "\n".join(filter(None, parts))
        return f'<li class="kcard" data-card data-item>\n{drawn}\n</li>'

    def menu(self, card: Card) -> SafeString:
        """Where the card can go, which is what dragging does."""
        address = f"{self.root}{card.id}/"
        ways = "".join([f"{before}{address}{behind}" for before, behind in self.ways[card.stage.key]])
        label = self.words["move"] % {"deal": card.name}
        return menu(SafeString(self.words["to"] + ways), label, ident=f"move-{card.id}", css="push")

    @cached_property
    def root(self) -> str:
        """The address of the board, which those of its deals begin with."""
        return reverse("deals:deals")

    @cached_property
    def words(self) -> Mapping[str, str]:
        """What every menu says."""
        return {"move": _("Move %(deal)s"), "to": f'<div class="label">{text(_("Move to"))}</div>'}

    @cached_property
    def ways(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The entries of the menu in each stage, each in two parts: the deal's address comes between them."""
        return {
            here.key: [self.way(stage) for stage in self.stages if is_way(here, stage)]
            for here in self.stages
        }

    def way(self, stage: StageRow) -> tuple[str, str]:
        """One of them: a move, or the page that asks why a deal is lost."""
        if stage.type == "lost":
            return '<a href="', f'loss" data-move="lost">{text(_("Lost: say why"))}</a>'
        name = text(wording.stage_name(stage.key, stage.name))
        moves = f'stage" name="stage" value="{stage.key}" data-move="{stage.key}">{name}</button>'
        return '<button type="submit" form="move" formaction="', moves

    def closing(self, card: Card) -> str:
        """When an open deal is to close, red where that day is over; when another one was closed."""
        if card.is_open and card.close_on:
            tone = "bad" if card.close_on < localdate(self.now) else "q"
            words = _("closes %(day)s") % {"day": dates.day(card.close_on)}
            return f'<span class="push {tone}">{text(words)}</span>'
        if card.closed_at:
            return f'<span class="q push">{day(card.closed_at)}</span>'
        return ""

    def last_line(self, card: Card) -> str:
        """What happens next with an open deal, why another one ended."""
        if card.is_open:
            return f'<div class="s">{next_step(card, self.now)}</div>'
        reason = text(card.reason)
        return f'<div class="q clip" title="{reason}">{reason}</div>' if reason else ""

    def more(self, stage: StageRow, after: str) -> SafeString:
        """What shows the next cards of a column in its own place; without a script it leads to the table."""
        if not after:
            return SafeString()
        kept = query_text(self.query, **NOT_A_CARDS)
        asked = urlencode({"column": stage.key, "after": after})
        attrs = {
            "hx-get": f"{reverse('deals:deals')}?{f'{kept}&' if kept else ''}{asked}",
            "hx-target": "closest li",
            "hx-swap": "outerHTML",
        }
        table = f"{reverse('deals:table')}?stage={stage.key}"
        return SafeString(
            f"<li>{button(_('Show more'), href=table, quiet=True, wide=True, attrs=attrs)}</li>"
        )


def is_way(here: StageRow, there: StageRow) -> bool:
    """Whether a deal can be moved so: from one end to the other it has to be reopened first."""
    return here.key != there.key and "open" in (here.type, there.type)


def whom(card: Card) -> str:
    """The person, the company, or both."""
    if card.person and card.company:
        words = _("%(person)s, %(company)s") % {"person": card.person, "company": card.company}
    else:
        words = card.person or card.company
    return f'<div class="q clip">{text(words)}</div>' if words else ""


def worth(card: Card) -> str:
    """The value, where it is known."""
    if card.value is None:
        return f'<span class="q">{text(_("value unknown"))}</span>'
    return f'<b class="n">{text(wording.money(card.value))}</b>'


def next_step(deal: Card, now: datetime) -> SafeString:
    """What happens next in a line, red where it is overdue."""
    if deal.lacks_next_step:
        return SafeString(f'<span class="bad">{text(_("No next step"))}</span>')
    what, at = text(wording.step_name(deal.next_step_kind)), deal.next_step_at
    tone = ' class="bad"' if at and at < now else ""
    due = f" · {text(moment(at))}" if at else ""
    note = f' <span class="q">{text(deal.next_step)}</span>' if deal.next_step else ""
    return SafeString(f"<span{tone}>{what}{due}</span>{note}")


def day(at: datetime) -> str:
    """A day in the language of the page."""
    return text(dates.day(localtime(at)))
