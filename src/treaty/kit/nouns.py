"""What the nouns of the house offer the root: the root's modules gather it here instead of listing every noun."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.conf import settings


def modules(name: str) -> Iterator[tuple[str, ModuleType]]:
    """Each noun that has a module of this name, with that module, from the ground up to the doors."""
    yield from _modules(name, tuple(settings.NOUNS))


@cache
def _modules(name: str, nouns: tuple[str, ...]) -> list[tuple[str, ModuleType]]:
    """Looked for once a process: pages ask for each line they show."""
    return [
        (noun, import_module(f"treaty.{noun}.{name}"))
        for noun in reversed(nouns)
        if find_spec(f"treaty.{noun}.{name}")
    ]


def offered(module: str, attribute: str) -> Iterator[tuple[str, Any]]:
    """Each noun whose module offers the attribute, with what it offers, from the ground up to the doors."""
    for noun, found in modules(module):
        if hasattr(found, attribute):
            yield noun, getattr(found, attribute)
