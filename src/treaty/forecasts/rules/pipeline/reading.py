"""Deals as other systems write them: words for won, for stages that are ends, values that come with the end."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from treaty.forecasts.rules.pipeline.deals import Deals, of_rows

Floats = NDArray[np.float64]

YES = {"1", "1.0", "true", "t", "yes", "y", "won", "closed won", "closedwon"}
ENDS = {"won", "lost", "closed won", "closed lost", "closedwon", "closedlost", ""}


@dataclass(frozen=True)
class Columns:
    """A file's columns, (rows,): days since 1970-01-01 (NaN where empty), texts, values. `deal`: which rows belong
    together, None where each row is a deal."""

    created: Floats
    closed: Floats
    since: Floats
    stage: Sequence[str]
    won: Sequence[str]
    value: Floats
    deal: Sequence[str] | None = None


@dataclass(frozen=True)
class Read:
    """The deals, how many rows had no day of creation and are left out, and whether stages could be used."""

    deals: Deals
    without_date: int
    by_stage: bool


def read(columns: Columns, *, valued_early: bool | None = None) -> Read:
    """`valued_early` None: found out, as a file in which every lost deal is worth nothing wrote values at the end.

    Raises Refused: as `deals.judged`.
    """
    dated = np.isfinite(columns.created)
    won = np.array([text.strip().casefold() in YES for text in columns.won], dtype=np.bool_)
    closed = columns.closed
    words = [text.strip() for text in columns.stage]
    ends = np.array([word.casefold() in ENDS for word in words], dtype=np.bool_)
    names = sorted({word for word, end, known in zip(words, ends, dated, strict=True) if known and not end})
    # With one row per deal whose stage tells only how it ended, nobody knows from which stage deals were won.
    usable = columns.deal is not None or not (ends & np.isfinite(closed) & dated).any()
    places = {name: place for place, name in enumerate(names)}
    stage = np.array([places.get(word, -1) if usable else -1 for word in words], dtype=np.int64)
    since = np.where(np.isfinite(columns.since) & usable, columns.since, columns.created)
    rows = range(1, len(words) + 1)
    called = (
        [f"Row {row}" for row in rows] if columns.deal is None else [f'Deal "{one}"' for one in columns.deal]
    )
    who = np.array(called, dtype=object)
    early = _valued_early(won, closed, columns.value) if valued_early is None else valued_early
    found = of_rows(
        who[dated].tolist(),
        columns.created[dated],
        stage[dated],
        since[dated],
        closed[dated],
        won[dated],
        columns.value[dated],
        names if usable else (),
        valued_early=early,
    )
    return Read(found, int((~dated).sum()), usable and bool(names))


def _valued_early(won: NDArray[np.bool_], closed: Floats, value: Floats) -> bool:
    lost = np.isfinite(closed) & ~won
    return not (lost.any() and not (value[lost] > 0).any())
