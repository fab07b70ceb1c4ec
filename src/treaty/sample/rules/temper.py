"""How the sample company's staff behave: how soon, with what outcome. Drawn from a seed, so that promises break believably."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

RETURNS = (
    ("later", 30),
    ("no_budget", 22),
    ("no_fit", 16),
    ("only_looking", 14),
    ("no_answer", 10),
    ("duplicate", 8),
)
FIFTEEN, RETURNED = 15, 2
"""How many of how many leads are returned: dealt out evenly, so that no month is lost to luck alone."""
NOTES = {
    "later": "Line is planned for next year; asked to be called then.",
    "no_budget": "Likes it, but the budget is spent.",
    "no_fit": "Needs gas metering, which we do not make.",
    "only_looking": "Comparing for a thesis.",
    "no_answer": "Three numbers, no answer.",
    "duplicate": "We already speak with a colleague of theirs.",
}
LOST = ("Too dear", "Chose a competitor", "No budget", "Postponed", "No answer any more")
SAID = (
    "Wants a site visit before deciding.",
    "Asked for a quote of twelve pieces.",
    "Decides with the plant manager next week.",
    "Happy with the trial; legal checks the terms.",
    "Compares us with a Coriolis meter.",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a representative does with an offered lead, and after how many minutes of business time."""

    minutes: float
    reason: str
    """Empty: the lead is accepted."""


def decisions(random: Random) -> Iterator[Decision]:
    """Most decide within two hours, some late, a few forget for two days; two of every fifteen are returned."""
    codes, weights = [code for code, _n in RETURNS], [n for _code, n in RETURNS]
    while True:
        returned = random.sample(range(FIFTEEN), RETURNED)
        for place in range(FIFTEEN):
            slow = random.random()
            minutes = random.lognormvariate(3.1, 1.0) if slow < 0.93 else random.uniform(260, 1000)
            yield Decision(minutes, random.choices(codes, weights)[0] if place in returned else "")


def first_call(random: Random, grade: str) -> float:
    """Minutes of business time from accepting to the first call."""
    return random.lognormvariate(2.9 if grade.startswith("A") else 4.0, 1.1)


def outcome(random: Random) -> str:
    """How a call ends."""
    return random.choices(("reached", "no_answer", "voicemail", "busy"), (58, 26, 10, 6))[0]


def becomes_deal(random: Random, grade: str) -> bool:
    """Whether a reached person has a project."""
    return random.random() < {"A": 0.62, "B": 0.5}.get(grade[:1], 0.36)


def value(random: Random) -> int:
    """A deal's value in minor units: a few thousand to some ten thousand, round to a hundred."""
    return round(random.lognormvariate(9.4, 0.6) / 100) * 100 * 100


def is_won(random: Random) -> bool:
    """How a deal ends."""
    return random.random() < 0.46
