"""What stands live beside a clause, drawn in Python: a contract has a dozen of them, each with several figures."""

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from treaty.agreements.margins import Margin
from treaty.kit.markup import bar, figure, hue, join, text

COMMA = SafeString(", ")


def beside(margin: Margin, side: str) -> SafeString:
    """The margin of one clause: a text of its own, else its verdicts, else a note alone."""
    if margin.text:
        said = _line(figure(margin.text, margin.url, tone=margin.tone)) + _note(margin)
    elif margin.url:
        said = _rate(margin) + _bar(margin, side) + _line(_counts(margin))
    else:
        said = _note(margin, "bad" if margin.tone == "bad" else "")
    return SafeString(f'<div class="live {hue(side)}">{said}</div>')


def _line(said: object, css: str = "") -> str:
    return f'<div class="{css}">{said}</div>' if css else f"<div>{said}</div>"


def _note(margin: Margin, css: str = "") -> str:
    return _line(text(margin.note), css) if margin.note else ""


def _bar(margin: Margin, side: str) -> str:
    return bar(margin.kept, margin.broken, margin.excused, margin.open, side=side, full=True, thin=True)


def _rate(margin: Margin) -> str:
    """What was kept in percent, and what was broken."""
    if margin.rate is None:
        return _line(figure(gettext("nothing judged yet"), margin.url, tone="q"))
    kept = gettext("kept %(rate)s %%") % {"rate": number_format(margin.rate, 1)}
    if not margin.broken:
        return _line(
            join(_of(margin, kept, "kept"), COMMA, _of(margin, gettext("none broken"), "broken", "q"))
        )
    broken = ngettext("%(number)s broken", "%(number)s broken", margin.broken) % {"number": margin.broken}
    return _line(join(_of(margin, kept, "kept"), COMMA, _of(margin, broken, "broken", "bad")))


def _counts(margin: Margin) -> SafeString:
    """How many were kept of those judged, and those that count apart."""
    parts = []
    if margin.judged:
        values = {"kept": margin.kept, "judged": margin.judged}
        parts.append(figure(gettext("%(kept)s of %(judged)s") % values, margin.url))
    if margin.excused:
        said = ngettext("%(number)s excused", "%(number)s excused", margin.excused)
        parts.append(_of(margin, said % {"number": margin.excused}, "excused"))
    if margin.open:
        said = ngettext("%(number)s running", "%(number)s running", margin.open)
        parts.append(_of(margin, said % {"number": margin.open}, "open"))
    return SafeString(COMMA.join(parts))


def _of(margin: Margin, words: str, verdict: str, tone: str = "") -> SafeString:
    """Words that open the rows of one verdict."""
    return figure(words, f"{margin.url}&verdict={verdict}", tone=tone)
