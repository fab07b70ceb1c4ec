"""What the shell's components compute, and what the built front end may weigh."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from treaty.kit.markup import bar_parts, hue
from treaty.kit.templatetags.look import undo_of

KIT = Path(__file__).resolve().parents[1]
BUILT = KIT / "static" / "kit"
COMPONENTS = sorted((KIT / "templates" / "cotton").glob("*.html"))
OPENING = re.compile(
    r"(\{% load [\w ]+ %\})?\{% comment %\}.*?\{% endcomment %\}(<c-vars[^>]*/>)?(?=[<{])", re.DOTALL
)


@pytest.mark.parametrize(
    ("side", "expected"),
    [("marketing", "mkt"), ("Sales", "sal"), ("sal", "sal"), ("", "both"), (None, "both")],
)
def test_a_side_wears_its_own_hue_and_what_is_shared_wears_ink(side: object, expected: str) -> None:
    assert hue(side) == expected


def test_the_parts_of_a_bar_follow_each_other_and_fill_it() -> None:
    parts = bar_parts(84, 4, 2, 6)
    assert [part.kind for part in parts] == ["kept", "broken", "excused", "open"]
    ends = [float(part.x) + float(part.width) for part in parts]
    assert [float(part.x) for part in parts[1:]] == pytest.approx(ends[:-1], abs=0.002)
    assert ends[-1] == pytest.approx(100, abs=0.002)


def test_one_broken_promise_among_a_thousand_can_be_seen() -> None:
    broken = bar_parts(1000, 1, 0, 0)[1]
    assert float(broken.width) > 2


@pytest.mark.parametrize("counted", [(0, 0, 0, 0), ("", "", "", ""), (None, "0", -1, "x")])
def test_a_bar_of_nothing_has_no_parts(counted: tuple[object, ...]) -> None:
    assert bar_parts(*counted) == []


def test_a_message_brings_the_undo_of_its_toast() -> None:
    message = SimpleNamespace(extra_tags="undo DELETE /deals/7/move", level_tag="success")
    assert undo_of(message) == ("/deals/7/move", "DELETE", False)


@pytest.mark.parametrize("tags", ["", None, "undo", "wide undo"])
def test_other_tags_are_no_undo(tags: str | None) -> None:
    assert undo_of(SimpleNamespace(extra_tags=tags, level_tag="error")) == ("", "POST", True)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_says_what_it_takes_and_leaves_no_space_around_itself(path: Path) -> None:
    # A space before a comma or inside a bracket would be seen wherever the component stands in a sentence.
    source = path.read_text(encoding="utf-8")
    assert OPENING.match(source)
    assert source == source.rstrip()


def weight(*names: str) -> int:
    """Bytes of built files as they travel."""
    return sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in names)


def test_style_stays_under_twenty_kilobytes_and_the_first_load_leaves_room_for_the_page() -> None:
    assert weight("treaty.css") < 20_000
    # 150 kB in all; the page itself may take the other half.
    assert weight("treaty.css", "treaty.js", "board.js", "icons.svg") < 75_000


NAMED_IN_TEMPLATES = re.compile(
    r'<c-icon name="([\w-]+)"|<c-(?:button|menu)[^>]* icon="([\w-]+)"'
    r'|\{% icon "([\w-]+)"|\{% (?:button|menu) [^%]*icon="([\w-]+)"'
)
NAMED_IN_PYTHON = re.compile(r'\bicon\("([\w-]+)"|icon_name="([\w-]+)"')


def test_every_icon_that_is_named_somewhere_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (BUILT / "icons.svg").read_text(encoding="utf-8")))
    pages = [(path, NAMED_IN_TEMPLATES) for path in KIT.parent.rglob("templates/**/*.html")]
    modules = [
        (path, NAMED_IN_PYTHON)
        for path in KIT.parent.rglob("*.py")
        if "tests" not in path.relative_to(KIT.parent).parts
    ]
    found = [pattern.findall(path.read_text(encoding="utf-8")) for path, pattern in (*pages, *modules)]
    named = {name for names in found for each in names for name in each if name}
    assert len(named) > 20
    assert named - drawn == set()
