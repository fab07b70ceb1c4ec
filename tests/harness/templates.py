"""A template variable that does not exist fails the test that shows it."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
OURS = (str(REPOSITORY / "src"), str(REPOSITORY / "tests"))


class UndefinedVariable(Exception):
    """A template of ours shows a variable that its view did not give."""


class Undefined(str):
    """Stands for a missing variable: empty and false, so `if` and `|default` may ask, but loud when shown."""

    __slots__ = ()

    def __str__(self) -> str:
        name, origin = shown_by(sys._getframe(1))
        if origin.startswith(OURS):
            raise UndefinedVariable(f"{name} in {origin}")
        return ""

    def __format__(self, spec: str) -> str:
        return str(self)

    def __html__(self) -> str:
        return str(self)


def shown_by(frame: FrameType | None) -> tuple[str, str]:
    """The text of the template node that is being rendered, and the file it stands in."""
    while frame:
        node: Any = frame.f_locals.get("self")
        origin = getattr(node, "origin", None)
        if origin is not None and hasattr(node, "token"):
            return f"{{{{ {node.token.contents} }}}} on line {node.token.lineno}", str(origin.name)
        frame = frame.f_back
    return "a variable", "unknown"
