"""Whether a list is asked for something it does not know (any more), so that it shows more than was meant.

A saved view or a copied address may outlive a field, a choice or a colleague. The page says so, and no bulk begins.
"""

from collections.abc import Iterable, Mapping, Sized
from typing import Any

from treaty.kit.conditions import conditions, texts
from treaty.kit.filters import Shown
from treaty.kit.lists import ListPage


def is_misread(query: Mapping[str, Any], shown: Iterable[Shown], found: Sized) -> bool:
    """Whether part of what a query asks stands neither in the filters nor among the conditions that came of it."""
    return len(dict.fromkeys(texts(query, "where"))) > len(found) or any(
        query.get(name) and not value for one in shown for name, value in _told(one).items()
    )


def misreads(listed: ListPage[Any], query: Mapping[str, Any]) -> bool:
    """The same of a list that nobody looks at."""
    shown = [one.shown(query) for one in listed.filters]
    return is_misread(query, shown, conditions(query, listed.fields))


def _told(one: Shown) -> Mapping[str, str]:
    if one.kind == "dates":
        return {f"{one.key}_from": one.value, f"{one.key}_to": one.until}
    return {one.key: one.value}
