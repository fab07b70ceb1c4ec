"""Today's repeated parts drawn in Python, ten times as fast as by a template: leads, handovers in two lines, next steps."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import time_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from treaty.deals.queries import DealRow
from treaty.deals.queries.rows import stage_name, step_name
from treaty.desk import wording
from treaty.desk.queries import StepLine
from treaty.handovers.queries import Card
from treaty.handovers.queries.today import ReturnedLead
from treaty.kit.markup import NOTHING, button, clock, figure, grade, join, link, side, text, touch

BESIDE = SafeString("data-panel data-main")
OFF = {"aria-disabled": "true"}


def leads(cards: Iterable[Card], token: str) -> SafeString:
    """Offered leads; the first one is selected. `token` proves the forms to be ours."""
    here = reverse("desk:today")
    drawn = (lead(card, token, here, "" if place else " sel") for place, card in enumerate(cards))
    return SafeString("".join(drawn))


def lead(card: Card, token: str, here: str, selected: str) -> str:
    """One offered lead: its clock, who it is and why, the last touches, and what one can do."""
    ring = card.ring
    name = f'<div class="name">{grade(card.grade)} {whom(card.url, card)}</div>'
    line = f'<div class="s q sub">{text(card.line)}</div>' if card.line else ""
    touches = (touch(one.text, one.side, one.when, localtime(one.at).isoformat()) for one in card.touches)
    return (
        f'<article class="lead{selected}" data-item id="lead-{card.id}">'
        f"{clock(ring.state, ring.share, ring.words, due=ring.due, side='sales')}"
        f'<div>{name}{line}<p class="why">{text(card.why)}</p></div>'
        f'<div class="tps">{"".join(touches)}</div>'
        f"{verbs(card, token, here) if card.may_decide else ''}</article>"
    )


def verbs(card: Card, token: str, here: str) -> str:
    """Accept and return; calls and mails only where the person may be reached."""
    name = f'<span class="vh"> {text(card.person)}</span>'
    accepting = reverse("handovers:acceptance", args=[card.id])
    returning = f"{reverse('handovers:return', args=[card.id])}?next={here}"
    accept = button(SafeString(f"{text(_('Accept lead'))}{name}"), go=True, key="a")
    give_back = button(SafeString(f"{text(_('Return'))}{name}"), href=returning, key="r")
    return (
        f'<div class="do"><form method="post" action="{accepting}" hx-post="{accepting}" hx-target="#day" hx-swap="outerHTML">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{text(token)}">'
        f'<input type="hidden" name="next" value="{here}">{accept}</form>'
        f"{give_back}{reach(card)}</div>"
    )


def reach(card: Card) -> SafeString:
    """The buttons that call and write; switched off with the reason where that may not be or cannot be."""
    who = {"name": card.person}
    if card.may_call:
        call = button(href=f"tel:{card.phone}", icon_name="phone", label=_("Call %(name)s") % who)
    else:
        why_not = (
            _("%(name)s asked not to be called") if card.phone else _("No phone number of %(name)s is known")
        )
        call = button(icon_name="phone", kind="button", attrs=OFF, label=why_not % who)
    if card.may_write:
        return join(
            call, button(href=f"mailto:{card.email}", icon_name="mail", label=_("Write to %(name)s") % who)
        )
    why_not = (
        _("%(name)s asked not to be written to") if card.email else _("No mail address of %(name)s is known")
    )
    return join(call, button(icon_name="mail", kind="button", attrs=OFF, label=why_not % who))


def whom(url: str, card: Card | ReturnedLead) -> SafeString:
    """A person's name as a link, and the same in the person's own letters."""
    local = ""
    if card.person_local and card.person_local != card.person:
        local = f' <bdi class="q s" lang="{text(card.language)}">{text(card.person_local)}</bdi>'
    return SafeString(f"{link(url, named(card.person), attrs=BESIDE)}{local}")


def named(name: str) -> SafeString:
    """A name whose letters may run the other way."""
    return SafeString(f"<bdi>{text(name)}</bdi>")


def told(cards: Iterable[Card]) -> SafeString:
    """Handovers in two lines each, with their clocks."""
    return SafeString("".join(map(told_line, cards)))


def owed(cards: Iterable[Card]) -> SafeString:
    """The same for leads of one's own, each with the way to log the first touch."""
    return SafeString("".join(told_line(card, logging(card)) for card in cards))


