"""Counts and sums of deals: of all that stand there, less those in the bin.

To ask each deal whether it is in the bin takes as long again as to count it, and those in the bin are few.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.db.models.lookups import In
from django.db.models.sql.where import WhereNode

from treaty.deals.models import BinnedDeal, Deal
from treaty.deals.queries.bin import binned_deals
from treaty.kit.composed import Composed
from treaty.kit.together import Question


class Counted(NamedTuple):
    """How many deals there are, how many of them have a known value, and the sum of those."""

    number: int
    known: int
    minor: int | None


def counts(rows: "QuerySet[Deal]", *by: str) -> "QuerySet[Deal, tuple[Any, ...]]":
    """Of some rows what `less` takes: what they are grouped by, then a `Counted`."""
    grouped = rows.order_by().values_list(*by)
    return grouped.annotate(all_of_them=Count("*"), known=Count("value_minor"), total=Sum("value_minor"))


def in_bin_of(rows: "QuerySet[Deal]") -> "QuerySet[Deal]":
    """Those of some rows that are in the bin, or went from there for good."""
    return rows.filter(pk__in=binned_deals())


def less(
    everything: Iterable[tuple[Any, ...]], binned: Iterable[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Counted]:
    """What is left of each group without the bin; groups of which nothing is left are left out."""
    gone = dict(_parted(binned))
    found: dict[tuple[Any, ...], Counted] = {}
    for group, here in _parted(everything):
        taken = gone.get(group, Counted(0, 0, None))
        if left := here.number - taken.number:
            known = here.known - taken.known
            found[group] = Counted(left, known, (here.minor or 0) - (taken.minor or 0) if known else None)
    return found


def summed(rows: "QuerySet[Any]") -> dict[str, int | None]:
    """The sum of some rows by currency."""
    if not _are_all(rows):
        return dict(rows.order_by().values_list("currency").annotate(Sum("value_minor")))
    gone = {currency: (known, minor or 0) for currency, known, minor in BINNED.rows()}
    found: dict[str, int | None] = {}
    for currency, known, minor in ALL.rows():
        taken, less_minor = gone.get(currency, (0, 0))
        found[currency] = minor - less_minor if known > taken else None
    return found


def asked_for_sums(rows: "QuerySet[Any]") -> list[Question]:
    """What `summed` asks for some rows, as far as it does not depend on them."""
    return [ALL.question(), BINNED.question()] if _are_all(rows) else []


def _values(rows: "QuerySet[Deal]") -> "QuerySet[Deal, tuple[Any, ...]]":
    """By currency, how many values are known, and their sum; that the rows are counted, too, takes its time."""
    return (
        rows.order_by().values_list("currency").annotate(known=Count("value_minor"), total=Sum("value_minor"))
    )


ALL = Composed(lambda: _values(Deal.objects.all()), places="")
BINNED = Composed(lambda: _values(in_bin_of(Deal.objects.all())), places="")


def _are_all(rows: "QuerySet[Any]") -> bool:
    """Whether some rows are all that are not in the bin."""
    parts = rows.query.where.children
    return len(parts) == 1 and _leaves_out_the_bin(parts[0])


def _leaves_out_the_bin(part: Any) -> bool:
    """Whether a part of a condition is that of `visible_deals`."""
    if not isinstance(part, WhereNode) or not part.negated or len(part.children) != 1:
        return False
    (condition,) = part.children
    return isinstance(condition, In) and getattr(condition.rhs, "model", None) is BinnedDeal


def _parted(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], Counted]]:
    return ((row[:-3], Counted(*row[-3:])) for row in rows)
