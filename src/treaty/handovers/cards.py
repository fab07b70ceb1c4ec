"""Cards of the board drawn in Python, ten times as fast as by a template, and what shows more of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from treaty.deals.queries.rows import stage_name
from treaty.handovers.queries import Card
from treaty.kit.markup import avatar, button, clock, grade, side, tag, text, touch
from treaty.people.queries.leads import stage_label
from treaty.staff.queries import may
from treaty.staff.rules import EDIT_DEALS


@dataclass(frozen=True)
class Drawing:
    """What all cards of an answer share: the request, whose token their forms carry."""

    request: HttpRequest

    def cards(self, column: str, cards: Iterable[Card], *, is_added: bool = False) -> SafeString:
        """Some cards of a column; where they are added to it the first one takes the focus of what was pressed."""
        drawn = [
            self.card(column, card, " autofocus" if is_added and not number else "")
            for number, card in enumerate(cards)
        ]
        return SafeString("".join(drawn))

    def card(self, column: str, card: Card, focus: str = "") -> str:
        """One handover: who, what became of it or how long there is, whose it is, and its verbs."""
        title = f'<a class="title clip" href="{card.url}" data-panel data-main{focus}>{text(card.person)}</a>'
        line = f'<div class="q s clip">{text(card.line)}</div>\n' if card.line else ""
        verbs = self.verbs(column, card) if card.may_decide else ""
        return (
            f'<li class="kcard" data-item id="handover-{card.id}">\n'
            f'<div class="row">{grade(card.grade)}\n{title}</div>\n{line}{standing(column, card)}\n'
            f'<div class="row q s">{whose(card)}</div>\n{verbs}</li>'
        )

    def verbs(self, column: str, card: Card) -> str:
        """Accept and return, each with its key; of a lead in work that has none yet, the deal."""
        if column == "working" and card.deal is None and self.may_open_deal:
            there = f"{reverse('deals:new')}?person={card.person_id}&handover={card.id}"
            words = SafeString(f'{text(_("Make a deal"))}<span class="vh"> {text(card.person)}</span>')
            return f'<div class="btns">{button(words, href=there)}</div>\n'
        if card.state != "offered":
            return ""
        accept, give_back = button(_("Accept lead"), key="a"), f"{card.url}return"
        return (
            f'<div class="btns"><form method="post" action="{card.url}acceptance">{self.token}{accept}</form>\n'
            f"{button(_('Return'), href=give_back, key='r')}</div>\n"
        )

    @cached_property
    def may_open_deal(self) -> bool:
        """Whether whoever looks may open deals."""
        return may(self.request.user, EDIT_DEALS)

    @cached_property
    def token(self) -> str:
        """What shows that a form was ours."""
        return f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(self.request)}">'

    def more(self, column: str, after: str) -> SafeString:
        """What shows the next cards of a column in its own place; without a script it leads to the table."""
        if not after:
            return SafeString()
        attrs = {
            "hx-get": f"{reverse('handovers:handovers')}?{urlencode({'column': column, 'after': after})}",
            "hx-target": "closest li",
            "hx-swap": "outerHTML",
        }
        table = f"{reverse('handovers:table')}?state={column}"
        return SafeString(
            f"<li>{button(_('Show more'), href=table, quiet=True, wide=True, attrs=attrs)}</li>"
        )


def standing(column: str, card: Card) -> str:
    """How the work stands: the deal and the last touch, what became of the lead and why, or the clock."""
    if column == "working":
        return "\n".join([*deal_of(card), *[touch(one.text, one.side, one.when) for one in card.touches]])
    if column == "done":
        return f'<div class="row">{ending(card)}</div>'
    if column == "returned":
        return f'<div class="row s">{side("sales", card.reason, plain=True)}</div>'
    ring = card.ring
    drawn = clock(ring.state, ring.share, ring.words, due=ring.due, side="sales", row=True)
    return f'<div class="row">{drawn}</div>'


def deal_of(card: Card) -> list[str]:
    """The open deal with the person, where there is one."""
    if card.deal is None:
        return []
    name = f'<span class="clip">{text(card.deal.name)}</span>'
    return [f'<div class="row s">{tag(stage_name(card.deal.stage))}{name}</div>']


def ending(card: Card) -> str:
    """What became of a lead."""
    if card.stage == "customer":
        return f'<span class="won s">{text(_("Deal won"))}</span>'
    if card.stage == "sql":
        return f'<span class="lost s q">{text(_("Deal lost"))}</span>'
    return tag(stage_label(card.stage))


def whose(card: Card) -> str:
    """The owner, or that all of the team were asked."""
    if card.owner:
        return f'{avatar(card.owner, "sales", "small")}<span class="clip">{text(card.owner)}</span>'
    return f'<span class="clip">{text(_("Offered to the team"))}</span>'
