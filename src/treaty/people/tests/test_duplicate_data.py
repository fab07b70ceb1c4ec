"""The weights beside three public sets of records with known truth: one set of weights, none fitted to a file.

RLdata500 (the R package RecordLinkage), fake_1000 (Splink, Ministry of Justice) and dataset1 (FEBRL); how many pairs are
true in each is told by the data's own README. The bars are those of the issue.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pytest

from tests.harness.published import DATA, needs_data
from treaty.people.rules import fold
from treaty.people.rules.duplicates import (
    MOST,
    PROBABLE,
    Traits,
    blocks,
    canonical_email,
    forms,
    name_block,
    weigh,
)

pytestmark = needs_data

Row = Mapping[str, str]
Pair = tuple[int, int]


def of_rl(row: Row) -> Traits:
    born = f"{int(row['by']):04}{int(row['bm']):02}{int(row['bd']):02}"
    return Traits(names=forms(given=row["fname_c1"], family=row["lname_c1"]), born=born)


def of_fake(row: Row) -> Traits:
    return Traits(
        names=forms(given=row["first_name"], family=row["surname"]),
        emails=(canonical_email(row["email"].casefold()),) if row["email"] else (),
        city=fold(row["city"]),
        born=row["dob"].replace("-", ""),
    )


def of_febrl(row: Row) -> Traits:
    return Traits(
        names=forms(given=row["given_name"], family=row["surname"]),
        keys=(f"state:{row['soc_sec_id']}",) if row["soc_sec_id"] else (),
        street=fold(f"{row['street_number']} {row['address_1']}"),
        postcode=row["postcode"],
        city=fold(row["suburb"]),
        born=row["date_of_birth"],
    )


@dataclass(frozen=True)
class Known:
    """A file, how its rows are read, which column tells the truth, how many pairs are true, and the bar."""

    file: str
    read: Callable[[Row], Traits]
    truth: Callable[[Row], str]
    pairs: int
    bar: float


FILES = (
    Known("RLdata500_with_identity.csv", of_rl, lambda row: row["identity"], 50, 0.90),
    Known("fake_1000.csv", of_fake, lambda row: row["cluster"], 2_031, 0.85),
    Known("dataset1.csv", of_febrl, lambda row: row["rec_id"].split("-")[1], 500, 0.90),
)


def rows_of(file: str) -> list[Row]:
    with (DATA / "duplicates" / file).open(encoding="utf-8", newline="") as lines:
        return [{key.strip(): value.strip() for key, value in row.items()} for row in csv.DictReader(lines)]


def true_pairs(marks: Sequence[str]) -> set[Pair]:
    places = defaultdict(list)
    for place, mark in enumerate(marks):
        places[mark].append(place)
    return {pair for alike in places.values() for pair in combinations(alike, 2)}


def shown_pairs(traits: Sequence[Traits]) -> set[Pair]:
    """What a scan shows of these records: compared within blocks, weighed, and probable."""
    inside = defaultdict(list)
    for place, one in enumerate(traits):
        for block in blocks(one):
            inside[block].append(place)
    compared = {pair for places in inside.values() if len(places) <= MOST for pair in combinations(places, 2)}
    bearers = [max((len(inside[name_block(form)]) for form in one.names), default=0) for one in traits]
    return {
        (one, other)
        for one, other in compared
        if weigh(traits[one], traits[other], bearers=bearers[one]).bits >= PROBABLE
    }


@pytest.mark.parametrize("known", FILES, ids=lambda known: known.file)
def test_the_pairs_shown_are_the_true_ones(known: Known) -> None:
    rows = rows_of(known.file)
    true = true_pairs([known.truth(row) for row in rows])
    assert len(true) == known.pairs
    shown = shown_pairs([known.read(row) for row in rows])
    right = len(shown & true)
    precision, recall = right / len(shown), right / len(true)
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{known.file}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    assert f1 >= known.bar
    assert precision >= 0.95, "who is shown a wrong pair too often stops looking"
