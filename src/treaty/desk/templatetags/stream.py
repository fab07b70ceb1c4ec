"""The stream of a person's page, line by line: a long story has dozens of them."""

from collections.abc import Sequence

from django import template
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from treaty.desk import wording
from treaty.desk.queries.timeline import StreamDay, StreamLine
from treaty.kit.markup import bdi, event, icon, join, link, tag, text

register = template.Library()


@register.simple_tag
def stream(days: Sequence[StreamDay]) -> SafeString:
    """Every day with its lines, the newest first."""
    today, typed_in = timezone.localtime().date(), join(" ", tag(gettext("time typed in"), "soft"))
    drawn = []
    for day in days:
        drawn.append(f'<li class="day">{text(wording.stream_day(day.day, today))}</li>')
        drawn += [line(one, typed_in) for one in day.lines]
    return SafeString("\n".join(drawn))


def line(told: StreamLine, typed_in: SafeString) -> str:
    """What happened, on which deal, and whether somebody typed in when."""
    local = timezone.localtime(told.at)
    deal = join(" · ", link(told.deal_url, bdi(told.deal), "u")) if told.deal else ""
    words = join(icon(told.icon), " ", told.text, deal, typed_in if told.is_typed_in else "")
    stood = {"time": time_format(local, "H:i"), "at": local.isoformat()}
    return event(words, told.side, who=told.who, more=told.note, **stood)
