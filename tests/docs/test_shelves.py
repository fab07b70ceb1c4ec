"""The picture of the shelves shows the nouns that are there, in their order; and each of them has its README."""

import re
from pathlib import Path

from treaty.settings import NOUNS

NAME = re.compile(r'<text class="noun"[^>]*>([a-z]+)</text>')


def drawn(picture: str) -> list[str]:
    """The nouns of a picture, from the top down."""
    return NAME.findall(picture)


def ordered(contracts: str) -> list[str]:
    """The nouns on the shelves of .importlinter, from the top down; siblings as they are written."""
    layers = contracts.split("layers =", 1)[1].split("ignore_imports", 1)[0]
    lines = [line.strip() for line in layers.splitlines() if line.strip() and "#" not in line]
    return [noun.strip() for line in lines[1:] for noun in line.split("|")]


def test_the_picture_shows_the_shelves_as_they_are(root: Path) -> None:
    picture = (root / "docs/images/shelves.svg").read_text(encoding="utf-8")
    assert drawn(picture) == ordered((root / ".importlinter").read_text(encoding="utf-8"))
    assert sorted(drawn(picture)) == sorted(NOUNS)


def test_a_noun_that_is_not_drawn_is_found() -> None:
    layers = "layers =\n    cli : urls\n    deals\n    # Siblings.\n    capture | mail\nignore_imports ="
    picture = '<text class="noun" x="1">deals</text><text class="noun" x="1">mail</text>'
    assert drawn(picture) == ["deals", "mail"]
    assert ordered(layers) == ["deals", "capture", "mail"]


def test_every_noun_says_in_a_readme_what_it_is(root: Path) -> None:
    assert [noun for noun in NOUNS if not (root / "src/treaty" / noun / "README.md").exists()] == []
