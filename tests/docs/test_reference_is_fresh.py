"""docs/reference says what the code says, and a promised API does not change unnoticed."""

import re
from pathlib import Path

import pytest

from scripts import reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_page_says_what_the_code_says(name: str) -> None:
    assert reference.read(reference.REFERENCE / name) == reference.PAGES[name](), "run `make docs`"


def test_a_stale_page_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reference, "REFERENCE", tmp_path)
    monkeypatch.setattr(reference, "PAGES", {"settings.md": reference.settings})
    assert reference.stale() == ["settings.md"]
    (tmp_path / "settings.md").write_text(reference.settings(), encoding="utf-8")
    assert reference.stale() == []


def test_every_link_between_pages_leads_somewhere(root: Path) -> None:
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    assert [f"{page.relative_to(root)}: {link}" for page in pages for link in broken(page)] == []


def broken(page: Path) -> list[str]:
    """The relative links and pictures of a page that lead to no file."""
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    return [link for link in links if not (page.parent / link).exists()]


def test_a_planted_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[here](nowhere.md) and [there](page.md)", encoding="utf-8")
    assert broken(page) == ["nowhere.md"]
