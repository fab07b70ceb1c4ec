"""What `treaty analyze channels` answers: origins of a table, each judged once. Imported where the verb runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from treaty.capture.rules import Grouping, Origin, grouping_of
from treaty.capture.rules.sites import Kind
from treaty.kit.analysis import progress
from treaty.kit.rules.refusals import Refused
from treaty.kit.tabular import Table

MOST_TOLD = 1_000
"""Origins that the answer lists; the sums are of all."""


@dataclass(frozen=True)
class Judged:
    """One distinct origin, its channel, how many touches came so, and the channel that was expected."""

    origin: Origin
    channel: str
    touches: int
    expected: str = ""


def read(own: Path | None, sites: Path | None) -> Grouping:
    """The grouping of the files, or the default one. Raises Refused."""
    told: object = {}
    if own is not None:
        try:
            # Every value as the text that stands there: a code 0123 is no number, and a channel called On is no switch.
            # This loader makes texts, lists and mappings and nothing else.
            told = yaml.load(own.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or {}  # noqa: S506
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise Refused("bad_rules", f"{own.name} is no YAML: {error}") from None
    return grouping_of(told, None if sites is None else _sites(Table([sites])))


def of_channels(
    table: Table, asked: Mapping[str, str | None], ours: Grouping, expected: str | None
) -> dict[str, Any]:
    """The document: touches by channel, and the origins that made them."""
    judged = _judged(table, asked, ours, expected)
    progress(f"Judged {len(judged):,} different origins of {table.rows:,} touches")
    by_channel: Counter[str] = Counter()
    for one in judged:
        by_channel[one.channel] += one.touches
    document: dict[str, Any] = {
        "touches": table.rows,
        "channels": [
            {"channel": channel, "touches": touches, "share": touches / table.rows}
            for channel, touches in sorted(by_channel.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
    if expected is not None:
        wrong = [one for one in judged if one.channel != one.expected]
        document["agree"] = table.rows - sum(one.touches for one in wrong)
        document["differ"] = [{**_line(one), "expected": one.expected} for one in wrong[:MOST_TOLD]]
    document["origins"] = [_line(one) for one in judged[:MOST_TOLD]]
    document["origins_left_out"] = max(0, len(judged) - MOST_TOLD)
    return document


def _judged(
    table: Table, asked: Mapping[str, str | None], ours: Grouping, expected: str | None
) -> list[Judged]:
    """Every different origin, the most frequent first."""
    columns = {tell: name or tell for tell, name in asked.items() if name or tell in table.names}
    if not columns:
        raise Refused(
            "no_column", f"None of the columns {', '.join(asked)} is there; name one by its option."
        )
    told = [table.codes(name) for name in (*columns.values(), *([expected] if expected else []))]
    rows, touches = _distinct([codes for codes, _ in told])
    found = []
    for row, number in zip(rows.tolist(), touches.tolist(), strict=True):
        texts = [names[code] for (_, names), code in zip(told, row, strict=True)]
        origin = Origin(**dict(zip(columns, texts, strict=False)))
        found.append(Judged(origin, ours.channel(origin), number, texts[-1] if expected else ""))
    return sorted(found, key=lambda one: -one.touches)


def _distinct(columns: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different rows, and how often each is there; two columns are numbered as one until a single one is left."""
    joined = columns[0]
    for column in columns[1:]:
        # Numbered anew each time, so that the product stays below the square of the rows.
        _, joined = np.unique(joined * (int(column.max()) + 1) + column, return_inverse=True)
    _, first, touches = np.unique(joined, return_index=True, return_counts=True)
    return np.stack([column[first] for column in columns], axis=1), touches.astype(np.int64)


def _line(one: Judged) -> dict[str, Any]:
    told = {name: text for name, text in asdict(one.origin).items() if text or name in {"source", "medium"}}
    return {**told, "channel": one.channel, "touches": one.touches}


def _sites(table: Table) -> dict[str, Kind]:
    """Sites by their names; a category may be written as Google's list writes it, SOURCE_CATEGORY_VIDEO."""
    category = "category" if "category" in table.names else "source_category"
    found = {}
    for row, (name, told) in enumerate(zip(table.texts("source"), table.texts(category), strict=True), 1):
        word = told.lower().removeprefix("source_category_")
        if word not in set(Kind):
            raise Refused(
                "bad_category",
                f'{table.place(row)}, column "{category}": "{told}" is none of {", ".join(Kind)}.',
            )
        found[name.strip().lower()] = Kind(word)
    return found
