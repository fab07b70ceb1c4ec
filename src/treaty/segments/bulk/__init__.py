"""A predicate asked of everybody at once: compiled to one statement of Ibis. Slow to import, so imported when asked."""

from treaty.segments.bulk.compiling import Compiler
from treaty.segments.bulk.engine import Engine, Installed

__all__ = ["Compiler", "Engine", "Installed"]
