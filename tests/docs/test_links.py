"""Every page of the documentation is led to, and every link inside the repository leads somewhere."""

import re
from pathlib import Path

import pytest

LINK = re.compile(r"\]\((?!\w+://|mailto:)([^)#\s]+)")


def pages(root: Path) -> list[Path]:
    """What people read: the pages at the top, in docs, and of the nouns."""
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("src/treaty/*/README.md")])


def leading(page: Path) -> list[Path]:
    """Where the links of a page lead."""
    return [(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8"))]


def lost(root: Path) -> list[str]:
    """Links that lead nowhere."""
    return [
        f"{page.relative_to(root)}: {to}" for page in pages(root) for to in leading(page) if not to.exists()
    ]


def unreached(root: Path) -> list[str]:
    """Pages of docs that no page leads to; a decision is found in its folder."""
    reached = {to for page in pages(root) for to in leading(page) if to != page}
    found = {page for page in root.resolve().glob("docs/**/*.md") if page.parent.name != "decisions"}
    return sorted(str(page.relative_to(root.resolve())) for page in found - reached)


def test_every_link_leads_somewhere(root: Path) -> None:
    assert lost(root) == []


def test_every_page_is_led_to(root: Path) -> None:
    assert unreached(root) == []


@pytest.mark.parametrize("text", ["[Install](docs/away.md)", "![A picture](docs/images/away.png)"])
def test_a_planted_dead_link_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert len(lost(tmp_path)) == 1


def test_a_planted_page_that_nobody_leads_to_is_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "alone.md").write_text("[Me](alone.md)", encoding="utf-8")
    assert unreached(tmp_path) == ["docs/alone.md"]
