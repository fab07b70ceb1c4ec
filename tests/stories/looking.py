"""Looking at a page as a demanding visitor does: width, weight, inline styles, accessibility."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, Response

from tests.harness.browser import COLOURS

MOST_BYTES = 150_000
"""interface.md, quality bars: the first load of any page, compressed."""
INLINE = re.compile(rb"<style\b|<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
PACKED = ("text/", "javascript", "json", "svg")
NEEDED = """() => performance.getEntriesByType("resource").map(entry => entry.name)"""
SCHEME = """() => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light" """
STILL = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { transition: none !important }");
  document.adoptedStyleSheets.push(still);
}"""
"""Colours change from one scheme to the other at once."""
WIDTH = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  const out = [...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1);
  });
  return `${document.documentElement.scrollWidth} wide: ` + out.slice(-1).map(one => one.outerHTML.slice(0, 120));
}"""


@dataclass
class Looker:
    """Opens pages in one look, and keeps every fault it finds."""

    page: Page
    axe: Callable[..., None]
    recoloured: str = ""
    """The other colour scheme, in which the colours of each page are looked at, too, when it is opened first."""
    recoloured_paths: set[str] = field(default_factory=set)
    narrower: tuple[int, ...] = ()
    weigh: bool = False
    faults: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)
    """Addresses of pages that lead to a spreadsheet of their rows."""

    def look(self, who: str, path: str) -> None:
        """Open a page and look at all of it."""
        name = f"{path} as {who or 'nobody'}"
        try:
            answer = self.page.goto(path)
        except Error as failure:
            self.faults.append(f"{name}: {failure.message.splitlines()[0]}")
            return
        if answer is None or answer.status != 200:
            self.faults.append(f"{name}: answers {answer.status if answer else 'nothing'}")
            return
        if urlsplit(self.page.url).path != path.partition("?")[0] and "/key/" not in path:
            self.faults.append(f"{name}: leads to {self.page.url}")
        self.source(name, answer)
        if b"format=csv" in answer.body():
            self.linked.add(path)
        self.axe_finds_nothing(name)
        self.fits(name)

    def source(self, name: str, answer: Response) -> None:
        """No inline style or handler in what was sent; and not too much of it."""
        body = answer.body()
        if found := INLINE.search(body):
            self.faults.append(f"{name}: inline style or script {found.group()[:80]!r}")
        if not self.weigh:
            return
        weight = packed(body) + sum(self.size(each) for each in self.page.evaluate(NEEDED))
        self.weights[name] = weight
        if weight > MOST_BYTES:
            self.faults.append(f"{name}: {weight:,} bytes compressed on the first load")

    def size(self, address: str) -> int:
        """The compressed bytes of something the page needs."""
        if address not in self.sizes:
            found = self.page.request.get(address)
            kind = found.headers.get("content-type", "")
            body = found.body()
            self.sizes[address] = packed(body) if any(part in kind for part in PACKED) else len(body)
        return self.sizes[address]

    def axe_finds_nothing(self, name: str) -> None:
        """Every broken rule is kept, and the tour goes on."""
        try:
            self.axe(self.page)
            path = urlsplit(self.page.url).path
            if self.recoloured and path not in self.recoloured_paths:
                self.recoloured_paths.add(path)
                self.colours_are_sound()
        except pytest.fail.Exception as broken:
            self.faults.append(f"{name}: {broken}")

    def colours_are_sound(self) -> None:
        """The same page in the other colours, without asking for it again."""
        before = self.page.evaluate(SCHEME)
        self.page.evaluate(STILL)
        self.page.emulate_media(color_scheme=self.recoloured)  # type: ignore[arg-type]  # a scheme
        try:
            self.axe(self.page, COLOURS)
        finally:
            self.page.emulate_media(color_scheme=before)

    def fits(self, name: str) -> None:
        """Nothing is wider than the screen, nor than narrower ones."""
        before: Any = self.page.viewport_size
        for width in (before["width"], *self.narrower):
            if self.page.viewport_size["width"] != width:  # type: ignore[index]  # every page here has a size
                self.page.set_viewport_size({"width": width, "height": before["height"]})
            if wide := self.page.evaluate(WIDTH):
                self.faults.append(f"{name}: at {width} it is {wide}")
        if self.narrower:
            self.page.set_viewport_size(before)


def packed(body: bytes) -> int:
    """Bytes as a server would send them."""
    return len(gzip.compress(body, 6))
