"""Weeks of sales and spending as arrays: what must hold before anything is computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from treaty.kit.rules.refusals import Refused

Floats = NDArray[np.float64]

LEAST_WEEKS = 52
ALIKE = 0.999
"""Correlation of two media's spending from which on they are one."""
FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")


@dataclass(frozen=True)
class Weeks:
    """Sales and what was spent, week by week: each row once, no gap.

    `days`: first day of each week since 1970-01-01, (weeks,). `sales`: (weeks,), money or pieces. `media`: (media, weeks),
    spending in any unit. `controls`: (controls, weeks), what else moved sales: events, prices.
    """

    days: NDArray[np.int64]
    sales: Floats
    media: Floats
    controls: Floats

    def __post_init__(self) -> None:
        """Raises Refused: not_finite, negative, no_sales, flat, unsorted, gap, one_channel, unspent, too_few, constant, alike."""
        for name, values in (("sales", self.sales), ("media", self.media), ("controls", self.controls)):
            if not np.isfinite(values).all():
                row = int(np.argmin(np.isfinite(np.atleast_2d(values)).all(axis=0))) + 1
                raise Refused(
                    "not_finite",
                    f"Row {row} has no number among the {name}; write 0 where nothing was spent.",
                )
        if (self.media < 0).any():
            medium, row = (int(place) + 1 for place in np.argwhere(self.media < 0)[0])
            raise Refused("negative", f"Row {row}: medium {medium} cannot spend less than 0.")
        if not self.sales.sum() > 0:
            raise Refused("no_sales", "Sales must add up to more than 0; shares of nothing cannot be told.")
        if np.ptp(self.sales) <= 1e-9 * np.abs(self.sales).max():
            raise Refused("flat", "Sales were the same every week: nothing tells what moved them.")
        _judge_order(self.days)
        _judge_media(self.media)


def dates(texts: Sequence[str]) -> NDArray[np.int64]:
    """Days since 1970-01-01 of dates in one of the usual forms, (rows,); where day and month could be either, the form
    in which all rows are a week apart.

    Raises Refused: bad_date.
    """
    read = [days for form in FORMS if (days := _read(texts, form)) is not None]
    if not read:
        row = max(_leading(texts, form) for form in FORMS)
        raise Refused(
            "bad_date", f'Row {row + 1}: "{texts[row]}" is not a date such as 2026-01-31 or 1/31/2026.'
        )
    weekly = [days for days in read if len(days) > 1 and (np.diff(days) == 7).all()]
    return (weekly or read)[0]


def _read(texts: Sequence[str], form: str) -> NDArray[np.int64] | None:
    try:
        found = [datetime.strptime(text.partition(" ")[0], form).toordinal() for text in texts]  # noqa: DTZ007 - a day
    except ValueError:
        return None
    return np.array(found, dtype=np.int64) - date(1970, 1, 1).toordinal()


def _leading(texts: Sequence[str], form: str) -> int:
    """How many rows from the first on are dates in that form."""
    low, high = 0, len(texts) - 1  # all of them are not
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _read(texts[: middle + 1], form) is not None else (low, middle)
    return low


def _judge_order(days: NDArray[np.int64]) -> None:
    steps = np.diff(days)
    if (steps <= 0).any():
        raise Refused(
            "unsorted", f"Row {int(np.argmax(steps <= 0)) + 2} is not later than the row before it."
        )
    if (steps != 7).any():
        raise Refused(
            "gap",
            f"Row {int(np.argmax(steps != 7)) + 2} is not one week after the row before it: give every week once.",
        )


def _judge_media(media: Floats) -> None:
    spent = media > 0
    if len(media) < 2:
        raise Refused(
            "one_channel", "Shares need two media at least; one alone cannot be told from the season."
        )
    if not spent.any(axis=1).all():
        raise Refused("unspent", f"Medium {int(np.argmin(spent.any(axis=1))) + 1} has never spent anything.")
    # A medium runs from the first week that it spent in to the last one; pauses are part of it.
    runs = spent.cumsum(axis=1).astype(bool) & spent[:, ::-1].cumsum(axis=1)[:, ::-1].astype(bool)
    both = int((runs.sum(axis=0) >= 2).sum())
    if both < LEAST_WEEKS:
        raise Refused(
            "too_few",
            f"Two media have been spending for {both} weeks only; below {LEAST_WEEKS} the season and"
            " the media cannot be told apart.",
        )
    if (np.ptp(media, axis=1) <= 1e-9 * media.max(axis=1)).any():
        raise Refused(
            "constant", "A medium that spends the same every week cannot be told from the other sales."
        )
    tied = np.argwhere(np.triu(np.corrcoef(media), 1) > ALIKE)
    if len(tied):
        one, other = (int(place) + 1 for place in tied[0])
        text = f"Media {one} and {other} rise and fall as one: nothing tells which of them brought what."
        raise Refused("alike", f"{text} Add them up and give their sum.")
