"""The shared goal of the quarter: what was won of it, and where its line stands today."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar


class Won(Protocol):
    """A won deal, as far as goals count it."""

    @property
    def buyer(self) -> Hashable:
        """Who bought."""

    @property
    def value_minor(self) -> int | None:
        """What it is worth; None where that is unknown."""

    @property
    def currency(self) -> str:
        """The currency of the value."""

    @property
    def won_at(self) -> datetime:
        """When it was won."""

    @property
    def is_repeat(self) -> bool:
        """Whether the buyer bought before the quarter."""


W = TypeVar("W", bound=Won)


@dataclass(frozen=True)
class Orders(Generic[W]):
    """The won deals of a quarter: those worth something in the agreed currency, and the first one of each buyer."""

    won: tuple[W, ...]
    valued: tuple[W, ...]
    first: tuple[W, ...]
    """New customers."""
    first_valued: tuple[W, ...]

    @property
    def revenue_minor(self) -> int:
        """What the valued ones are worth."""
        return _sum(self.valued)

    @property
    def average_first_minor(self) -> int | None:
        """What a first order was worth on average; None where none has a known value."""
        return round(_sum(self.first_valued) / len(self.first_valued)) if self.first_valued else None


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the quarter: revenue in minor units or customers, what is done of it, and the line for today."""

    code: str
    """revenue or customers."""
    goal: int
    done: int
    line: int

    @property
    def share(self) -> float:
        """What is done, of the goal; a goal can be passed."""
        return self.done / self.goal

    @property
    def line_share(self) -> float:
        """Where the line stands, 0 to 1."""
        return self.line / self.goal

    @property
    def ahead(self) -> int:
        """How far above the line; below zero when behind."""
        return self.done - self.line


def orders_of(wins: Iterable[W], currency: str) -> Orders[W]:
    """Won deals parted; values in other currencies are not added up."""
    won = tuple(sorted(wins, key=lambda win: win.won_at))
    first: dict[Hashable, W] = {}
    for win in won:
        if not win.is_repeat:
            first.setdefault(win.buyer, win)
    return Orders(
        won,
        tuple(win for win in won if _is_valued(win, currency)),
        tuple(first.values()),
        tuple(win for win in first.values() if _is_valued(win, currency)),
    )


def line_of(goal: int, days: tuple[date, ...], today: date) -> int:
    """Where a goal spread evenly over business days stands at the end of `today`."""
    begun = sum(day <= today for day in days)
    return round(goal * begun / len(days)) if days else goal


def _is_valued(win: Won, currency: str) -> bool:
    return win.value_minor is not None and win.currency == currency


def _sum(wins: Iterable[Won]) -> int:
    return sum(win.value_minor or 0 for win in wins)
