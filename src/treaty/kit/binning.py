"""The two verbs that a bin adds to a list: put the ticked rows into it, and bring them back; each takes the other back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext
from django_stubs_ext import StrPromise as Text

from treaty.kit.bulk import Arguments, Verb
from treaty.kit.commands.bulk import Outcome


class Moves(Protocol):
    """A command that puts rows into a bin, or brings them back: those it moved."""

    def __call__(self, rows: Collection[int], /, *, at: datetime, by: int | None) -> list[int]: ...


def bin_verbs(
    of: str,
    bins: str,
    *,
    put: tuple[Text, Moves],
    back: tuple[Text, Moves],
    may: Callable[[Any], bool],
    names: Callable[[Sequence[int]], Mapping[int, str]],
) -> tuple[Verb, Verb]:
    """`<of>.bin` for the list `of`, and `<bins>.restore` for the list of what lies in the bin."""
    into = Verb(
        name=f"{of}.bin",
        of=of,
        title=put[0],
        may=may,
        read=read_nothing,
        apply=applying(put[1]),
        revert=reverting(back[1]),
        names=names,
    )
    out = Verb(
        name=f"{bins}.restore",
        of=bins,
        title=back[0],
        may=may,
        read=read_nothing,
        apply=applying(back[1]),
        revert=reverting(put[1]),
        names=names,
    )
    return into, out


def read_nothing(_sent: QueryDict) -> Arguments:
    """Nothing is asked."""
    return {}


def applying(move: Moves) -> Callable[[Sequence[int], Arguments, datetime, int], Outcome]:
    """Move rows."""

    def apply(rows: Sequence[int], _told: Arguments, at: datetime, by: int) -> Outcome:
        return Outcome(dict.fromkeys(move(rows, at=at, by=by)))

    return apply


def reverting(move: Moves) -> Callable[[Mapping[int, Any], Arguments, datetime, int], Outcome]:
    """Move rows back that still lie where they were put."""

    def revert(kept: Mapping[int, Any], _told: Arguments, at: datetime, by: int) -> Outcome:
        moved = move(list(kept), at=at, by=by)
        since = gettext("Somebody changed it since.")
        return Outcome(dict.fromkeys(moved), dict.fromkeys(kept.keys() - set(moved), since))

    return revert
