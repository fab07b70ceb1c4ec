"""The components that stand in rows and on cards, drawn in Python: each is one function and the only source of its HTML.

The cotton component and the template tag of the same name call it. Whatever is not marked safe is escaped here. A
function costs a few microseconds, a component of the template language a tenth of a millisecond: lists need the former.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import formats, timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from treaty.kit import dates

HUES = {"marketing": "mkt", "mkt": "mkt", "sales": "sal", "sal": "sal"}
SEEN_AT_LEAST = 2.5
"""Percent of a bar below which a part could not be seen."""
NOTHING = SafeString("")
DOT = '<i class="dot" aria-hidden="true"></i>'

Attributes = Mapping[str, object] | SafeString
"""Further attributes: names and values (True for one without a value, None for none), or as they are written."""


def text(value: object) -> str:
    """A value as text of a page: escaped unless marked safe, numbers and dates in the page's language, None empty."""
    if type(value) is str:
        return _escaped(value)
    if value is None:
        return ""
    if isinstance(value, str):  # marked safe, or a text that is only known when it is read
        return conditional_escape(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return _escaped(str(formats.localize(value)))


def _escaped(words: str) -> str:
    """Words as Django escapes them, which takes ten times as long as to see that there is nothing to escape."""
    return conditional_escape(words) if _special(words) else words


_special = re.compile("[&<>\"']").search


def join(*parts: object) -> SafeString:
    """Parts one after another, each escaped unless marked safe."""
    return SafeString("".join([text(part) for part in parts]))


def attribute(name: str, value: object) -> str:
    """An attribute with a space in front; nothing where the value is empty."""
    return f' {name}="{text(value)}"' if value else ""


def attributes(given: Attributes) -> str:
    """Further attributes with a space in front of each."""
    if isinstance(given, str):
        return f" {given}" if given else ""
    return "".join(
        f" {name}" if value is True else f' {name}="{text(value)}"'
        for name, value in given.items()
        if value is not None
    )


def hue(side: object) -> str:
    """The class that gives a side its hue; `both` for what is shared."""
    return HUES.get(str(side).lower(), "both")


def initials(name: str) -> str:
    """At most two letters that stand for a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def spoken_side(side: str) -> str:
    """The side's name before what it did, for those who do not see the hue."""
    if hue(side) == "mkt":
        return f'<span class="vh">{text(gettext("Marketing:"))} </span>'
    if hue(side) == "sal":
        return f'<span class="vh">{text(gettext("Sales:"))} </span>'
    return ""


@cache
def sprite() -> str:
    """Where all drawings lie; the address carries the file's hash and holds as long as the process."""
    return str(conditional_escape(staticfiles_storage.url("kit/icons.svg")))


def icon(name: str, css: str = "", label: object = "") -> SafeString:
    """A drawing of frontend/icons.js. With a label it speaks, without it is decoration."""
    css = f" {text(css)}" if css else ""
    told = f'role="img" aria-label="{text(label)}"' if label else 'aria-hidden="true"'
    return SafeString(f'<svg class="i{css}" {told}><use href="{sprite()}#{text(name)}"/></svg>')


def tag(words: object, tone: str = "", side: str = "", title: object = "") -> SafeString:
    """A state in a word; `tone` is on, soft, due or late."""
    tone = f" {text(tone)}" if tone else ""
    worn = f" hue {hue(side)}" if side else ""
    return SafeString(f'<span class="tag{tone}{worn}"{attribute("title", title)}>{text(words)}</span>')


def tags(words: Iterable[str]) -> SafeString:
    """Words that somebody put on a record."""
    return SafeString(" ".join(tag(bdi(word), "soft") for word in words))


def avatar(name: str, side: str = "", size: str = "") -> SafeString:
    """Initials; the name is told by the text beside it. `size` is small or large."""
    worn = f" {hue(side)}" if side else ""
    size = f" {text(size)}" if size else ""
    return SafeString(f'<span class="av{worn}{size}" aria-hidden="true">{text(initials(name))}</span>')


def grade(value: object, title: object = "") -> SafeString:
    """A to D by who they are, 1 to 4 by what they did; A1 and A2 stand out. Nothing without a grade."""
    if not value:
        return NOTHING
    lesser = "" if value in ("A1", "A2") else " lesser"
    return SafeString(f'<span class="gr{lesser}"{attribute("title", title)}>{text(value)}</span>')


HANDS = {"late": "M18 10v9M18 24v.5", "kept": "M12 18.5l4.5 4.5 8-9", "waiting": "M14.500 13v10M21.500 13v10"}
CIRCLE = '<circle cx="18" cy="18" r="15.5"'


def clock_ring(state: str, share: object) -> str:
    """The ring of a clock that is kept or runs; its length is the percent of the time that is left."""
    if state == "kept":
        return f"{CIRCLE}/>"
    if state in ("run", "due"):
        turned = f'pathLength="100" stroke-dasharray="{text(str(share))} 100" transform="rotate(-90 18 18)"'
        return f"{CIRCLE} {turned}/>"
    return ""


def clock(
    state: str = "run",
    share: object = "0",
    words: object = "",
    *,
    due: object = "",
    side: str = "",
    row: object = "",
    css: str = "",
) -> SafeString:
    """A promise's clock (run, due, late, kept, waiting): a ring, and the same in words. `row` lays it in a line."""
    worn = f"{text(state)} {hue(side)}{' row' if row else ''}{f' {text(css)}' if css else ''}"
    hand = HANDS.get(state, "M18 10v8l5 3")
    small = f"<small>{text(due)}</small>" if due else ""
    return SafeString(
        f'<span class="clock {worn}"><svg viewBox="0 0 36 36" aria-hidden="true">'
        f'<circle class="under" cx="18" cy="18" r="15.5"/>{clock_ring(state, share)}<path class="hand" d="{hand}"/></svg>'
        f"<span>{text(words)}</span>{small}</span>"
    )


def options(choices: Iterable[tuple[object, object]], chosen: object = None) -> SafeString:
    """What a list offers to choose from: values and their labels, the chosen one marked."""
    return SafeString(
        "".join(
            f'<option value="{text(value)}"{" selected" if value == chosen else ""}>{text(label)}</option>'
            for value, label in choices
        )
    )


class Part(NamedTuple):
    """One part of a bar, in percent of its length, written for SVG in every language alike."""

    kind: str
    x: str
    width: str


def counts(values: Mapping[str, object]) -> dict[str, int]:
    """What is not a positive whole number counts nothing."""
    numbers = {kind: int(str(value)) if str(value).isdecimal() else 0 for kind, value in values.items()}
    return {kind: number for kind, number in numbers.items() if number}


def widths(numbers: Mapping[str, int]) -> dict[str, float]:
    """Percent of each part; none is so small that one cannot see it."""
    total = sum(numbers.values())
    raised = {kind: max(number * 100 / total, SEEN_AT_LEAST) for kind, number in numbers.items()}
    scale = 100 / sum(raised.values())
    return {kind: width * scale for kind, width in raised.items()}


def bar_parts(kept: object, broken: object, excused: object, running: object) -> list[Part]:
    """The parts of a promise's bar from the counts of its verdicts; an empty list where nothing was counted."""
    numbers = counts({"kept": kept, "broken": broken, "excused": excused, "open": running})
    if not numbers:
        return []
    parts, x = [], 0.0
    for kind, width in widths(numbers).items():
        parts.append(Part(kind, f"{x:.3f}", f"{width:.3f}"))
        x += width
    return parts


def bar(
    kept: object = 0,
    broken: object = 0,
    excused: object = 0,
    running: object = 0,
    *,
    side: str = "",
    full: object = "",
    thin: object = "",
) -> SafeString:
    """A promise's verdicts as a bar, from counts, not percent. Decoration: the numbers stand beside it."""
    parts = bar_parts(kept, broken, excused, running)
    worn = f"{f' {hue(side)}' if side else ''}{' full' if full else ''}{' thin' if thin else ''}"
    drawn = [
        f'<rect class="{part.kind}" x="{part.x}%" width="{part.width}%" height="100%"/>'
        for part in reversed(parts)
    ] or ['<rect class="open" width="100%" height="100%"/>']
    gaps = [
        f'<line class="gap" x1="{part.x}%" x2="{part.x}%" y2="100%" transform="translate(-.5)"/>'
        for part in parts[1:]
    ]
    return SafeString(f'<svg class="bar{worn}" aria-hidden="true">{"".join(drawn + gaps)}</svg>')


def when(at: datetime, words: object, css: str = "") -> SafeString:
    """A point in time as one reads it, with the exact one behind it in the zone of the page."""
    worn = attribute("class", css)
    return SafeString(f'<time{worn} datetime="{timezone.localtime(at).isoformat()}">{text(words)}</time>')


def day(at: datetime | None, css: str = "") -> SafeString:
    """The day on which it is that time here, with the exact time in UTC behind it; nothing for None."""
    if at is None:
        return NOTHING
    shown = dates.day(timezone.localtime(at))
    return SafeString(
        f'<time{attribute("class", css)} datetime="{at.astimezone(UTC).isoformat()}">{text(shown)}</time>'
    )


def touch(words: object, side: str = "", time: object = "", at: object = "") -> SafeString:
    """One short line of what happened: the side's dot, when (`at` is the exact time, ISO 8601), and what."""
    stood = f"<time{attribute('datetime', at)}>{text(time)}</time>"
    told = f'<span class="clip">{spoken_side(side)}{text(words)}</span>'
    return SafeString(f'<div class="tp {hue(side)}">{DOT}{stood}{told}</div>')


def event(
    words: object,
    side: str = "",
    time: object = "",
    *,
    at: object = "",
    who: object = "",
    more: object = "",
    end: object = "",
) -> SafeString:
    """One entry of a record's timeline; `more` is the body, such as a note or a mail's beginning, `end` what one can do."""
    by = f' <span class="q">{text(who)}</span>' if who else ""
    stood = f"<time{attribute('datetime', at)}>{text(time)}</time>"
    body = f'<div class="more">{text(more)}</div>' if more else ""
    told = f"<div>{spoken_side(side)}{text(words)}{by}{text(end)}</div>"
    return SafeString(f'<li class="{hue(side)}">{DOT}{told}{stood}{body}</li>')


def fact(label: object, words: object, total: object = "") -> SafeString:
    """One row of a list of facts; a total is bold."""
    worn = attribute("class", "sum" if total else "")
    return SafeString(f"<div{worn}><dt>{text(label)}</dt><dd>{text(words)}</dd></div>")


def side(side: str, words: object = "", plain: object = "", css: str = "") -> SafeString:
    """A square for marketing, a circle for sales, and a word; without words the side's own name."""
    worn = f"{hue(side)}{' plain' if plain else ''}{f' {text(css)}' if css else ''}"
    return SafeString(f'<span class="side {worn}">{text(words or side_name(side))}</span>')


def side_name(side: str) -> str:
    """A side in a word."""
    return {"mkt": gettext("Marketing"), "sal": gettext("Sales"), "both": gettext("Both sides")}[hue(side)]


def figure(
    words: object,
    href: str = "",
    *,
    tone: str = "",
    title: object = "",
    css: str = "",
    attrs: Attributes = NOTHING,
) -> SafeString:
    """A number that opens its rows; without an address it is plain text. `tone` is bad, warn or q."""
    if not href:
        return SafeString(f'<span class="{text(tone)} {text(css)}">{text(words)}</span>')
    worn = f"f{f' {text(tone)}' if tone else ''}{f' {text(css)}' if css else ''}"
    told = text(title or gettext("Open the rows"))
    return SafeString(
        f'<a class="{worn}" href="{text(href)}" title="{told}"{attributes(attrs)}>{text(words)}</a>'
    )


def bdi(words: object, css: str = "") -> SafeString:
    """A name of any script, which must not turn the text around it."""
    return SafeString(f"<bdi{attribute('class', css)}>{text(words)}</bdi>")


def link(href: str, words: object, css: str = "", attrs: Attributes = NOTHING) -> SafeString:
    """Words that lead somewhere."""
    return SafeString(f'<a{attribute("class", css)} href="{text(href)}"{attributes(attrs)}>{text(words)}</a>')


def button(
    words: object = "",
    *,
    go: object = "",
    danger: object = "",
    quiet: object = "",
    big: object = "",
    wide: object = "",
    href: str = "",
    icon_name: str = "",
    key: str = "",
    label: object = "",
    kind: str = "submit",
    css: str = "",
    attrs: Attributes = NOTHING,
) -> SafeString:
    """A verb: with `href` a link. `go` is the page's one filled button, `key` the letter that presses it.

    A drawing without words needs a label. `attrs` are all other attributes (name, value, form, hx-*, data-*).
    """
    chosen = {"go": go, "danger": danger, "quiet": quiet, "big": big, "wide": wide, "ico": label}
    worn = " ".join(
        ["btn", *[name for name, is_worn in chosen.items() if is_worn], *([text(css)] if css else [])]
    )
    told = f"{attribute('aria-label', label)}{attribute('title', label)}"
    pressed = f"{attribute('data-key', key)}{attribute('aria-keyshortcuts', key)}"
    shown = f"{icon(icon_name) if icon_name else ''}{text(words)}"
    letter = f'<kbd aria-hidden="true">{text(key.upper())}</kbd>' if key else ""
    name, where = ("a", f' href="{text(href)}"') if href else ("button", f' type="{text(kind)}"')
    return SafeString(
        f'<{name} class="{worn}"{where}{told}{pressed}{attributes(attrs)}>{shown}{letter}</{name}>'
    )


def menu(
    items: object,
    label: object,
    *,
    ident: str,
    icon_name: str = "more",
    words: object = "",
    up: object = "",
    start: object = "",
    css: str = "",
    attrs: Attributes = NOTHING,
) -> SafeString:
    """A button that opens a menu, a native popover. With words they stand on the button, else a drawing the label names."""
    told = "" if words else f"{attribute('aria-label', label)}{attribute('title', label)}"
    worn = f"btn{'' if words else ' ico quiet'}{f' {text(css)}' if css else ''}"
    shown = f"{text(words)}{icon('chevron')}" if words else icon(icon_name)
    opened = f"pop{' up' if up else ''}{' start' if start else ''}"
    return SafeString(
        f'<button class="{worn}" type="button" popovertarget="{text(ident)}"{told}{attributes(attrs)}>{shown}</button>\n'
        f'<div class="{opened}" id="{text(ident)}" popover aria-label="{text(label)}" role="group">{text(items)}</div>'
    )
