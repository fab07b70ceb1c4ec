"""A predicate asked of everybody at once: compiled to one statement of Ibis. Slow to import, so imported when asked."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from treaty.segments.bulk.compiling import Compiler
from treaty.segments.bulk.engine import Engine, Installed
from treaty.segments.bulk.lake import Lake
from treaty.segments.rules import Predicate
from treaty.warehouse import queries as warehouse

__all__ = ["Compiler", "Engine", "Installed", "Lake", "everybody"]


@contextmanager
def everybody(trees: Collection[Predicate], at: datetime) -> Iterator[Engine]:
    """The engine for questions about everybody: the lake where there is one that is fresh, else the database."""
    with ExitStack() as stack:
        yield _entered(stack, trees, at)


def _entered(stack: ExitStack, trees: Collection[Predicate], at: datetime) -> Engine:
    try:
        return Lake(stack.enter_context(warehouse.bench()), trees, at)
    except warehouse.NoLake:
        return stack.enter_context(Installed())
