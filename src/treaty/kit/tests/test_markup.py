"""The components drawn in Python: nothing a person typed becomes markup, and the template's ways draw the same."""

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.template import engines
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django_cotton.compiler_regex import CottonCompiler

from treaty.kit import markup

HOSTILE = """"><script>alert('x')</script>&"""
AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)

DRAWN: dict[str, Callable[[str], SafeString]] = {
    "text": lambda words: SafeString(markup.text(words)),
    "join": lambda words: markup.join(words, SafeString("<b>"), words),
    "icon": lambda words: markup.icon(words, css=words, label=words),
    "tag": lambda words: markup.tag(words, tone=words, side=words, title=words),
    "avatar": lambda words: markup.avatar(words, side=words, size=words),
    "grade": lambda words: markup.grade(words, title=words),
    "clock": lambda words: markup.clock(words, words, words, due=words, side=words, css=words),
    "running clock": lambda words: markup.clock("run", words, words),
    "bar": lambda words: markup.bar(words, words, side=words),
    "when": lambda words: markup.when(AT, words, css=words),
    "touch": lambda words: markup.touch(words, words, words, at=words),
    "event": lambda words: markup.event(words, words, words, at=words, who=words, more=words),
    "side": lambda words: markup.side(words, words, css=words),
    "figure": lambda words: markup.figure(words, words, tone=words, title=words, css=words),
    "plain figure": lambda words: markup.figure(words, tone=words, css=words),
    "link": lambda words: markup.link(words, words, css=words, attrs={"data-x": words}),
    "button": lambda words: markup.button(words, icon_name=words, key=words, label=words, css=words),
    "link as a button": lambda words: markup.button(
        words, href=words, attrs={"data-x": words, "hidden": True}
    ),
}


class Seen(HTMLParser):
    """The tags and attributes a browser would make of a piece."""

    def __init__(self, piece: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[str]]] = []
        self.feed(piece)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [name for name, _ in attrs]))


@pytest.mark.parametrize("name", DRAWN)
def test_what_a_person_typed_stays_text(name: str) -> None:
    draw = DRAWN[name]
    assert Seen(draw(HOSTILE)).tags == Seen(draw("words")).tags
    assert "<script" not in draw(HOSTILE)


def test_what_is_marked_safe_is_drawn_as_it_is() -> None:
    assert markup.tag(SafeString("<bdi>Ann</bdi>")) == '<span class="tag"><bdi>Ann</bdi></span>'


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (0, "0"), (1.5, "1.5"), ("a<b", "a&lt;b")])
def test_a_value_is_text_and_nothing_is_nothing(value: object, shown: str) -> None:
    assert markup.text(value) == shown


PAIRS = {
    "<c-tag tone='due' title='t'>a &amp; b</c-tag>": markup.tag(SafeString("a &amp; b"), "due", title="t"),
    "<c-tag side='sales'>x</c-tag>": '<span class="tag hue sal">x</span>',
    "<c-avatar name='Zofia Wiśniewska' side='sales' size='small' />": (
        '<span class="av sal small" aria-hidden="true">ZW</span>'
    ),
    "<c-grade value='B1' title='Fit B' />": '<span class="gr lesser" title="Fit B">B1</span>',
    "<c-grade value='A2' />": '<span class="gr">A2</span>',
    "<c-grade value='' />": "",
    "<c-bar side='sales' />": (
        '<svg class="bar sal" aria-hidden="true"><rect class="open" width="100%" height="100%"/></svg>'
    ),
    "<c-clock row state='due' share='8' words='18 min left' side='sales' />": markup.clock(
        "due", 8, "18 min left", side="sales", row=True
    ),
    "<c-side side='marketing' />": '<span class="side mkt">Marketing</span>',
    "<c-touch side='sales' time='3 Mar'>Call</c-touch>": markup.touch("Call", "sales", "3 Mar"),
    "<c-event side='' time='3 Mar' more='m'>Call</c-event>": markup.event("Call", "", "3 Mar", more="m"),
    "<c-figure href='/x' tone='bad' data-y='1'>7</c-figure>": (
        '<a class="f bad" href="/x" title="Open the rows" data-y="1">7</a>'
    ),
    "<c-button go key='a' name='x' value='1'>Accept</c-button>": (
        '<button class="btn go" type="submit" data-key="a" aria-keyshortcuts="a" name="x" value="1">'
        'Accept<kbd aria-hidden="true">A</kbd></button>'
    ),
    "<c-button href='/x' quiet icon='close' label='Close' />": markup.button(
        href="/x", quiet=True, icon_name="close", label="Close"
    ),
    "{% icon 'done' css='flip' label='Done' %}": markup.icon("done", "flip", "Done"),
}


@pytest.mark.parametrize("source", PAIRS)
def test_the_component_and_the_tag_draw_what_the_function_draws(source: str) -> None:
    assert engines["django"].from_string(CottonCompiler().process(source)).render() == PAIRS[source]


def test_a_clock_draws_its_ring_as_far_as_time_is_left() -> None:
    assert 'stroke-dasharray="8 100"' in markup.clock("due", 8, "18 min left")
    assert "stroke-dasharray" not in markup.clock("late", 0, "12 min over")


def test_a_day_is_the_day_here_and_the_moment_behind_it_is_exact() -> None:
    with timezone.override("Europe/Warsaw"):
        drawn = markup.day(AT)
    assert drawn == '<time datetime="2026-11-20T23:30:00+00:00">21 Nov 2026</time>'
    assert markup.day(None) == ""


def test_what_is_the_same_for_everybody_is_drawn_once_for_each_language() -> None:
    source = "{% fixed %}{% get_current_language as spoken %}{{ spoken }}{% endfixed %} {{ name }}"
    drawn = engines["django"].from_string(source)
    with translation.override("en"):
        assert [drawn.render({"name": name}) for name in ("Ann", "Bo")] == ["en Ann", "en Bo"]
    with translation.override("ar"):
        assert drawn.render({"name": "Cy"}) == "ar Cy"
