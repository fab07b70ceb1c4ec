"""Templates and styles: every text goes through gettext, nothing is inline, no side of the page is called left."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.architecture import sources

SPOKEN = {
    "alt",
    "aria-label",
    "aria-description",
    "content",
    "label",
    "placeholder",
    "title",
    "heading",
    "summary",
}
"""Attributes that people read or hear."""
UNSPOKEN = {"c-code", "code", "kbd", "pre", "samp", "script", "style"}
NAMES = {"treaty"}
LETTERS = re.compile(r"[^\W\d_]{2,}")
PHYSICAL = re.compile(r"(?<![\w-])(left|right)(?![\w-])|-(left|right)(?=\s*[:;-]|\s)")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(rgb|rgba|hsl|hsla|oklch|lab|lch)\(")


def bare(source: str) -> str:
    """The template without its tags, variables and translated blocks: what is left is markup and raw text."""
    kept, translated, commented = [], False, False
    for token in Lexer(source).tokenize():
        word = (token.split_contents() or [""])[0] if token.token_type is TokenType.BLOCK else ""
        if word in {"blocktranslate", "blocktrans", "endblocktranslate", "endblocktrans"}:
            translated = not word.startswith("end")
        if word in {"comment", "endcomment"}:
            commented = word == "comment"
        if token.token_type is TokenType.TEXT and not translated and not commented:
            kept.append(token.contents)
    return "".join(kept)


class Reader(HTMLParser):
    """Collects what a person would read and what must not stand in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNSPOKEN or given.get("translate") == "no" or (self.open and tag == self.open[-1]):
            self.open.append(tag)
        self.texts += [
            value for name, value in given.items() if name in SPOKEN and self.speaks(tag, name, given)
        ]
        self.inline += [
            f"{tag} {name}" for name in given if name == "style" or name.startswith(("on", "hx-on"))
        ]
        self.inline += [
            f"{tag} {name}" for name, value in given.items() if value.strip().startswith("javascript:")
        ]
        if tag == "style" or (tag == "script" and "src" not in given and "json" not in given.get("type", "")):
            self.inline.append(f"<{tag}>")

    @staticmethod
    def speaks(tag: str, name: str, given: dict[str, str]) -> bool:
        """Whether this attribute holds words; of <meta> only the description does."""
        return name != "content" or given.get("name") == "description"

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open:
            self.texts.append(data)


def read(source: str) -> Reader:
    """The page as a reader meets it."""
    reader = Reader()
    reader.feed(bare(source))
    reader.close()
    return reader


def untranslated(source: str) -> list[str]:
    """Texts with words that stand outside gettext."""
    texts = (text.strip() for text in read(source).texts)
    return [text for text in texts if {word.lower() for word in LETTERS.findall(text)} - NAMES]


def outside_comments(css: str) -> str:
    """A style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def all_found(paths: list[Path], find: object) -> list[str]:
    """Where a check found something, with the file's name before it."""
    assert callable(find)
    return [
        f"{sources.name(path)}: {text}" for path in paths for text in find(path.read_text(encoding="utf-8"))
    ]


def test_every_text_of_a_template_is_translated() -> None:
    assert all_found(sources.templates(), untranslated) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<input placeholder="Search">',
        "<p>{% translate 'Hello' %} you</p>",
        "<button aria-label='Close'>x</button>",
        "<code>ok</code> Hello",
        "{# a note #} Hello",
    ],
)
def test_a_planted_text_is_found(source: str) -> None:
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% translate 'Hello' %}",
        "{% blocktranslate count n=n %}one{% plural %}many{% endblocktranslate %}",
        '<input placeholder="{% translate "Search" %}">',
        "{# a note #}<p>{{ person.name }} · 1</p>",
        "<code>make demo</code>",
        "<title>Treaty</title>",
        "{% comment %}words{% endcomment %}",
    ],
)
def test_translated_text_and_names_are_left_alone(source: str) -> None:
    assert untranslated(source) == []


def test_no_template_holds_inline_style_script_or_handler() -> None:
    assert all_found(sources.templates(), lambda source: read(source).inline) == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        '<p onclick="go()">',
        "<script>go()</script>",
        "<style>p {}</style>",
        '<a href="javascript:go()">',
    ],
)
def test_a_planted_inline_thing_is_found(source: str) -> None:
    assert read(source).inline


def physical(css: str) -> list[str]:
    """Lines that name a side of the screen instead of a side of the text."""
    return [line.strip() for line in outside_comments(css).splitlines() if PHYSICAL.search(line)]


def test_layout_knows_start_and_end_only() -> None:
    assert all_found(sources.styles(), physical) == []


@pytest.mark.parametrize(
    "css",
    ["margin-left: 1px;", "left: 0", "text-align: right;", "border-top-left-radius: 2px", "float: left"],
)
def test_a_planted_side_is_found(css: str) -> None:
    assert physical(css)


def test_logical_sides_are_left_alone() -> None:
    assert physical("/* left */ margin-inline-start: 1px; inset-inline-end: 0; .copyright { gap: 0 }") == []


def literal_colours(css: str) -> list[str]:
    """Lines with a colour that is no token."""
    return [line.strip() for line in outside_comments(css).splitlines() if COLOUR.search(line)]


def test_colours_come_from_the_tokens() -> None:
    assert all_found([path for path in sources.styles() if path.name != "tokens.css"], literal_colours) == []


@pytest.mark.parametrize("css", ["color: #fff;", "color: rgb(0 0 0);", "background: oklch(50% 0 0)"])
def test_a_planted_colour_is_found(css: str) -> None:
    assert literal_colours(css)
