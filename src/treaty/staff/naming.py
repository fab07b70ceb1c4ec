"""What the things are called that the audit tells about. Nouns above offer theirs as `AUDITED` in their `urls.py`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django_stubs_ext import StrPromise

from treaty.kit.nouns import offered
from treaty.staff import queries
from treaty.staff.queries import AuditLine, User

Key = tuple[str, int]
"""A kind of thing, and its id."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing by its name, and where it is to be seen; without an address it is gone, or has no page."""

    name: str
    url: str = ""


Names = Callable[[User, Collection[int]], Mapping[int, Thing]]
"""The things of some ids that a reader may see, all of them in one question."""


@dataclass(frozen=True)
class Audited:
    """A kind of thing of a higher noun: what it, its verbs and its fields are called, and how its things are found."""

    kind: str
    label: StrPromise
    names: Names
    verbs: Mapping[str, StrPromise] = field(default_factory=dict)
    fields: Mapping[str, StrPromise] = field(default_factory=dict)
    own: Callable[[], Mapping[str, StrPromise | str]] | None = None
    """Names of fields that a company defined."""


def by_name(visible: Callable[[User], "QuerySet[Any]"], path: str) -> Names:
    """Finds things by their column `name` among those a reader sees; `path` holds a place for the id."""

    def names(user: User, ids: Collection[int]) -> Mapping[int, Thing]:
        rows = visible(user).filter(pk__in=ids).values_list("pk", "name")
        return {pk: Thing(name, path.format(pk)) for pk, name in rows}

    return names


def audited() -> Iterator[Audited]:
    """What the nouns above offer."""
    for _noun, kinds in offered("urls", "AUDITED"):
        yield from kinds


def things(user: User, wanted: Iterable[Key], known: Mapping[Key, Thing]) -> dict[Key, Thing]:
    """The things of the wanted keys: those known already, one question for each other kind, and one for what is gone.

    What is gone has the name that the audit itself tells.
    """
    by_kind: dict[str, set[int]] = defaultdict(set)
    found = dict(known)
    for kind, pk in wanted:
        if (kind, pk) not in found:
            by_kind[kind].add(pk)
    for one in audited():
        if ids := by_kind.get(one.kind):
            found |= {(one.kind, pk): thing for pk, thing in one.names(user, ids).items()}
    gone = {(kind, pk) for kind, ids in by_kind.items() for pk in ids} - found.keys()
    told = queries.names_told(gone) if gone else {}
    return found | {key: Thing(name) for key, name in told.items()}


def referred(lines: Iterable[AuditLine], refers: Mapping[str, str]) -> Iterator[Key]:
    """What lines are about, and what their changed fields point to: {field: kind}."""
    for line in lines:
        if line.about_id is not None:
            yield line.about_kind, line.about_id
        for name, pair in line.changes.items():
            if name in refers:
                yield from ((refers[name], value) for value in pair if isinstance(value, int))