def logging(card: Card) -> SafeString:
    """The button that logs a call, or a message where calls are refused; it may lead on to the deal of the handover."""
    name = SafeString(f'<span class="vh"> {text(card.person)}</span>')
    way, label = ("calls", _("Log call")) if card.may_call else ("messages", _("Log message"))
    there = f"{reverse(f'deals:{way}', args=[card.person_id])}?handover={card.id}"
    return button(SafeString(f"{text(label)}{name}"), href=there)


def told_line(card: Card, end: SafeString | None = None) -> str:
    """One handover: who, why, its clock or why it came back, and whoever has it, or what to do instead."""
    ring = card.ring
    drawn = clock(ring.state, ring.share, ring.words, due=ring.due, side="sales", row=True)
    if card.reason:
        drawn = side("sales", card.reason, plain=True)
    owner = end or SafeString(f'<span class="q s">{text(card.owner or _("the whole team"))}</span>')
    return (
        f'<li class="told" data-item id="handover-{card.id}">{grade(card.grade)}'
        f'<div class="grow"><div class="name">{whom(card.url, card)}<span class="q s">{text(card.line)}</span></div>'
        f'<p class="q">{text(card.why)}</p></div>'
        f'<div class="push ends">{drawn}{owner}</div></li>'
    )


def returned(rows: Iterable[ReturnedLead]) -> SafeString:
    """Leads that came back, each with its reason and the seller's words."""
    return SafeString("".join(map(returned_line, rows)))


def returned_line(row: ReturnedLead) -> str:
    """One lead that came back."""
    note = f' <q class="q">{text(row.note)}</q>' if row.note else ""
    at = localtime(row.returned_at)
    stood = f'<time datetime="{at.isoformat()}">{text(wording.day_or_time(row.returned_at))}</time>'
    return (
        f'<li class="told" data-item id="returned-{row.id}">{grade(row.grade)}'
        f'<div class="grow"><div class="name">{whom(row.url, row)}<span class="q s">{text(row.line)}</span></div>'
        f"<p>{side('sales', row.reason, plain=True)}{note}</p></div>"
        f'<div class="q s push">{text(row.owner)}<br>{stood}</div></li>'
    )


def steps(lines: Iterable[StepLine]) -> SafeString:
    """Own deals that wait for something, as rows of a table."""
    return SafeString("".join(map(step_row, lines)))


TONES = {"late": " bad", "none": " bad", "soon": " warn"}


def step_row(line: StepLine) -> str:
    """One deal: when, how urgent, what to do, with whom, and what it is worth."""
    deal, url = line.deal, reverse("deals:deal", args=[line.deal.id])
    what = _("Set a next step") if line.state == "none" else step_name(deal.next_step_kind)
    worth = figure(wording.money(deal.value), url) if deal.value is not None else NOTHING
    return (
        f'<tr data-item id="step-{deal.id}"><td class="n">{text(step_time(line))}</td>'
        f'<td class="nowrap{TONES.get(line.state, "")}">{text(wording.urgency(line.state, line.minutes))}</td>'
        f'<td class="nowrap">{link(url, what, css="strong", attrs=SafeString("data-main"))}</td>'
        f'<td>{with_whom(deal)}</td><td class="q opt">{text(step_note(line))}</td><td class="n">{worth}</td></tr>'
    )


def step_time(line: StepLine) -> str:
    """Overdue by its day, else by its time."""
    due = line.deal.next_step_at
    if due is None or line.state == "none":
        return ""
    return wording.day_or_time(due) if line.state == "late" else time_format(localtime(due), "H:i")


def step_note(line: StepLine) -> str:
    """What was noted of the step; of a deal without one since when it stands where it is."""
    deal = line.deal
    if line.state != "none":
        return deal.next_step
    stage = stage_name(deal.stage)
    return _("%(stage)s since %(day)s") % {"stage": stage, "day": wording.day_or_time(deal.stage_since)}


def with_whom(deal: DealRow) -> SafeString:
    """The person with the company, the company alone, or the deal by its name."""
    if deal.person_id:
        of = f'<span class="q">, {named(deal.company)}</span>' if deal.company else ""
        person = reverse("desk:person", args=[deal.person_id])
        return SafeString(f"{link(person, named(deal.person), attrs=SafeString('data-panel'))}{of}")
    if deal.company_id and deal.company:
        return link(reverse("people:company", args=[deal.company_id]), named(deal.company))
    return SafeString(text(deal.name))
