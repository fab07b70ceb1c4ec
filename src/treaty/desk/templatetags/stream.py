"""The stream of a person's page, line by line: a long story has dozens of them."""

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from treaty.desk import wording
from treaty.desk.queries.timeline import StreamDay, StreamLine
from treaty.kit.markup import bdi, button, event, icon, join, link, tag, text

register = template.Library()


@register.simple_tag
def stream(days: Sequence[StreamDay], form: str = "") -> SafeString:
    """Every day with its lines, the newest first; `form` is the one by which notes are put into the bin."""
    today, typed_in = timezone.localtime().date(), join(" ", tag(gettext("time typed in"), "soft"))
    drawn = []
    for day in days:
        drawn.append(f'<li class="day">{text(wording.stream_day(day.day, today))}</li>')
        drawn += [line(one, typed_in, form) for one in day.lines]
    return SafeString("\n".join(drawn))


def line(told: StreamLine, typed_in: SafeString, form: str) -> str:
    """What happened, on which deal, and whether somebody typed in when."""
    local = timezone.localtime(told.at)
    deal = join(" · ", link(told.deal_url, bdi(told.deal), "u")) if told.deal else ""
    words = join(icon(told.icon), " ", told.text, deal, typed_in if told.is_typed_in else "")
    stood = {"time": time_format(local, "H:i"), "at": local.isoformat()}
    end = join(attach(told), throw(told, form)) if form and told.note_id else ""
    more = join(text(told.note), attached(told)) if told.documents else told.note
    return event(words, told.side, who=told.who, more=more, end=end, **stood)


def attached(told: StreamLine) -> SafeString:
    """The documents of a note, each to download."""
    links = (
        link(reverse("documents:document", args=[row.id]), join(icon("paperclip"), " ", bdi(row.name)), "u")
        for row in told.documents
    )
    return SafeString(f'<span class="row">{"".join(links)}</span>')


def attach(told: StreamLine) -> SafeString:
    """The way to the page where documents are put onto a note."""
    url = reverse("documents:of_note", args=[told.note_id])
    return join(
        " ", button(icon_name="paperclip", quiet=True, label=gettext("Documents of this note"), href=url)
    )


def throw(told: StreamLine, form: str) -> SafeString:
    """The button that puts a note into the bin."""
    label = gettext("Put this note into the bin")
    to = {"form": form, "formaction": reverse("conversations:note_bin", args=[told.note_id])}
    return join(" ", button(icon_name="trash", quiet=True, label=label, attrs=to))
