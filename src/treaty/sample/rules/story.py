"""What each buyer of the sample company does, day by day, from a seed: pages, forms, files, mails, events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from treaty.sample.rules.names import Buyer, buyer

PRODUCTS = ("FM-20", "FM-40", "FM-60")
CHANNELS = ("organic_search", "paid_search", "email", "social", "referral", "trade_fair", "direct_traffic")
WEIGHTS = (28, 22, 16, 10, 8, 10, 6)
RUSH = 9
"""Buyers of the last half day, so that the queue is never empty when somebody opens the sample company."""
ARTICLES = (
    "Choosing a range",
    "Brine and stainless steel",
    "Reading a Coriolis curve",
    "Batching without drift",
)
EVENTS = ("Webinar: dosing", "Achema stand", "Factory tour")
MAILS = ("Winter checks", "What changed in FM-40", "Calibration offer")


@dataclass(frozen=True, slots=True)
class Step:
    """One touch: its kind, its values, and what the buyer wrote."""

    at: datetime
    kind: str
    values: dict[str, object]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A buyer, where they came from, and their touches in order."""

    buyer: Buyer
    channel: str
    steps: tuple[Step, ...]


def stories(random: Random, days: list[tuple[datetime, datetime]]) -> Iterator[Story]:
    """The stories of everybody who first came on one of the days, each (opening, closing) of the company."""
    number = 0
    for place, (opens, closes) in enumerate(days):
        rising = 2 + 2 * place / max(len(days), 1)
        for _visit in range(random.randint(2, 3) + (random.random() < rising - 2) + random.randint(0, 2)):
            number += 1
            yield _story(random, number, place, days, opens + (closes - opens) * random.random())
    for _visit in range(RUSH):
        number += 1
        opens, closes = days[-1]
        yield _story(
            random, number, len(days) - 1, days, closes - (closes - opens) * random.uniform(0.08, 0.5)
        )


def _story(
    random: Random, number: int, place: int, days: list[tuple[datetime, datetime]], at: datetime
) -> Story:
    channel, product = random.choices(CHANNELS, WEIGHTS)[0], random.choice(PRODUCTS)
    kind = random.choices(("asks", "warms", "looks"), (60, 22, 18))[0]
    steps = list(_visit(random, at, channel, product))
    later = [
        day for day in days[place + 1 : place + 30] if random.random() < (0.16 if kind == "warms" else 0.03)
    ]
    for opens, closes in later:
        steps += _return(random, opens + (closes - opens) * random.random(), product)
    if kind == "asks":
        steps.append(_asks(random, at + timedelta(minutes=random.randint(6, 25)), channel, product))
    return Story(buyer(random, number), channel, tuple(sorted(steps, key=lambda step: step.at)))


def _visit(random: Random, at: datetime, channel: str, product: str) -> Iterator[Step]:
    if channel == "paid_search":
        yield Step(
            at, "AdClicked", {"ad": f"{product}, search", "channel": channel, "campaign": "brine-metering"}
        )
    values = {"page": f"{product} flow meter", "seconds": random.randint(40, 400), "channel": channel}
    yield Step(at + timedelta(minutes=1), "PageSeen", values)
    if random.random() < 0.5:
        yield Step(
            at + timedelta(minutes=4), "PageSeen", {"page": "Pricing", "seconds": random.randint(30, 200)}
        )
    if random.random() < 0.3:
        yield Step(
            at + timedelta(minutes=5), "FileDownloaded", {"file": f"Data sheet {product}", "channel": channel}
        )


def _return(random: Random, at: datetime, product: str) -> Iterator[Step]:
    match random.randint(0, 5):
        case 0:
            yield Step(at, "MailOpened", {"mail": random.choice(MAILS), "campaign": "newsletter"})
        case 1:
            yield Step(
                at, "EventAttended", {"event": random.choice(EVENTS), "minutes": random.randint(20, 55)}
            )
        case 2:
            yield Step(at, "FileDownloaded", {"file": f"Sizing guide {product}"})
        case 3:
            yield Step(
                at, "MailAnswered", {"mail": random.choice(MAILS)}, "We have the budget now. Can you call?"
            )
        case _:
            page = random.choice((*ARTICLES, "Pricing", "Pricing"))
            yield Step(at, "PageSeen", {"page": page, "seconds": random.randint(30, 500)})


def _asks(random: Random, at: datetime, channel: str, product: str) -> Step:
    form = random.choice(("ask-for-a-price", "see-a-demo", "ask-for-a-price"))
    answers = {"interest": product, "timing": random.choice(("this quarter", "in January", "next year"))}
    text = random.choice(
        (
            f"We need {random.randint(2, 24)} pieces of the {product} for a new line.",
            f"Could you show us the {product} with brine?",
            "Please send a price and a delivery date.",
            "Our present meters drift. What would you advise?",
        )
    )
    return Step(
        at, "FormSubmitted", {"form": form, "page": product, "channel": channel, "answers": answers}, text
    )
