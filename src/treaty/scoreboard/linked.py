"""Figures that open their rows, and sentences with figures in them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from treaty.scoreboard import wording
from treaty.scoreboard.rules import Month


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in words that opens its rows."""

    text: str
    url: str
    tone: str = ""

    def __str__(self) -> SafeString:
        """The link, as `c-figure` writes it; templates print it as it is."""
        return format_html(
            '<a class="f{}" href="{}" title="{}">{}</a>',
            f" {self.tone}" if self.tone else "",
            self.url,
            _("Open the rows"),
            self.text,
        )


def sentence(template: str, **figures: object) -> SafeString:
    """A whole translated sentence with figures in it; everything else in it is escaped."""
    safe = {
        name: str(figure) if isinstance(figure, Figure) else escape(figure)
        for name, figure in figures.items()
    }
    return mark_safe(escape(template) % safe)  # noqa: S308  both parts are escaped


def rows_url(figure: str, month: Month) -> str:
    """Where the rows of a figure open."""
    return f"{reverse('scoreboard:rows')}?{urlencode({'figure': figure, 'month': month.key})}"


def page_url(month: Month, **more: str) -> str:
    """The scoreboard of a month."""
    return f"{reverse('scoreboard:scoreboard')}?{urlencode({'month': month.key} | more)}"


def figure(month: Month, number: int, name: str, text: str = "", tone: str = "") -> Figure:
    """A number of rows; `text` says it where the number alone is not enough."""
    return Figure(text or wording.number(number), rows_url(name, month), tone)
